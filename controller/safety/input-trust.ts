/**
 * Which of the robot's readings may be acted on. A reading is used only when it is finite, physically possible and
 * reachable from the last trusted one; until a good one comes the last trusted value stays, marked untrusted.
 */
import type { JointInputs, RobotInputs } from '../../protocols/joints.ts';
import { degToRad, US_PER_S } from '../../protocols/units.ts';
import { EncoderDoubt } from './encoder-doubt.ts';
import { HubClock } from './hub-clock.ts';
import { JumpCheck } from './jump-check.ts';
import type { JointLimits } from './limits.ts';
import { isJointSidePossible, isMotorPossible } from './possible.ts';
import { FrozenReading } from './repeated-reading.ts';
import { StandingPosition, UNKNOWN_RAD, type Timing } from './standing.ts';
import { rests, TorqueTrust } from './torque-trust.ts';
import { ABSENT_JOINT, untrustedJoint, type TrustedJoint } from './trusted-joint.ts';

/** Own value: gear play, cuff-free, plus both sensors' tolerance. With the grace of the check it stays below 3° of true error. */
const DISAGREEMENT_RAD = degToRad(2);
/** Readings of moments that lie farther apart are not compared: at 80 rad/s² this is a third of a degree. */
const MOST_SKEW_US = 12_000;
/** Of a period. Own values: what comes sooner or later after the one before was held up, so nobody knows of which moment it is. */
const [LEAST_OF_PERIOD, MOST_OF_PERIOD] = [0.5, 1.5];

/** A joint and what its readings are compared with. */
interface Lane {
  readonly index: number;
  readonly limits: JointLimits;
  readonly joint: TrustedJoint;
  readonly motorStanding: StandingPosition;
  readonly encoderStanding: StandingPosition;
  readonly encoderFrozen: FrozenReading;
  readonly encoderDoubt: EncoderDoubt;
  readonly torque: TorqueTrust;
  motorKnown: boolean;
  motorInStep: boolean;
  /** Before its newest reading. */
  motorSilenceUs: number;
  /** How much older than its arrival that reading may be. */
  motorHeldUs: number;
  encoderKnown: boolean;
  encoderInStep: boolean;
  encoderSilenceUs: number;
  encoderHeldUs: number;
  encoderAtUs: number;
}

export class InputTrust {
  readonly joints: readonly TrustedJoint[];
  readonly hubClock = new HubClock();
  #hubSequence = 0;
  /** Since the one that was looked at before. */
  #hubReadings = 0;
  readonly #jumps: JumpCheck;
  readonly #lanes: readonly Lane[];
  readonly #periodUs: number;
  readonly #maxAgeUs: number;

  constructor(limits: readonly JointLimits[], periodUs: number, maxAgeUs: number) {
    this.#periodUs = periodUs;
    this.#maxAgeUs = maxAgeUs;
    this.#jumps = new JumpCheck(periodUs, maxAgeUs);
    this.#lanes = limits.map((limit, index) => createLane(limit, index));
    this.joints = this.#lanes.map((lane) => lane.joint);
  }

  /** A joint without a record in `inputs` is not trusted. */
  update(inputs: RobotInputs): void {
    const { hub, nowUs } = inputs;
    const hubIsNew = this.hubClock.look(inputs);
    this.#jumps.nextCycle(inputs.latenessUs);
    this.#hubReadings = hub.sequence - this.#hubSequence;
    this.#hubSequence = hub.sequence;
    for (const lane of this.#lanes) {
      const reading = inputs.joints[lane.index] ?? ABSENT_JOINT;
      const { joint } = lane;
      const motorIsNew = this.#trustMotor(reading, lane, nowUs);
      joint.trusted = lane.motorKnown && !joint.motorImplausible && !lane.motorStanding.stuck;
      joint.motorFresh = joint.trusted && reading.driveAgeUs <= this.#maxAgeUs;
      if (hubIsNew) this.#trustEncoder(reading, lane, nowUs - hub.ageUs);
      if (motorIsNew) lane.motorStanding.look(joint.positionRad, isWitness(lane) ? joint.encoderRad : UNKNOWN_RAD, this.#timing(lane));
      joint.stuck = lane.motorStanding.stuck || lane.encoderStanding.stuck || lane.encoderFrozen.frozen;
      this.#compare(lane);
      if (!joint.motorFresh) lane.torque.reset();
      else if (motorIsNew) joint.torqueDoubted = lane.torque.look(joint.jointTorqueNm, joint.torqueNm, joint.velocityRadPerSec, joint.motorAtUs, hubIsNew, this.#timing(lane) === 'inStep');
    }
  }

  /** Where the joint was when the encoder looked, by the motor's speed, against what the encoder saw; it may have moved on while either was held up. */
  #compare(lane: Lane): void {
    const { joint, encoderAtUs, encoderKnown, encoderStanding, encoderFrozen, encoderDoubt, motorHeldUs, encoderHeldUs } = lane;
    const skewUs = encoderAtUs - joint.motorAtUs;
    // An unpowered drive does not report where its joint went meanwhile.
    if (!joint.motorFresh || !encoderKnown) joint.disagrees = joint.apart = false;
    else if (isComparable(lane)) {
      const apartRad = joint.positionRad + (joint.velocityRadPerSec * skewUs) / US_PER_S - joint.encoderRad;
      const onItsWayRad = (Math.abs(joint.velocityRadPerSec) * Math.max(motorHeldUs, encoderHeldUs)) / US_PER_S;
      const isApart = Math.abs(apartRad) > DISAGREEMENT_RAD + onItsWayRad;
      encoderDoubt.judge(isApart, joint.encoderImplausible, encoderStanding.stuck || encoderFrozen.frozen, encoderAtUs);
      joint.encoderDoubted = encoderDoubt.doubted;
      const lateRad = (Math.abs(joint.velocityRadPerSec) * this.#maxAgeUs) / US_PER_S;
      joint.disagrees = isApart && !joint.encoderDoubted && (encoderDoubt.turned || Math.abs(apartRad) > DISAGREEMENT_RAD + lateRad);
      joint.apart = isApart && !joint.encoderDoubted && !joint.disagrees;
    }
  }

  /** @returns a usable frame came that was not here before */
  #trustMotor(reading: JointInputs, lane: Lane, nowUs: number): boolean {
    const { joint, limits } = lane;
    if (!Number.isFinite(reading.driveAgeUs)) {
      lane.motorKnown = false;
      joint.motorImplausible = false;
      return false;
    }
    if (reading.driveSequence === joint.motorSequence) return false;
    // Fewer frames than before: the link was reopened, so there is nothing to compare with.
    if (reading.driveSequence < joint.motorSequence) lane.motorKnown = false;
    const readings = reading.driveSequence - joint.motorSequence;
    joint.motorSequence = reading.driveSequence;
    const atUs = nowUs - reading.driveAgeUs;
    const silenceUs = atUs - joint.motorAtUs;
    const elapsedUs = this.#jumps.elapsedUs(silenceUs, readings, lane.motorSilenceUs);
    joint.motorImplausible =
      !isMotorPossible(reading, limits) ||
      (lane.motorKnown && this.#jumps.isOne(reading.motorPositionRad - joint.positionRad, elapsedUs, reading.motorVelocityRadPerSec, limits));
    if (joint.motorImplausible) {
      lane.encoderStanding.reset();
      return false;
    }
    joint.positionRad = reading.motorPositionRad;
    joint.velocityRadPerSec = reading.motorVelocityRadPerSec;
    joint.torqueNm = reading.motorTorqueNm;
    lane.motorInStep = this.#isInStep(silenceUs);
    lane.motorHeldUs = lane.motorInStep || !lane.motorKnown ? 0 : this.#heldUs(lane.motorHeldUs, silenceUs);
    lane.motorKnown = true;
    lane.motorSilenceUs = silenceUs;
    joint.motorAtUs = atUs;
    return true;
  }

  #trustEncoder(reading: JointInputs, lane: Lane, atUs: number): void {
    const { joint, limits } = lane;
    const silenceUs = atUs - lane.encoderAtUs;
    const elapsedUs = this.#jumps.elapsedUs(silenceUs, this.#hubReadings, lane.encoderSilenceUs);
    joint.encoderImplausible =
      !isJointSidePossible(reading, limits) ||
      (lane.encoderKnown && this.#jumps.isOne(reading.encoderPositionRad - joint.encoderRad, elapsedUs, joint.motorFresh ? joint.velocityRadPerSec : limits.speedRadPerSec, limits));
    if (joint.encoderImplausible) {
      lane.motorStanding.reset();
      return;
    }
    lane.encoderDoubt.look(reading.encoderPositionRad - joint.encoderRad, silenceUs, joint.motorFresh ? joint.velocityRadPerSec : Number.NaN);
    joint.encoderRad = reading.encoderPositionRad;
    joint.jointTorqueNm = reading.jointTorqueNm;
    lane.encoderInStep = this.#isInStep(silenceUs);
    lane.encoderHeldUs = lane.encoderInStep || !lane.encoderKnown ? 0 : this.#heldUs(lane.encoderHeldUs, silenceUs);
    lane.encoderKnown = true;
    lane.encoderSilenceUs = silenceUs;
    lane.encoderAtUs = atUs;
    lane.encoderStanding.look(joint.encoderRad, joint.motorFresh && isComparable(lane) ? joint.positionRad : UNKNOWN_RAD, this.#timing(lane));
    lane.encoderFrozen.look(joint.encoderRad, joint.motorFresh && rests(joint.velocityRadPerSec, joint.torqueNm));
  }

  /** Readings are made in rhythm: one that comes so late may be so old, and what follows on its heels is as much younger. */
  #heldUs(heldBeforeUs: number, silenceUs: number): number {
    return Math.min(this.#maxAgeUs, Math.max(0, heldBeforeUs + silenceUs - this.#periodUs));
  }

  #timing({ motorInStep, encoderInStep, motorHeldUs, encoderHeldUs }: Lane): Timing {
    if (motorInStep && encoderInStep) return 'inStep';
    return Math.max(motorHeldUs, encoderHeldUs) > this.#periodUs ? 'late' : 'outOfStep';
  }

  #isInStep(elapsedUs: number): boolean {
    return elapsedUs >= LEAST_OF_PERIOD * this.#periodUs && elapsedUs <= MOST_OF_PERIOD * this.#periodUs;
  }
}

const createLane = (limits: JointLimits, index: number): Lane => ({
  index,
  limits,
  joint: untrustedJoint(),
  motorStanding: new StandingPosition(),
  encoderStanding: new StandingPosition(),
  encoderFrozen: new FrozenReading(),
  encoderDoubt: new EncoderDoubt(),
  torque: new TorqueTrust(limits),
  motorKnown: false,
  motorInStep: false,
  motorSilenceUs: 0,
  motorHeldUs: 0,
  encoderKnown: false,
  encoderInStep: false,
  encoderSilenceUs: 0,
  encoderHeldUs: 0,
  encoderAtUs: 0,
});
/** What the encoder says may be held against the motor. */
const isWitness = (lane: Lane): boolean => lane.encoderKnown && !lane.joint.encoderImplausible && !lane.joint.encoderDoubted && isComparable(lane);

const isComparable = ({ joint, encoderAtUs }: Lane): boolean => Math.abs(encoderAtUs - joint.motorAtUs) <= MOST_SKEW_US;
