/**
 * Puts an empty robot through its self-test and brings it home, beside the robot step and only while no session is open.
 * The step owns the supervisor's state and judges every cycle; as long as that state is `selfTest` or `homing` the
 * commands come from here, through an envelope of their own. Whatever the checks that always watch find wrong, or the
 * supervisor leaves that state, the drives are released in the same cycle, and a person has to begin again.
 *
 * What has been passed holds as long as this process lives. It is void when a link is lost, when a drive has to be set up
 * anew (a reset, another device), or when motor and joint encoder part. A power cut by E-stop or relay leaves it in
 * place: the joint encoders are absolute, and motors that come back elsewhere part from them.
 */
import type { RobotIo } from '../../hal/robot-io.ts';
import type { RobotInputs } from '../../protocols/joints.ts';
import type { PreparationNews, PreparationReason, PreparationStatus } from '../../protocols/preparation.ts';
import { isDriven, type RobotProfile } from '../../protocols/profile.ts';
import { inputsOf, type Intent, type StepOutput } from '../../protocols/session-log.ts';
import type { Cause, SupervisorState } from '../../protocols/supervision.ts';
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { ABSENT } from '../safety/checks.ts';
import { Failsafe, severity } from '../safety/failsafe.ts';
import { InputTrust } from '../safety/input-trust.ts';
import { createLimits } from '../safety/limits.ts';
import { policy, type CheckId } from '../safety/policy.ts';
import { SensedTrust } from '../safety/sensed-trust.ts';
import { BrakesTask, EstopTask, RelayTask, SensorsTask, WatchdogsTask } from './preparation-checks.ts';
import { PreparationMotion } from './preparation-motion.ts';
import { HomingTask, SignsTask } from './preparation-moves.ts';
import type { Look, PreparationTask, TaskTools } from './preparation-task.ts';

/** A held button is renewed more often than that (safety design: hold-to-run ≤ 250 ms). */
const HELD_US = 250 * US_PER_MS;

/** What always watches; the other checks judge the commands of the step, or need a session. */
const watched: readonly CheckId[] = [
  'estopOpen',
  'linkDown',
  'driveSilent',
  'driveUnattended',
  'hubSilent',
  'hubFrozen',
  'monitorDisagrees',
  'sensorSilent',
  'sensedImplausible',
  'sensorServoOn',
  'implausible',
  'disagreement',
  'driveFault',
  'driveTooHot',
  'pastHardRange',
  'overSpeed',
  'relayOpen',
  'brakeEngaged',
  'patientButton',
  'stationLost',
  'operatorLost',
  'loopOverrun',
  'operatorStop',
];

type Task = PreparationTask<string>;

const selfTest = (tools: TaskTools): Task[] => [new SensorsTask(tools), new EstopTask(tools), new BrakesTask(tools, 'engage'), new RelayTask(tools), new WatchdogsTask(tools), new SignsTask(tools)];

/** A robot that stands on its brakes between sessions: nobody is in it now. */
function opening(tools: TaskTools, state: SupervisorState): Task {
  const task = new BrakesTask(tools, 'free');
  task.states = [state];
  return task;
}

/** What the loop needs of it. */
export interface RobotPreparation {
  /** Made anew on every change. */
  readonly news: PreparationNews;
  /** At work, or waiting for a person. */
  readonly active: boolean;
  /** What the step sees of it in this cycle. */
  tell(intent: Intent): void;
  /**
   * One cycle, after the step has decided.
   * @param findings of the step's checks in this cycle
   * @returns whether the cycle's command has been written here
   */
  cycle(inputs: RobotInputs, intent: Intent, output: StepOutput, findings: Int32Array): boolean;
}

/** Own value: what a reading that came late can make of a fast joint; the failsafe table waits as long. */
const MOMENTARY_CYCLES = 3;

export class Preparation implements RobotPreparation {
  news: PreparationNews = { step: 'sensors', status: 'none', ask: 'none', reason: 'none', cause: 'none', joint: null, tested: false, prepared: false };
  tested: boolean;
  prepared: boolean;
  /** A robot that moves nothing has nothing to be tried, and no way home. */
  readonly #driven: boolean;
  readonly #tools: TaskTools;
  readonly #trust: InputTrust;
  readonly #sensed: SensedTrust;
  readonly #look: Look;
  readonly #findings = new Int32Array(policy.length);
  #guard = new Failsafe(policy, 'none');
  #tasks: Task[] = [];
  /** The drives' power was cut on purpose; what is not heard for that is not lost. */
  #powerCut = true;
  /** Cycles in which two encoders have been apart. */
  #disagreeing = 0;

  constructor(
    private readonly profile: RobotProfile,
    io: RobotIo,
  ) {
    this.#driven = isDriven(profile);
    this.tested = !this.#driven;
    this.prepared = !this.#driven;
    this.news = { ...this.news, tested: this.tested, prepared: this.prepared };
    const limits = createLimits(profile, null);
    this.#trust = new InputTrust(limits, US_PER_S / profile.controlRateHz, profile.watchdogs.inputMaxAgeMs * US_PER_MS);
    this.#sensed = new SensedTrust(profile);
    this.#tools = { profile, io, motion: new PreparationMotion(profile, limits, this.#sensed.joints) };
    this.#look = { inputs: inputsOf(profile), joints: this.#trust.joints, state: 'connecting', held: false };
  }

  get active(): boolean {
    return this.#tasks.length > 0;
  }

  tell(intent: Intent): void {
    intent.prepared = this.prepared;
    intent.preparing = this.active;
  }

  cycle(inputs: RobotInputs, intent: Intent, output: StepOutput, findings: Int32Array): boolean {
    this.#trust.update(inputs);
    this.#sensed.update(inputs);
    if (!this.active) {
      this.#watchValidity(inputs, findings);
      if (!this.#begin(intent, output)) return false;
    }
    const look = this.#look;
    look.inputs = inputs;
    look.state = output.state;
    look.held = intent.holdAgeUs <= HELD_US;
    this.#work(output, findings);
    return true;
  }

  /** @returns whether there is something to do: the supervisor says what */
  #begin({ sessionOpen }: Intent, { state }: StepOutput): boolean {
    if (!this.#driven || sessionOpen || (state !== 'selfTest' && state !== 'homing')) return false;
    this.prepared = false;
    if (state === 'homing' && !this.tested) {
      this.#say('homing', 'failed', 'notTested', 'none', -1);
      return false;
    }
    if (state === 'selfTest') this.tested = false;
    this.#tasks = state === 'selfTest' ? selfTest(this.#tools) : [new HomingTask(this.#tools)];
    if (this.profile.stop.endsIn === 'brake') this.#tasks.unshift(opening(this.#tools, state));
    this.#guard = new Failsafe(policy, 'none');
    return true;
  }

  #work(output: StepOutput, findings: Int32Array): void {
    const [task] = this.#tasks;
    if (task === undefined) return;
    const cause = this.#alarm(task, output, findings);
    if (cause !== 'none') {
      this.#end(task, 'guard', cause, this.#guard.causeJoint);
      return;
    }
    const verdict = task.run(this.#look);
    if (verdict === 'failed') this.#end(task, task.reason, 'none', task.joint);
    else if (verdict === 'passed') this.#next(task);
    else this.#tell(task);
  }

  /** @returns what the checks that always watch, or the supervisor, have against going on */
  #alarm(task: Task, output: StepOutput, findings: Int32Array): Cause {
    this.#findings.set(findings);
    for (let line = 0; line < policy.length; line++) {
      const check = policy[line]?.check;
      if (check !== undefined && (!watched.includes(check) || task.expects.includes(check))) this.#findings[line] = ABSENT;
    }
    this.#guard.update(this.#findings, US_PER_S / this.profile.controlRateHz, true);
    if (severity(this.#guard.action) >= severity('hold')) return this.#guard.cause;
    if (task.states.includes(output.state)) return 'none';
    return output.cause === 'none' ? 'operatorStop' : output.cause;
  }

  #next(task: Task): void {
    this.#tasks.shift();
    const [next] = this.#tasks;
    if (next !== undefined) {
      this.#tell(next);
      return;
    }
    if (task.step === 'homing') this.prepared = true;
    else this.tested = true;
    this.#say(task.step, 'passed', 'none', 'none', -1);
  }

  #end(task: Task, reason: PreparationReason, cause: Cause, joint: number): void {
    const { io, motion } = this.#tools;
    const { inputs, joints } = this.#look;
    this.#tasks = [];
    io.requestBrakes(false, inputs.nowUs);
    io.write(motion.release(joints), inputs.nowUs, 'keepClosed');
    this.#say(task.step, 'failed', reason, cause, joint);
  }

  #watchValidity({ joints, hub }: RobotInputs, findings: Int32Array): void {
    let absent = false;
    for (const joint of joints) if (joint.driveState === 'absent') absent = true;
    if (!hub.estopClosed || !hub.enableRelayClosed) this.#powerCut = true;
    else if (!absent) this.#powerCut = false;
    const lost: Cause = this.#powerCut ? 'none' : present(findings, 'linkDown') ? 'linkDown' : absent ? 'driveSilent' : 'none';
    this.#disagreeing = present(findings, 'disagreement') ? this.#disagreeing + 1 : 0;
    const cause = lost === 'none' && this.#disagreeing > MOMENTARY_CYCLES ? 'sensorDisagreement' : lost;
    if (cause === 'none' || !this.tested || !this.#driven) return;
    this.tested = false;
    this.prepared = false;
    this.#say('sensors', 'failed', 'guard', cause, -1);
  }

  #tell(task: Task): void {
    const { news } = this;
    const joint = this.#jointId(task.joint);
    if (news.step === task.step && news.ask === task.ask && news.joint === joint && (news.status === 'running' || news.status === 'waiting')) return;
    this.#say(task.step, task.ask === 'none' ? 'running' : 'waiting', 'none', 'none', task.joint, task.ask);
  }

  #say(step: PreparationNews['step'], status: PreparationStatus, reason: PreparationReason, cause: Cause, joint: number, ask: PreparationNews['ask'] = this.tested && !this.prepared && !this.active ? 'home' : 'none'): void {
    this.news = { step, status, ask, reason, cause, joint: this.#jointId(joint), tested: this.tested, prepared: this.prepared };
  }

  #jointId(joint: number): string | null {
    return this.profile.joints[joint]?.id ?? null;
  }
}

const lineOf = (check: CheckId): number => policy.findIndex((rule) => rule.check === check);
const lines: Partial<Record<CheckId, number>> = { linkDown: lineOf('linkDown'), disagreement: lineOf('disagreement') };

const present = (findings: Int32Array, check: 'linkDown' | 'disagreement'): boolean => findings[lines[check] ?? -1] !== ABSENT;
