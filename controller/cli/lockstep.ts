/**
 * A whole session on virtual time in one process: the control loop and the HAL on one side of memory cables, the virtual
 * robot on the other. The same script, profile and seed give the same bits, however fast the machine is.
 */
import { ManualClock, ManualScheduler } from '../../hal/clock.ts';
import { createDriveRobotIo } from '../../hal/drive-robot-io.ts';
import { createMemoryLink } from '../../hal/transport/memory.ts';
import { DariError } from '../../protocols/errors.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { SESSION_LOG_VERSION, type SessionEvent } from '../../protocols/session-log.ts';
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { createLockstepRobot, type LockstepRobot } from '../../sim/lockstep.ts';
import { createSessionSummary, type SessionReport } from '../metrics/session-summary.ts';
import { createSessionFile, type SealedSession, type SessionFileWriter } from '../recording/session-file.ts';
import { zstdReady } from '../recording/zstd.ts';
import { createControlLoop, type ControlLoop } from '../robot/control-loop.ts';
import { scriptSetup, withScriptParameters, type ScriptStep, type SessionScript } from './session-script.ts';

export interface LockstepOptions {
  readonly script: SessionScript;
  readonly profile: RobotProfile;
  readonly seed: number;
  readonly sessionId: string;
  /** Must not exist. */
  readonly logPath: string;
  /** Called before each cycle; what it waits for slows the session down and changes nothing else. */
  pace?(nowUs: number): Promise<void>;
}

export interface LockstepResult extends SealedSession {
  readonly report: SessionReport;
  /** Steps of the script that the controller refused, with its reason. */
  readonly refused: readonly { atSec: number; message: string }[];
}

const ACTOR = 'script';
/** As often as a screen does it. */
const LEASE_RENEWAL_US = 500 * US_PER_MS;
/** Bytes arrive in these portions of a cycle, so that their age is known to the millisecond. */
const QUANTUM_US = US_PER_MS;
/** A robot that still moves when the script ends gets this long to come to rest. */
const LAST_STOP_SEC = 10;

/** @throws DariError from the session's start, the recording, or a cycle that failed */
export async function runLockstep(options: LockstepOptions): Promise<LockstepResult> {
  await zstdReady;
  const { profile, seed, script } = options;
  const { bodyMassKg, heightM } = script.patient;
  const robot = await createLockstepRobot({ profile, seed, bodyMassKg, heightM });
  try {
    const session = new LockstepSession(options, robot);
    await session.run();
    return session.finish();
  } finally {
    robot.dispose();
  }
}

class LockstepSession {
  readonly #clock = new ManualClock();
  readonly #scheduler = new ManualScheduler(this.#clock);
  readonly #loop: ControlLoop;
  readonly #io: ReturnType<typeof createDriveRobotIo>;
  readonly #file: SessionFileWriter;
  readonly #summary: ReturnType<typeof createSessionSummary>;
  readonly #refused: { atSec: number; message: string }[] = [];
  readonly #periodUs: number;
  #failure: unknown;
  #cycle = 0;
  #epoch = 0;
  #sequence = 0;
  #present = false;

  constructor(
    private readonly options: LockstepOptions,
    private readonly robot: LockstepRobot,
  ) {
    const { profile, script, sessionId, seed } = options;
    this.#periodUs = US_PER_S / profile.controlRateHz;
    const links = new Map(profile.links.map((link) => [link.id, createMemoryLink(link.id)]));
    robot.connect(new Map([...links].map(([id, link]) => [id, link.device])));
    const factories = new Map([...links].map(([id, link]) => [id, link.factory]));
    this.#io = createDriveRobotIo({ profile, factories, clock: this.#clock, scheduler: this.#scheduler, onNotice: () => {} });
    const setup = scriptSetup(script, profile);
    this.#summary = createSessionSummary(profile, setup);
    this.#loop = createControlLoop({
      profile,
      io: this.#io,
      sink: { row: (row, start) => this.#row(row, start) },
      onFailure: (error) => (this.#failure ??= error),
    });
    this.#file = createSessionFile(options.logPath, {
      version: SESSION_LOG_VERSION,
      sessionId,
      profile,
      setup,
      latched: this.#loop.latched,
      mode: 'lockstep',
      seed,
      startedAt: null,
      simulated: true,
    });
    this.#io.start();
    this.#takeControl();
    this.#loop.events$.subscribe((event) => this.#event(event));
    this.#loop.openSession(setup, { sessionId, actor: ACTOR }, this.#nowUs);
  }

  get #nowUs(): number {
    return this.#clock.nowUs();
  }

  async run(): Promise<void> {
    const { script } = this.options;
    const endUs = script.durationSec * US_PER_S;
    let next = 0;
    while (this.#nowUs < endUs) {
      for (let step = script.timeline[next]; step !== undefined && step.atSec * US_PER_S <= this.#nowUs; step = script.timeline[++next]) this.#perform(step);
      await this.#runCycle();
    }
    if (this.#loop.moving) this.#loop.operator.stop(ACTOR, this.#nowUs);
    const lastUs = this.#nowUs + LAST_STOP_SEC * US_PER_S;
    while (this.#loop.moving && this.#nowUs < lastUs) await this.#runCycle();
  }

  finish(): LockstepResult {
    this.#loop.closeSession(this.#nowUs);
    const sealed = this.#file.seal();
    if (this.#failure !== undefined) throw this.#failure;
    return { ...sealed, report: this.#summary.result(), refused: this.#refused };
  }

  async #runCycle(): Promise<void> {
    await this.options.pace?.(this.#nowUs);
    if (this.#present && this.#cycle % Math.round(LEASE_RENEWAL_US / this.#periodUs) === 0) this.#loop.operator.renewLease(this.#epoch, ++this.#sequence, this.#nowUs);
    this.#loop.tick(this.#nowUs, 0);
    if (this.#failure !== undefined) throw this.#failure;
    const nextUs = ++this.#cycle * this.#periodUs;
    while (this.#nowUs < nextUs) {
      const quantumUs = Math.min(QUANTUM_US, nextUs - this.#nowUs);
      this.#clock.advanceUs(quantumUs);
      this.robot.step(quantumUs);
    }
    this.#scheduler.runDue();
    // Transports answer by promises; they settle here, at the same cycle every time.
    await Promise.resolve();
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
    const { operator } = this.#loop;
    const { controls } = this.robot;
    if (step.command !== undefined) operator.command(this.#epoch, step.command, ACTOR, this.#nowUs);
    else if (step.parameters !== undefined) this.#setParameters(step);
    else if (step.operatorPresent === true) this.#takeControl();
    else if (step.operatorPresent === false) this.#present = false;
    else if (step.estop !== undefined) controls.estop(step.estop);
    else if (step.patientButton !== undefined) controls.patientButton(step.patientButton);
    else if (step.brake !== undefined) controls.brake(step.brake);
    else if (step.unplug !== undefined) controls.unplug(step.unplug);
    else if (step.plug !== undefined) controls.plug(step.plug);
  }

  #setParameters({ parameters = {}, reason }: ScriptStep): void {
    const { operator } = this.#loop;
    const current = operator.parameters ?? scriptSetup(this.options.script, this.options.profile).parameters;
    operator.setParameters({ epoch: this.#epoch, actor: ACTOR, reason, parameters: withScriptParameters(this.options.profile, current, parameters) }, this.#nowUs);
  }

  #takeControl(): void {
    this.#loop.operator.takeLease(this.#epoch + 1, this.#nowUs);
    this.#epoch++;
    this.#sequence = 0;
    this.#present = true;
  }

  #row(row: Float64Array, start: number): void {
    this.#file.row(row, start);
    this.#summary.row(row, start);
  }

  #event(event: SessionEvent): void {
    try {
      this.#file.event(event);
      this.#summary.event(event);
    } catch (error) {
      this.#failure ??= error;
    }
  }
}
