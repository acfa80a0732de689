/**
 * One control cycle as a pure decision: inputs and intent in, permitted command and reasons out. No clock, no randomness,
 * no I/O; time comes with the inputs, so a recorded session replays bit for bit from its first cycle.
 *
 * Order: what may be believed → what is wrong → what state follows → what therapy wants → what the envelope permits.
 * The loop gives the hub `relayOrder(output)`: its heartbeat, or the request to open the enable relay.
 */
import { Actuators } from '../safety/actuators.ts';
import { allEnabled, hubSilent, hubStale, runChecks, type CheckContext } from '../safety/checks.ts';
import { Envelope } from '../safety/envelope.ts';
import { Failsafe, readyBlocker, severity, type FailsafeLine } from '../safety/failsafe.ts';
import { GuidedLimits } from '../safety/guided-limits.ts';
import { HostStall } from '../safety/host-stall.ts';
import { InputTrust } from '../safety/input-trust.ts';
import { InteractionWatch } from '../safety/interaction.ts';
import { createLimits } from '../safety/limits.ts';
import { Jolt } from '../safety/jolt.ts';
import { LostDrives, noticeLetGo } from '../safety/let-go.ts';
import { allLinked } from '../safety/linked.ts';
import { LinkNoise } from '../safety/link-noise.ts';
import { policy } from '../safety/policy.ts';
import { SensedTrust } from '../safety/sensed-trust.ts';
import type { StopRecord } from '../safety/stop-meter.ts';
import { carriedKg } from '../safety/stance.ts';
import { SafeState, type Stance } from '../safety/safe-state.ts';
import { personMoves } from '../safety/person-moves.ts';
import { StopMonitor } from '../safety/stop-monitor.ts';
import { nextState } from '../safety/supervisor.ts';
import type { InteractionEstimate } from '../estimation/interaction-torque.ts';
import type { Yielding } from '../therapy/soften.ts';
import type { Task, Therapy } from '../therapy/therapy.ts';
import { createInteractionEstimate } from '../estimation/interaction-estimate.ts';
import { createGaitSeen, seeGait, type GaitSeen } from './gait-seen.ts';
import { jointViews, look } from './joint-views.ts';
import { assertTherapyFits, createTherapy } from './robot-class.ts';
import type { RelayOrder, RobotInputs } from '../../protocols/joints.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { emptyIntent, inputsOf, type Intent, type JointDecision, type StepOutput } from '../../protocols/session-log.ts';
import { confirmations, type Cause, type OperatorCommand, type SessionSetup, type Side, type SupervisorState } from '../../protocols/supervision.ts';
import { degToRad, US_PER_MS, US_PER_S } from '../../protocols/units.ts';

export interface RobotStep {
  /** Never throws. The returned record is reused by the next call. */
  step(inputs: RobotInputs, intent: Intent): StepOutput;
  /** The stop that waits for a person; hand it to the next step when a session opens or closes. */
  readonly latched: Cause;
  /** Of the newest cycle's checks, one per line of the failsafe table. */
  readonly findings: Int32Array;
  /** How each line of the failsafe table stands; the same objects always. */
  readonly lines: readonly FailsafeLine[];
  /** How the newest stop went; the same object always. */
  readonly stopRecord: StopRecord;
}

/** The hub's enable relay is fed only while nothing asks for the drives' power to be cut, and opens at once when something does. */
export const relayOrder = (output: StepOutput): RelayOrder => (severity(output.action) < severity('torqueOff') ? 'keepClosed' : 'open');

/**
 * @param setup null: no session, motion is never permitted
 * @param latched a standing stop that a person has not acknowledged yet
 * @throws DariError `setupInvalid` when a permitted range does not fit the device, `profileInvalid` when the profile's limits
 * would clip its own gait
 */
export function createRobotStep(profile: RobotProfile, setup: SessionSetup | null, latched: Cause): RobotStep {
  return new PureRobotStep(profile, setup, latched);
}

/** Counters take no more than this from a clock that stood still or leapt. */
const LONGEST_GAP_US = 1_000_000;

const taskOf: Readonly<Record<SupervisorState, Task>> = {
  connecting: 'off',
  ready: 'off',
  armed: 'hold',
  running: 'train',
  paused: 'hold',
  stopping: 'lower',
  stopped: 'brake',
  emergency: 'off',
  idle: 'off',
  selfTest: 'off',
  homing: 'off',
  recovering: 'recover',
};

/** Stops in which legs and belt slow down in one phase: held legs on a moving belt would drag the patient. With anything else wrong beside them no pattern is followed any more. */
const beltStops: readonly Cause[] = ['treadmillFault', 'treadmillDesync', 'supportFault'];

/** A recovery is led at no more than this (safety design). */
const RECOVERY_RAD_PER_SEC = degToRad(2);
/** A person who let go of the button may press it again. */
const REGRIP_US = 2 * US_PER_S;

class PureRobotStep implements RobotStep {
  readonly #guided: GuidedLimits;
  readonly #trust: InputTrust;
  readonly #sensed: SensedTrust;
  readonly #linkNoise: LinkNoise;
  readonly #interaction: InteractionEstimate;
  readonly #interactionWatch: InteractionWatch;
  readonly #jolt: Jolt;
  readonly #failsafe: Failsafe;
  readonly #monitor: StopMonitor;
  readonly #therapy: Therapy;
  readonly #envelope: Envelope;
  readonly #actuators: Actuators;
  readonly #safeState: SafeState;
  readonly #lostDrives: LostDrives;
  readonly #stance: { -readonly [K in keyof Stance]: Stance[K] } = { state: 'connecting', action: 'none', energised: false, braked: false, supporting: false, letGo: false, brakesSeen: false };
  readonly #gaitSeen: GaitSeen;
  readonly #yielding: Yielding;
  readonly #sides: readonly Side[];
  readonly #context: CheckContext;
  readonly findings = new Int32Array(policy.length);
  readonly #decisions: readonly JointDecision[];
  readonly #output: StepOutput;
  readonly #periodUs: number;
  #state: SupervisorState;
  /** Of the last command acted on; NaN before the first cycle, whose command belongs to an earlier step. */
  #commandSequence = Number.NaN;
  #dueUs = Number.NaN;
  /** A stop that found the drives energised waits for a person. */
  #stopping = false;

  constructor(profile: RobotProfile, setup: SessionSetup | null, latched: Cause) {
    const limits = createLimits(profile, setup);
    assertTherapyFits(profile, limits);
    this.#periodUs = US_PER_S / profile.controlRateHz;
    const overrunUs = profile.watchdogs.overrunPeriods * this.#periodUs;
    const inputMaxAgeUs = profile.watchdogs.inputMaxAgeMs * US_PER_MS;
    this.#trust = new InputTrust(limits, this.#periodUs, inputMaxAgeUs);
    this.#sensed = new SensedTrust(profile);
    this.#linkNoise = new LinkNoise(profile.links.length);
    this.#interaction = createInteractionEstimate(profile, setup, this.#sensed.joints);
    this.#interactionWatch = new InteractionWatch(profile.joints);
    this.#jolt = new Jolt(profile.joints.length);
    this.#failsafe = new Failsafe(policy, latched);
    this.#monitor = new StopMonitor(profile.stop, profile.joints);
    this.#therapy = createTherapy(profile, setup, limits, { groundNm: this.#interaction.ground?.carryingNm ?? null, seen: this.#sensed.joints });
    this.#guided = new GuidedLimits(limits, RECOVERY_RAD_PER_SEC, profile.homing.torqueNm);
    this.#envelope = new Envelope(this.#guided.limits, this.#periodUs / US_PER_S);
    this.#actuators = new Actuators(profile, this.#envelope.permitted, this.#periodUs / US_PER_S);
    this.#safeState = new SafeState(profile.stop, this.#envelope.permitted);
    this.#lostDrives = new LostDrives(profile.joints.map(({ drive }) => drive.watchdogMs * US_PER_MS));
    this.#gaitSeen = createGaitSeen(this.#therapy, this.#interaction.ground?.unknownNm ?? null, this.#trust.joints);
    this.#yielding = { left: false, right: false, interactionNm: this.#interaction.torqueNm };
    this.#sides = profile.joints.map(({ side }) => side);
    this.#state = standingState(this.#failsafe);
    const inputs = inputsOf(profile);
    this.#context = {
      inputs,
      intent: emptyIntent(profile.joints.length),
      joints: jointViews(this.#guided.limits, this.#trust, this.#envelope, inputs),
      sensed: this.#sensed.joints,
      sessionPrepared: setup !== null,
      bodyMassKg: setup?.bodyMassKg ?? 0,
      carriedKg: carriedKg(profile, setup?.heightM ?? 0),
      confirmed: confirmations.every((what) => setup?.confirmed?.[what] === true),
      inputMaxAgeUs,
      linkNoise: this.#linkNoise,
      hubClock: this.#trust.hubClock,
      stall: new HostStall(this.#periodUs, overrunUs),
      belt: this.#actuators.beltWatch,
      support: this.#actuators.supportWatch,
      lift: this.#actuators.liftWatch,
      interaction: this.#interactionWatch.joints,
      leaseUs: profile.watchdogs.leaseMs * US_PER_MS,
      overrunUs,
      energisedUs: 0,
      stop: 'none',
      brakes: this.#safeState,
      stopRequested: false,
    };
    this.#decisions = profile.joints.map(() => ({ referencePositionRad: 0, limitedBy: 0 }));
    const nothing = { action: 'none', cause: 'none', causeJoint: -1, readyBlocker: 'none' } as const;
    const standing = { phase: 0, blend: 0, stepsLeft: 0, stepsRight: 0, distanceM: 0, walkTimeUs: 0, upTimeUs: 0, assessmentStep: -1, promptNm: 0 };
    this.#output = { state: this.#state, ...nothing, ...standing, joints: this.#decisions, sensed: this.#sensed.joints, desired: this.#therapy.desired, permitted: this.#envelope.permitted };
  }

  get latched(): Cause {
    return this.#failsafe.latched;
  }

  get lines(): readonly FailsafeLine[] {
    return this.#failsafe.lines;
  }

  get stopRecord(): StopRecord {
    return this.#monitor.record;
  }

  step(inputs: RobotInputs, intent: Intent): StepOutput {
    this.#yielding.emg = inputs.emg;
    const elapsedUs = this.#elapsed(inputs);
    const command = this.#newCommand(intent);
    this.#judge(inputs, intent, command === 'stop', elapsedUs);
    this.#decide(command, intent);
    this.#act(intent);
    return this.#report(elapsedUs);
  }

  /** Time since the tick before, by the times at which they were due: lateness is no time of the robot's. */
  #elapsed({ nowUs, latenessUs }: RobotInputs): number {
    const dueUs = nowUs - latenessUs;
    const sinceUs = dueUs - this.#dueUs;
    this.#dueUs = dueUs;
    return sinceUs > 0 ? Math.min(sinceUs, LONGEST_GAP_US) : this.#periodUs;
  }

  #newCommand(intent: Intent): OperatorCommand | 'none' {
    const isNew = !Number.isNaN(this.#commandSequence) && intent.commandSequence !== this.#commandSequence;
    this.#commandSequence = intent.commandSequence;
    return isNew ? intent.command : 'none';
  }

  #judge(inputs: RobotInputs, intent: Intent, stopRequested: boolean, elapsedUs: number): void {
    const context = this.#context;
    const energised = this.#envelope.permitted.enable;
    if (!energised) this.#guided.end();
    this.#trust.update(inputs);
    this.#sensed.update(inputs);
    context.stall.update(inputs.nowUs, inputs.latenessUs);
    context.inputs = inputs;
    context.intent = intent;
    for (let j = 0; j < context.joints.length; j++) {
      look(context.joints[j], inputs.joints[j], inputs.hub, elapsedUs);
      this.#envelope.torqueShare[j] = context.joints[j]?.load.torqueShare ?? 0;
    }
    this.#linkNoise.update(inputs.links, elapsedUs);
    this.#watchInteraction(intent, energised, elapsedUs);
    context.stopRequested = stopRequested;
    context.energisedUs = energised ? context.energisedUs + elapsedUs : 0;
    this.#noticeWhoMoves(context);
    context.stop = this.#monitor.judge(energised && this.#therapy.standing, this.#stopping, this.#trust.joints, !hubSilent(context), elapsedUs);
    this.#actuators.judge(inputs, this.#therapy.stepping ? this.#therapy.desired : null, energised, elapsedUs);
    runChecks(context, this.findings);
    this.#failsafe.update(this.findings, elapsedUs, energised);
    const lost = this.#lostDrives.update(inputs.joints, energised && this.#stopping, elapsedUs);
    this.#stance.letGo = noticeLetGo(this.#envelope.letGo, this.#trust.joints, this.#failsafe.letsGo, energised) || lost;
  }

  #noticeWhoMoves(context: CheckContext): void {
    const stale = hubStale(context);
    for (let j = 0; j < context.joints.length; j++) {
      const trusted = context.joints[j]?.trusted;
      if (trusted === undefined) continue;
      const side = personMoves(context.interaction[j], trusted, stale);
      this.#monitor.goesAlong[j] = this.#envelope.letGo[j] === 1 || side * trusted.velocityRadPerSec > 0 ? 1 : 0;
    }
  }

  /** What the person adds to the joints, against what is usual where the legs were in the cycle before. */
  #watchInteraction(intent: Intent, energised: boolean, elapsedUs: number): void {
    this.#interaction.update(this.#trust.joints, this.#context.inputs.nowUs, this.#context.inputs.feet);
    if (!energised) {
      this.#interactionWatch.release();
      return;
    }
    this.#jolt.update(this.#context.inputs, elapsedUs);
    this.#interactionWatch.update(this.#interaction.torqueNm, this.#interaction.isNew, seeGait(this.#gaitSeen, this.#therapy, this.#jolt), intent, elapsedUs);
  }

  #decide(command: OperatorCommand | 'none', intent: Intent): void {
    if (command === 'acknowledge') this.#acknowledge();
    const worst = severity(this.#failsafe.action);
    if (worst >= severity('emergencyStop')) this.#state = nextState(this.#state, 'emergency');
    else if (worst >= severity('protectiveStop')) this.#state = nextState(this.#state, 'protectiveStop');
    else if (worst >= severity('hold')) this.#state = nextState(this.#state, 'disarm');
    if (this.#released(intent)) this.#state = nextState(this.#state, 'released');
    this.#state = nextState(this.#state, allLinked(this.findings) ? 'linked' : 'unlinked');
    this.#state = nextState(this.#state, intent.prepared ? 'prepared' : 'unprepared');
    // The emergency stop that a self-test asks for is over: the test goes on.
    if (intent.preparing && this.#state === 'idle') this.#state = nextState(this.#state, 'prepare');
    if (command === 'arm' && this.#blocker() !== 'none') return;
    if (command === 'recover' && this.#blocker() !== 'outsideSoftRange') return;
    if (command !== 'none' && command !== 'acknowledge' && command !== 'stop') this.#state = nextState(this.#state, command);
  }

  /** Self-test and homing are at work elsewhere, and say themselves when they are over. */
  #released(intent: Intent): boolean {
    return this.#state === 'selfTest' || this.#state === 'homing' ? !intent.preparing : this.#therapy.finished;
  }

  #acknowledge(): void {
    this.#failsafe.acknowledge(this.findings, this.#envelope.permitted.enable);
    this.#safeState.acknowledge();
    if (severity(this.#failsafe.action) >= severity('protectiveStop')) return;
    this.#state = nextState(this.#state, this.#envelope.permitted.enable ? 'acknowledgedHolding' : 'acknowledged');
  }

  #blocker(): Cause {
    return readyBlocker(policy, this.findings, this.#failsafe.latched);
  }

  #act(intent: Intent): void {
    const cut = severity(this.#failsafe.action) >= severity('torqueOff');
    // What was never held cannot be braked: a stop of released drives leaves them released.
    const wasEnergised = this.#envelope.permitted.enable;
    this.#stopping = severity(this.#failsafe.action) >= severity('protectiveStop') && (this.#stopping || wasEnergised);
    const wanted = this.#state === 'stopped' && beltStops.includes(this.#failsafe.cause) && this.#failsafe.latchedOnly(beltStops) && this.#therapy.canSlow ? 'slow' : this.#standingTask(intent);
    this.#guide(wasEnergised);
    const task = cut || ((wanted === 'brake' || wanted === 'lower') && !wasEnergised) ? 'off' : wanted;
    this.#endStop(wasEnergised);
    this.#lookAtBelt();
    this.#yield();
    // Missed ticks make the pattern wait; it never leaps to catch up.
    this.#therapy.update(task, this.#trust.joints, intent, this.#periodUs, allEnabled(this.#context), this.#yielding);
    this.#envelope.apply(this.#therapy.desired, this.#trust.joints, !this.#therapy.finished);
    this.#actuators.apply(this.#therapy.desired, this.#context.inputs, this.#failsafe, this.#state, this.#therapy.blend > 0);
    this.#actuators.applyLift(intent, this.#context.inputs, this.#state, this.findings);
  }

  /** A stop's end, as this robot and its brakes allow it. */
  #endStop(energised: boolean): void {
    const stance = this.#stance;
    stance.state = this.#state;
    stance.action = this.#failsafe.action;
    stance.energised = energised;
    stance.braked = this.#therapy.braked;
    stance.supporting = this.#therapy.supporting;
    stance.brakesSeen = !hubSilent(this.#context) && this.#context.inputs.hub.brakeEngaged;
    this.#safeState.update(stance, this.#periodUs);
    this.#therapy.holdsOn = this.#safeState.holdsOn;
  }

  /** To soften means the leg of the joint that the cause names, or both; whoever pushes is yielded to in a stop as well. */
  #yield(): void {
    const yielding = this.#yielding;
    const side = this.#sides[this.#failsafe.causeJoint];
    const soft = this.#failsafe.action === 'soften';
    yielding.left = soft && side !== 'right';
    yielding.right = soft && side !== 'left';
    for (let j = 0; j < this.#sides.length; j++) {
      const finding = this.#interactionWatch.joints[j];
      if (finding?.suspected === true || finding?.tooStrong === true) yielding[this.#sides[j] ?? 'left'] = true;
    }
  }

  #lookAtBelt(): void {
    const { belt } = this.#therapy;
    if (belt === null) return;
    const { leftMps, rightMps } = this.#context.inputs.treadmill;
    belt.permittedMps = this.#envelope.permitted.beltSpeedMps;
    belt.measuredMps = Math.min(leftMps, rightMps);
    belt.eased = severity(this.#failsafe.action) >= severity('soften');
  }

  /** A recovery that is over, or whose button was let go, lowers the leg where it is. */
  #standingTask(intent: Intent): Task {
    const over = this.#therapy.task === 'lower' || this.#therapy.recovered || !(intent.holdAgeUs <= REGRIP_US);
    return this.#state === 'recovering' && this.#envelope.permitted.enable && over ? 'lower' : taskOf[this.#state];
  }

  /** The limits of a recovery stand from its first cycle until the drives are released, whatever stops it. */
  #guide(energised: boolean): void {
    if (energised) this.#guided.narrow(this.#trust.joints);
    else if (this.#state === 'recovering') this.#guided.begin(this.#trust.joints);
  }

  #report(elapsedUs: number): StepOutput {
    const output = this.#output;
    const { clock } = this.#therapy;
    output.state = this.#state;
    output.action = this.#failsafe.action;
    output.cause = this.#failsafe.cause;
    output.causeJoint = this.#failsafe.causeJoint;
    output.readyBlocker = this.#blocker();
    output.phase = clock.phase;
    output.blend = this.#therapy.blend;
    output.stepsLeft = clock.stepsLeft;
    output.stepsRight = clock.stepsRight;
    output.distanceM = clock.distanceM;
    output.assessmentStep = this.#therapy.assessment?.step ?? -1;
    output.promptNm = this.#therapy.assessment?.promptNm ?? 0;
    if (this.#state === 'running') output.walkTimeUs += elapsedUs;
    if (this.#envelope.permitted.enable) output.upTimeUs += elapsedUs;
    for (let j = 0; j < this.#decisions.length; j++) {
      const decision = this.#decisions[j];
      if (decision === undefined) continue;
      decision.referencePositionRad = this.#therapy.referenceRad[j] ?? 0;
      decision.limitedBy = this.#envelope.limitedBy[j] ?? 0;
    }
    return output;
  }
}

/** A carried-over stop begins where it stood. */
function standingState(failsafe: Failsafe): SupervisorState {
  if (severity(failsafe.action) >= severity('emergencyStop')) return 'emergency';
  return severity(failsafe.action) >= severity('protectiveStop') ? 'stopped' : 'connecting';
}
