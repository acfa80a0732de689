/**
 * Proves the command watchdogs that no protocol can show (CubeMars, MIT frames, VESC), before a patient is in the
 * robot: with the brakes on, each joint in turn holds a small torque, its drive then hears nothing for longer than its
 * watchdog, and the first reply to the same set-point afterwards must show about no torque. Every command passes the
 * envelope; the hub gets its heartbeat throughout, so that it is not the enable relay which cuts the drive: a turn in
 * which the relay opened, because this computer stood still or for another reason, proves nothing and is taken again.
 */
import type { RobotIo } from '../../hal/robot-io.ts';
import { emptyJointCommand, type JointCommand, type RobotInputs } from '../../protocols/joints.ts';
import type { JointProfile, RobotProfile } from '../../protocols/profile.ts';
import { degToRad, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { Envelope } from '../safety/envelope.ts';
import { InputTrust } from '../safety/input-trust.ts';
import { createLimits } from '../safety/limits.ts';

export type ProofOutcome =
  | 'proven'
  /** The torque was still there after the silence: the drive has no working watchdog. */
  | 'keptPushing'
  /** The joint did not hold the torque before the silence: it moved, or the drive did not give it. */
  | 'notHeld'
  | 'notEnabled'
  /** Nothing was heard after the silence. */
  | 'noAnswer'
  /** The hub, the relay or the brakes did not do their part. */
  | 'notReady';

export interface DriveProof {
  readonly joint: JointProfile;
  readonly outcome: ProofOutcome;
  /** What the drive reported before the silence and in its first reply after it. */
  readonly heldNm: number;
  readonly afterNm: number;
  readonly silenceMs: number;
}

/** Within 3 … 5 Nm (safety design): enough to be seen, too little to hurt. */
const HELD_NM = 4;
const [LEAST_HELD_NM, MOST_HELD_NM] = [3, 5];
/** "About zero": the resolution of a 12-bit torque field of the strongest drives is 0.07 Nm, their noise some tenths. */
const ZERO_NM = 0.5;
/** A braked joint may give this much. */
const MOST_MOTION_RAD = degToRad(2);
const HOLD_US = 500 * US_PER_MS;
/** Longer than the watchdog by a fifth and two cycles of a slow robot. */
const SILENCE_FACTOR = 1.2;
const SILENCE_EXTRA_US = 40 * US_PER_MS;
/** Ports are opened, drives boot and brakes close in this time. */
const PATIENCE_US = 5 * US_PER_S;
const ANSWER_PATIENCE_US = 300 * US_PER_MS;
/** Of one joint, before the relay is said not to do its part. */
const MOST_TURNS = 5;

interface Turn {
  readonly joint: JointProfile;
  readonly index: number;
}

type Phase = 'release' | 'enable' | 'hold' | 'silence' | 'answer';

export class WatchdogProver {
  readonly proofs: DriveProof[] = [];
  readonly #joints: readonly Turn[];
  readonly #trust: InputTrust;
  readonly #envelope: Envelope;
  readonly #desired: readonly JointCommand[];
  #phase: Phase = 'release';
  #sinceUs = Number.NaN;
  #startRad = 0;
  #heldNm = 0;
  #sequence = 0;
  #turns = 1;

  constructor(
    profile: RobotProfile,
    private readonly io: RobotIo,
  ) {
    const limits = createLimits(profile, null);
    const periodUs = US_PER_S / profile.controlRateHz;
    this.#joints = profile.joints.flatMap((joint, index) => (joint.drive.watchdog === 'proof' ? [{ joint, index }] : []));
    this.#trust = new InputTrust(limits, periodUs, profile.watchdogs.inputMaxAgeMs * US_PER_MS);
    this.#envelope = new Envelope(limits, periodUs / US_PER_S);
    this.#desired = profile.joints.map(emptyJointCommand);
  }

  /** All drives have their outcome, and are released. */
  get done(): boolean {
    return this.proofs.length >= this.#joints.length;
  }

  /** One control cycle: looks at the inputs and writes. */
  step(inputs: RobotInputs): void {
    this.#trust.update(inputs);
    const turn = this.#joints[this.proofs.length];
    const nowUs = inputs.nowUs;
    if (Number.isNaN(this.#sinceUs)) this.#enter('release', nowUs);
    if (turn === undefined) return this.#write(inputs, false);
    const elapsedUs = nowUs - this.#sinceUs;
    if (this.#phase !== 'release' && !inputs.hub.enableRelayClosed) return this.#takeAgain(turn, inputs);
    switch (this.#phase) {
      case 'release':
        return this.#release(turn, inputs, elapsedUs);
      case 'enable':
        return this.#enable(turn, inputs, elapsedUs);
      case 'hold':
        return this.#hold(turn, inputs, elapsedUs);
      case 'silence':
        if (elapsedUs < this.#silenceUs(turn.joint)) return this.io.starveDrives(nowUs);
        this.#sequence = inputs.joints[turn.index]?.driveSequence ?? 0;
        this.#enter('answer', nowUs);
        return this.#repeat(nowUs);
      case 'answer':
        return this.#judge(turn, inputs, elapsedUs);
    }
  }

  #takeAgain(turn: Turn, inputs: RobotInputs): void {
    if (this.#turns === MOST_TURNS) return this.#end(turn, inputs, 'notReady', Number.NaN);
    this.#turns++;
    this.#letGo(turn, inputs);
  }

  #release(turn: Turn, inputs: RobotInputs, elapsedUs: number): void {
    this.#setTorque(turn.index, 0);
    this.io.requestBrakes(true, inputs.nowUs);
    const { hub } = inputs;
    const disabled = inputs.joints.every((joint) => joint.driveState === 'disabled');
    const ready = disabled && hub.estopClosed && hub.enableRelayClosed && hub.brakeEngaged;
    if (ready) this.#enter('enable', inputs.nowUs);
    // What is missing is missing for every joint.
    else if (elapsedUs > PATIENCE_US) while (!this.done) this.#end(this.#joints[this.proofs.length] ?? turn, inputs, 'notReady', Number.NaN);
    this.#write(inputs, ready);
  }

  #enable(turn: Turn, inputs: RobotInputs, elapsedUs: number): void {
    if (inputs.joints[turn.index]?.driveState === 'enabled') {
      this.#startRad = this.#trust.joints[turn.index]?.encoderRad ?? Number.NaN;
      this.#enter('hold', inputs.nowUs);
    } else if (elapsedUs > PATIENCE_US) return this.#end(turn, inputs, 'notEnabled', Number.NaN);
    this.#write(inputs, true);
  }

  #hold(turn: Turn, inputs: RobotInputs, elapsedUs: number): void {
    const trusted = this.#trust.joints[turn.index];
    // Toward the middle of the range, should the brake slip.
    const { min, max } = turn.joint.softRangeDeg;
    this.#setTorque(turn.index, this.#startRad > degToRad((min + max) / 2) ? -HELD_NM : HELD_NM);
    const moved = !(Math.abs((trusted?.encoderRad ?? Number.NaN) - this.#startRad) <= MOST_MOTION_RAD);
    this.#heldNm = Math.abs(trusted?.torqueNm ?? Number.NaN);
    const held = this.#heldNm >= LEAST_HELD_NM && this.#heldNm <= MOST_HELD_NM;
    if (moved || (elapsedUs > HOLD_US && !held)) return this.#end(turn, inputs, 'notHeld', Number.NaN);
    if (elapsedUs > HOLD_US) {
      this.#enter('silence', inputs.nowUs);
      return this.io.starveDrives(inputs.nowUs);
    }
    this.#write(inputs, true);
  }

  #judge(turn: Turn, inputs: RobotInputs, elapsedUs: number): void {
    const joint = inputs.joints[turn.index];
    if (joint !== undefined && joint.driveSequence !== this.#sequence) {
      const afterNm = Math.abs(joint.motorTorqueNm);
      return this.#end(turn, inputs, afterNm <= ZERO_NM ? 'proven' : 'keptPushing', afterNm);
    }
    if (elapsedUs > ANSWER_PATIENCE_US) return this.#end(turn, inputs, 'noAnswer', Number.NaN);
    this.#repeat(inputs.nowUs);
  }

  /** The set-point from before the silence, as the envelope let it pass: another one could itself take the torque away. */
  #repeat(nowUs: number): void {
    this.io.write(this.#envelope.permitted, nowUs, 'keepClosed');
  }

  #end(turn: Turn, inputs: RobotInputs, outcome: ProofOutcome, afterNm: number): void {
    this.proofs.push({ joint: turn.joint, outcome, heldNm: this.#heldNm, afterNm, silenceMs: this.#silenceUs(turn.joint) / US_PER_MS });
    this.#turns = 1;
    this.#letGo(turn, inputs);
    if (this.done) this.io.requestBrakes(false, inputs.nowUs);
  }

  #letGo(turn: Turn, inputs: RobotInputs): void {
    this.#setTorque(turn.index, 0);
    this.#heldNm = Number.NaN;
    this.#enter('release', inputs.nowUs);
    this.#write(inputs, false);
  }

  #silenceUs(joint: JointProfile): number {
    return SILENCE_FACTOR * joint.drive.watchdogMs * US_PER_MS + SILENCE_EXTRA_US;
  }

  #setTorque(index: number, torqueNm: number): void {
    const command = this.#desired[index];
    if (command !== undefined) command.torqueNm = torqueNm;
  }

  #enter(phase: Phase, nowUs: number): void {
    this.#phase = phase;
    this.#sinceUs = nowUs;
  }

  #write(inputs: RobotInputs, enable: boolean): void {
    for (const [index, command] of this.#desired.entries()) command.positionRad = this.#trust.joints[index]?.positionRad ?? 0;
    this.#envelope.apply({ joints: this.#desired }, this.#trust.joints, enable);
    this.io.write(this.#envelope.permitted, inputs.nowUs, 'keepClosed');
  }
}
