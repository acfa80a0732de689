/**
 * A whole scripted session on virtual time in one process. The same script, profile and seed give the same bits, however
 * fast the machine is.
 */
import { DariError } from '../../protocols/errors.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { SESSION_LOG_VERSION, type SessionEvent } from '../../protocols/session-log.ts';
import type { OperatorCommand } from '../../protocols/supervision.ts';
import type { Trajectory } from '../../protocols/trajectory.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { createSessionSummary, type SessionReport } from '../metrics/session-summary.ts';
import { createSessionFile, type SealedSession, type SessionFileWriter } from '../recording/session-file.ts';
import { zstdReady } from '../recording/zstd.ts';
import { whyNoEffect } from '../robot/command-effect.ts';
import { checkSetup } from '../robot/parameter-check.ts';
import { patientOf } from '../../sim/body/human.ts';
import { prepareRobot } from './lockstep-preparation.ts';
import { LockstepRig } from './lockstep-rig.ts';
import { loadPatient } from './patients.ts';
import { scriptSetup, withScriptParameters, type ScriptStep, type SessionScript } from './session-script.ts';

export interface LockstepOptions {
  readonly script: SessionScript;
  readonly trajectory?: Trajectory | undefined;
  readonly profile: RobotProfile;
  readonly seed: number;
  readonly sessionId: string;
  /** Must not exist. */
  readonly logPath: string;
  /** Called before each cycle of the session, by its own clock; what it waits for slows the session down and changes nothing else. */
  pace?(nowUs: number): Promise<void>;
}

export interface LockstepResult extends SealedSession {
  readonly report: SessionReport;
  /** Steps of the script that the controller refused, or that had no effect, with the reason. */
  readonly refused: readonly { atSec: number; message: string }[];
}

const ACTOR = 'script';
/** A robot that still moves when the script ends gets this long to come to rest. */
const LAST_STOP_SEC = 10;

/** @throws DariError from the session's start, the recording, or a cycle that failed */
export async function runLockstep(options: LockstepOptions): Promise<LockstepResult> {
  await zstdReady;
  const { profile, seed, script } = options;
  checkSetup(profile, scriptSetup(script, profile, options.trajectory));
  const { bodyMassKg, heightM, simulated } = script.patient;
  const patient = simulated === undefined ? { bodyMassKg, heightM } : patientOf(loadPatient(simulated, profile).patient);
  let session: LockstepSession | null = null;
  const sink = { row: (row: Float64Array, start: number): void => session?.row(row, start) };
  const rig = await LockstepRig.create({ profile, seed, ...patient, sink });
  try {
    rig.start();
    await prepareRobot(rig);
    session = new LockstepSession(options, rig);
    await session.run();
    return session.finish();
  } finally {
    rig.dispose();
  }
}

class LockstepSession {
  readonly #file: SessionFileWriter;
  readonly #summary: ReturnType<typeof createSessionSummary>;
  /** The session's clock begins when the robot is prepared. */
  readonly #startUs: number;
  readonly #refused: { atSec: number; message: string }[] = [];
  /** Commands that were taken and whose effect is not seen yet. */
  readonly #awaited: { readonly atSec: number; readonly command: OperatorCommand; readonly sequence: number }[] = [];

  constructor(
    private readonly options: LockstepOptions,
    private readonly rig: LockstepRig,
  ) {
    const { profile, script, sessionId, seed } = options;
    const setup = scriptSetup(script, profile, options.trajectory);
    this.#summary = createSessionSummary(profile, setup);
    this.#file = createSessionFile(options.logPath, {
      version: SESSION_LOG_VERSION,
      sessionId,
      profile,
      setup,
      latched: rig.loop.latched,
      mode: 'lockstep',
      seed,
      startedAt: null,
      simulated: true,
    });
    this.#startUs = rig.nowUs;
    rig.loop.events$.subscribe((event) => this.#event(event));
    if (setup.parameters.springs !== undefined) rig.robot.robot.setSprings(setup.parameters.springs);
    rig.loop.openSession(setup, { sessionId, actor: ACTOR }, rig.nowUs);
  }

  async run(): Promise<void> {
    const { rig } = this;
    const { script } = this.options;
    const endUs = this.#startUs + script.durationSec * US_PER_S;
    let next = 0;
    while (rig.nowUs < endUs) {
      for (let step = script.timeline[next]; step !== undefined && this.#startUs + step.atSec * US_PER_S <= rig.nowUs; step = script.timeline[++next]) this.#perform(step);
      await this.#runCycle();
    }
    if (rig.loop.moving) rig.loop.operator.stop(ACTOR, rig.nowUs);
    const lastUs = rig.nowUs + LAST_STOP_SEC * US_PER_S;
    while (rig.loop.moving && rig.nowUs < lastUs) await this.#runCycle();
    const powered = (): boolean => rig.loop.cycle.output.permitted.enable;
    if (this.options.profile.stop.endsIn === 'lower' || !powered()) return;
    // Who writes a script stands for whoever helps a patient out of a robot that holds him.
    rig.loop.operator.command(rig.epoch, 'acknowledge', ACTOR, rig.nowUs);
    while ((rig.loop.moving || powered()) && rig.nowUs < lastUs) await this.#runCycle();
  }

  finish(): LockstepResult {
    this.rig.loop.closeSession(this.rig.nowUs);
    const sealed = this.#file.seal();
    this.rig.throwFailure();
    return { ...sealed, report: this.#summary.result(), refused: this.#refused };
  }

  row(row: Float64Array, start: number): void {
    this.#file.row(row, start);
    this.#summary.row(row, start);
  }

  async #runCycle(): Promise<void> {
    await this.options.pace?.(this.rig.nowUs - this.#startUs);
    await this.rig.cycle();
    this.#lookForEffects();
  }

  #lookForEffects(): void {
    const { intent, output } = this.rig.loop.cycle;
    for (let first = this.#awaited[0]; first !== undefined && intent.commandSequence >= first.sequence; first = this.#awaited[0]) {
      this.#awaited.shift();
      const message = whyNoEffect(first.command, output);
      if (message !== null) this.#refused.push({ atSec: first.atSec, message });
    }
  }

  #perform(step: ScriptStep): void {
    try {
      this.#carryOut(step);
    } catch (error) {
      if (!(error instanceof DariError)) throw error;
      this.#refused.push({ atSec: step.atSec, message: error.message });
    }
  }

  #carryOut(step: ScriptStep): void {
    const { rig } = this;
    const { operator } = rig.loop;
    const { controls } = rig.robot;
    if (step.command !== undefined) this.#awaited.push({ atSec: step.atSec, command: step.command, sequence: operator.command(rig.epoch, step.command, ACTOR, rig.nowUs) });
    else if (step.parameters !== undefined) this.#setParameters(step);
    else if (step.operatorPresent === true) rig.takeControl();
    else if (step.operatorPresent === false) rig.leave();
    else if (step.estop !== undefined) controls.estop(step.estop);
    else if (step.game !== undefined) rig.loop.playGame(step.game);
    else if (step.patientButton !== undefined) controls.patientButton(step.patientButton);
    else if (step.brake !== undefined) controls.brake(step.brake);
    else if (step.unplug !== undefined) controls.unplug(step.unplug);
    else if (step.plug !== undefined) controls.plug(step.plug);
  }

  #setParameters({ parameters = {}, reason }: ScriptStep): void {
    const { rig } = this;
    const { operator } = rig.loop;
    const current = operator.parameters ?? scriptSetup(this.options.script, this.options.profile).parameters;
    if (parameters.springs !== undefined) rig.robot.robot.setSprings(parameters.springs);
    operator.setParameters({ epoch: rig.epoch, actor: ACTOR, reason, parameters: withScriptParameters(this.options.profile, current, parameters) }, rig.nowUs);
  }

  #event(event: SessionEvent): void {
    try {
      this.#file.event(event);
      this.#summary.event(event);
    } catch (error) {
      this.rig.fail(error);
    }
  }
}
