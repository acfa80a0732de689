/**
 * The operator as the loop sees one: a lease with epoch and sequence, commands, parameters. Requests arrive between
 * cycles and are checked here; `fill` turns what stands into the `Intent` of one cycle without allocating.
 */
import { DariError } from '../../protocols/errors.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { Random } from '../../protocols/random.ts';
import { emptyIntent, type Intent, type SessionEvent } from '../../protocols/session-log.ts';
import { liftStates, type Cause, type GaitParameters, type OperatorCommand, type SessionSetup, type SupervisorState } from '../../protocols/supervision.ts';
import { modesOf } from '../../protocols/training-mode.ts';
import { Hold } from './hold.ts';
import { Lease } from './lease.ts';
import { checkMode, checkMovingStep, checkParameters, checkSetup, listParameters } from './parameter-check.ts';

/** What the loop observed last; decides which requests make sense. */
export interface Observed {
  state: SupervisorState;
  cause: Cause;
  readyBlocker: Cause;
  /** Joints move under power, or may at any moment. */
  moving: boolean;
}

/** States in which a command has an effect; elsewhere it is refused with the reason. `stop` is taken in all. */
const acceptedIn: Record<Exclude<OperatorCommand, 'stop'>, readonly SupervisorState[]> = {
  arm: ['ready'],
  disarm: ['armed', 'running', 'paused'],
  start: ['armed'],
  pause: ['running'],
  resume: ['paused'],
  acknowledge: ['stopped', 'emergency'],
  prepare: ['idle', 'ready'],
  home: ['idle'],
  recover: ['ready'],
};

/** Taken only while the button is held (hold-to-run). */
const heldCommands: readonly OperatorCommand[] = ['home', 'recover'];

/** Never with a patient in the robot. */
const emptyCommands: readonly OperatorCommand[] = ['prepare', 'home'];

/** Commands wait for their own cycle; nobody needs more of them ahead. */
const QUEUE_LENGTH = 8;

export interface ParameterChange {
  readonly epoch: number;
  readonly actor: string;
  readonly reason?: string | undefined;
  readonly parameters: GaitParameters;
}

/** What the holder of the lease must answer to keep it. */
export interface LeaseChallenge {
  readonly epoch: number;
  readonly challenge: number;
}

export class Operator {
  readonly intent: Intent;
  stationConnected = true;
  recorderHealthy = true;
  readonly #lease: Lease;
  readonly #hold = new Hold();
  #observed: Observed = { state: 'connecting', cause: 'none', readyBlocker: 'none', moving: false };
  readonly #queue: OperatorCommand[] = [];
  /** Where the lift is held to; 0: nowhere. */
  #liftTargetM = 0;
  #parameters: GaitParameters | null = null;
  /** The session has a movement that somebody showed. */
  #shown = false;
  /** A fresh step takes its first cycle's command for one of the past, so no new one may go out in it. */
  #fresh = true;

  /**
   * @param random makes the challenges
   * @param emit takes the events that this operator causes
   * @param ask takes the challenges for the holder of the lease
   */
  constructor(
    private readonly profile: RobotProfile,
    random: Random,
    private readonly emit: (event: SessionEvent) => void,
    private readonly ask: (challenge: LeaseChallenge) => void,
  ) {
    this.#lease = new Lease(profile.watchdogs.leaseMs * 1_000, random);
    this.intent = emptyIntent(profile.joints.length);
  }

  get leaseEpoch(): number {
    return this.#lease.epoch;
  }

  /** For an operator in this very process: what it has not answered yet; null: nothing. */
  get openChallenge(): number | null {
    return this.#lease.openChallenge;
  }

  /** A stop that was asked for has not gone out yet. */
  get stopWaits(): boolean {
    return this.#queue.includes('stop');
  }

  get parameters(): GaitParameters | null {
    return this.#parameters;
  }

  observe(observed: Observed): void {
    this.#observed = observed;
  }

  /** @throws DariError `leaseRefused`: an older epoch, or a robot that moves */
  takeLease(epoch: number, nowUs: number): void {
    const before = this.#lease.epoch;
    this.#lease.take(epoch, nowUs, this.#observed.moving);
    this.#hold.reset();
    this.emit({ atUs: nowUs, kind: 'lease', subject: 'taken', oldValue: String(before), newValue: String(epoch) });
  }

  /** @returns false when it renewed nothing; silence then ends the lease */
  renewLease(epoch: number, sequence: number, challenge: number, nowUs: number): boolean {
    this.#noticeExpiry(nowUs);
    return this.#lease.renew(epoch, sequence, challenge, nowUs);
  }

  releaseLease(epoch: number, nowUs: number): boolean {
    const released = this.#lease.release(epoch);
    if (released) this.emit({ atUs: nowUs, kind: 'lease', subject: 'released', oldValue: String(epoch), newValue: '0' });
    return released;
  }

  /**
   * The button of a hold-to-run motion is pressed. `sequence` grows over all presses of one lease.
   * @returns false when it counts for nothing: no lease, an old sequence, or a press that lapsed and was not let go
   */
  hold(epoch: number, sequence: number, nowUs: number): boolean {
    this.#noticeExpiry(nowUs);
    return this.#lease.holds(epoch, nowUs) && this.#hold.renew(sequence, nowUs);
  }

  /** The button was let go. @returns false for another epoch than the holder's */
  endHold(epoch: number): boolean {
    if (epoch === 0 || epoch !== this.#lease.epoch) return false;
    this.#hold.end();
    this.#liftTargetM = 0;
    return true;
  }

  /** @throws DariError `leaseRefused` when `epoch` does not hold the robot now */
  requireLease(epoch: number, nowUs: number): void {
    this.#noticeExpiry(nowUs);
    this.#lease.require(epoch, nowUs);
  }

  /**
   * @returns the sequence number with which it goes out
   * @throws DariError `leaseRefused` without the lease, for anything but `stop`; `notPermittedNow` in the wrong state
   */
  command(epoch: number, command: OperatorCommand, actor: string, nowUs: number): number {
    if (command === 'stop') return this.stop(actor, nowUs);
    this.requireLease(epoch, nowUs);
    this.#requireState(command);
    if (emptyCommands.includes(command) && this.intent.sessionOpen) throw new DariError('notPermittedNow', `"${command}" is for an empty robot. Close the session and take the patient out first.`);
    if (heldCommands.includes(command) && this.#holdAgeUs(nowUs) === Infinity) throw new DariError('notPermittedNow', `"${command}" moves the robot only while its button is held. Press the button and keep it pressed.`);
    if (this.#queue.length >= QUEUE_LENGTH) throw new DariError('notPermittedNow', 'Too many commands at once. Wait for the robot to follow.');
    return this.#enqueue(command, actor, nowUs);
  }

  /**
   * The lift goes toward this height for as long as the button is held, by whoever pressed it.
   * @throws DariError `setupInvalid` for a robot without one or a height beyond its range, `leaseRefused`, `notPermittedNow`
   */
  moveLift(epoch: number, heightM: number, actor: string, nowUs: number): void {
    const { armLift } = this.profile;
    if (armLift === undefined) throw new DariError('setupInvalid', 'This robot has no lift. Set its height by hand.');
    this.requireLease(epoch, nowUs);
    const { min, max } = armLift.heightM;
    if (!(heightM >= min && heightM <= max)) throw new DariError('setupInvalid', `A height of ${heightM.toFixed(2)} m is outside ${min} … ${max} m of this lift. Enter one in that range.`);
    const { state } = this.#observed;
    if (!liftStates.includes(state) || this.intent.preparing) throw new DariError('notPermittedNow', `The lift does not move while the robot is ${state}, or is being prepared. Move it while the robot is ${liftStates.join(' or ')}.`);
    if (this.#holdAgeUs(nowUs) === Infinity) throw new DariError('notPermittedNow', 'The lift moves only while its button is held. Press the button and keep it pressed.');
    this.#liftTargetM = heightM;
    this.emit({ atUs: nowUs, kind: 'note', subject: 'moveLift', newValue: String(heightM), actor });
  }

  /** From anybody, ahead of everything that waits. */
  stop(actor: string, nowUs: number): number {
    this.#queue.length = 0;
    return this.#enqueue('stop', actor, nowUs);
  }

  /**
   * Every number that changes becomes an event.
   * @throws DariError `leaseRefused`, `notPermittedNow` (no session, or too much at once while moving), `setupInvalid`
   */
  setParameters(change: ParameterChange, nowUs: number): void {
    this.requireLease(change.epoch, nowUs);
    if (this.#parameters === null) throw new DariError('notPermittedNow', 'No session is open, so there is nothing to change. Open a session first.');
    // Nobody is let down because a sender does not know of the support, nor out of step.
    const { mode = modesOf(this.profile)[0], unloadingKg, timingShare, springs } = this.#parameters;
    const parameters = {
      ...change.parameters,
      mode: change.parameters.mode ?? mode,
      unloadingKg: change.parameters.unloadingKg ?? unloadingKg,
      timingShare: change.parameters.timingShare ?? timingShare,
      springs: change.parameters.springs ?? springs,
    };
    const before = listParameters(this.profile, this.#parameters);
    const after = listParameters(this.profile, parameters);
    checkMode(this.profile, parameters.mode, this.#shown);
    checkParameters(after);
    if (this.#observed.moving) checkMovingStep(after, before);
    this.#apply(parameters);
    const tell = (subject: string, old: string | number | undefined, value: string | number): void => {
      if (old === value) return;
      const reason = change.reason === undefined ? {} : { reason: change.reason };
      this.emit({ atUs: nowUs, kind: 'parameter', subject, oldValue: String(old), newValue: String(value), actor: change.actor, ...reason });
    };
    tell('mode', mode, parameters.mode);
    after.forEach(({ subject, value }, index) => tell(subject, before[index]?.value, value));
  }

  /** @throws DariError `setupInvalid` */
  openSession(setup: SessionSetup): void {
    checkSetup(this.profile, setup);
    this.#shown = setup.trajectory !== undefined;
    this.#apply(setup.parameters);
    this.#startOver(true);
  }

  closeSession(): void {
    this.#parameters = null;
    this.#startOver(false);
  }

  /** The intent of this cycle; one waiting command goes out per cycle. */
  fill(nowUs: number): Intent {
    this.#noticeExpiry(nowUs);
    this.#challenge(nowUs);
    const { intent } = this;
    intent.stationConnected = this.stationConnected;
    intent.recorderHealthy = this.recorderHealthy;
    intent.leaseEpoch = this.#lease.epoch;
    intent.leaseAgeUs = this.#lease.ageUs(nowUs);
    intent.holdAgeUs = this.#holdAgeUs(nowUs);
    if (intent.holdAgeUs === Infinity) this.#liftTargetM = 0;
    intent.liftTargetM = this.#liftTargetM;
    const next = this.#fresh ? undefined : this.#queue.shift();
    this.#fresh = false;
    if (next !== undefined) {
      intent.command = next;
      intent.commandSequence += 1;
    }
    return intent;
  }

  /** A session's log begins without a past: no command is remembered, and none but a stop waits. */
  #startOver(sessionOpen: boolean): void {
    const { stopWaits } = this;
    this.#queue.length = 0;
    if (stopWaits) this.#queue.push('stop');
    this.#fresh = true;
    this.#liftTargetM = 0;
    this.intent.sessionOpen = sessionOpen;
    this.intent.command = 'none';
    this.intent.commandSequence = 0;
  }

  #holdAgeUs(nowUs: number): number {
    return this.#lease.holds(this.#lease.epoch, nowUs) ? this.#hold.ageUs(nowUs) : Infinity;
  }

  #enqueue(command: OperatorCommand, actor: string, nowUs: number): number {
    // The button is held for something else now, or for nothing.
    this.#liftTargetM = 0;
    this.#queue.push(command);
    this.emit({ atUs: nowUs, kind: 'note', subject: 'command', newValue: command, actor });
    return this.intent.commandSequence + this.#queue.length;
  }

  #apply(parameters: GaitParameters): void {
    this.#parameters = structuredClone(parameters);
    const { intent } = this;
    intent.mode = parameters.mode ?? modesOf(this.profile)[0];
    intent.speedMps = parameters.speedMps;
    intent.guidanceLeft = parameters.guidance.left;
    intent.guidanceRight = parameters.guidance.right;
    intent.unloadingKg = parameters.unloadingKg ?? 0;
    intent.springUpperArm = parameters.springs?.upperArm ?? 0;
    intent.springForearm = parameters.springs?.forearm ?? 0;
    for (let j = 0; j < intent.romScale.length; j++) {
      intent.romScale[j] = parameters.romScale[j] ?? 1;
      intent.offsetRad[j] = parameters.offsetRad[j] ?? 0;
      intent.timingShare[j] = parameters.timingShare?.[j] ?? 0;
    }
  }

  #requireState(command: Exclude<OperatorCommand, 'stop'>): void {
    const { state, readyBlocker, cause } = this.#observed;
    if (acceptedIn[command].includes(state)) return;
    const why = (command === 'arm' || state === 'ready') && readyBlocker !== 'none' ? ` (it cannot be armed: ${readyBlocker})` : cause === 'none' ? '' : ` (cause: ${cause})`;
    throw new DariError('notPermittedNow', `"${command}" is not possible while the robot is ${state}${why}. It is taken when the robot is ${acceptedIn[command].join(' or ')}.`);
  }

  #challenge(nowUs: number): void {
    const challenge = this.#lease.challenge(nowUs);
    if (challenge !== null) this.ask({ epoch: this.#lease.epoch, challenge });
  }

  #noticeExpiry(nowUs: number): void {
    if (this.#lease.expire(nowUs)) this.emit({ atUs: nowUs, kind: 'lease', subject: 'expired', oldValue: String(this.#lease.epoch), newValue: '0' });
  }
}
