/**
 * Which of the robot's readings may be acted on. A reading is used only when it is finite, physically possible and
 * reachable from the last trusted one; until a good one comes the last trusted value stays, marked untrusted.
 */
import type { JointInputs, RobotInputs } from '../../protocols/joints.ts';
import { degToRad, US_PER_S } from '../../protocols/units.ts';
import type { JointLimits } from './limits.ts';
import { untrustedJoint, type TrustedJoint } from './trusted-joint.ts';

/** A reading may lie this far beyond the mechanical stop (calibration error) before it is called impossible. */
const BEYOND_STOP_RAD = degToRad(5);
/** A joint cannot move faster than this multiple of its speed limit between two readings. */
const JUMP_FACTOR = 1.5;
/** Sensor noise on top. */
const JUMP_NOISE_RAD = degToRad(0.5);
/** Torque and velocity readings may exceed the frame's range by rounding only. */
const RANGE_SLACK = 1.05;
/** Own value: the hub reports 0 … 255. */
const MIN_ENCODER_QUALITY = 32;
/** Own value: gear play, cuff-free, plus both sensors' tolerance. */
const DISAGREEMENT_RAD = degToRad(3);

/** Stands for a joint that has no record. */
const ABSENT_JOINT: JointInputs = {
  driveState: 'absent',
  driveErrorCode: 0,
  motorPositionRad: Number.NaN,
  motorVelocityRadPerSec: Number.NaN,
  motorTorqueNm: Number.NaN,
  driveTempC: Number.NaN,
  driveAgeUs: Infinity,
  driveSequence: 0,
  encoderPositionRad: Number.NaN,
  jointTorqueNm: Number.NaN,
  encoderQuality: 0,
};

/** A joint and what its readings are compared with. */
interface Lane {
  readonly index: number;
  readonly limits: JointLimits;
  readonly joint: TrustedJoint;
  motorKnown: boolean;
  motorSequence: number;
  motorAtUs: number;
  encoderKnown: boolean;
  encoderAtUs: number;
}

export class InputTrust {
  readonly joints: readonly TrustedJoint[];
  /** How long the hub's own clock has not moved, in loop time. */
  hubFrozenUs = 0;
  readonly #lanes: readonly Lane[];
  readonly #periodUs: number;
  readonly #maxAgeUs: number;
  #hubTimeUs = Number.NaN;
  #hubChangedAtUs = 0;

  constructor(limits: readonly JointLimits[], periodUs: number, maxAgeUs: number) {
    this.#periodUs = periodUs;
    this.#maxAgeUs = maxAgeUs;
    this.#lanes = limits.map((limit, index) => createLane(limit, index));
    this.joints = this.#lanes.map((lane) => lane.joint);
  }

  /** A joint without a record in `inputs` is not trusted. */
  update(inputs: RobotInputs): void {
    const { hub, nowUs } = inputs;
    if (hub.deviceTimeUs !== this.#hubTimeUs) {
      this.#hubTimeUs = hub.deviceTimeUs;
      this.#hubChangedAtUs = nowUs;
    }
    this.hubFrozenUs = nowUs - this.#hubChangedAtUs;
    for (const lane of this.#lanes) {
      const reading = inputs.joints[lane.index] ?? ABSENT_JOINT;
      this.#trustMotor(reading, lane, nowUs);
      if (Number.isFinite(hub.ageUs)) this.#trustEncoder(reading, lane, nowUs - hub.ageUs);
      const { joint } = lane;
      joint.trusted = lane.motorKnown && !joint.motorImplausible;
      joint.motorFresh = joint.trusted && reading.driveAgeUs <= this.#maxAgeUs;
      // An unpowered drive does not report where its joint went meanwhile.
      joint.disagrees = joint.motorFresh && lane.encoderKnown && Math.abs(joint.positionRad - joint.encoderRad) > DISAGREEMENT_RAD;
    }
  }

  #trustMotor(reading: JointInputs, lane: Lane, nowUs: number): void {
    const { joint, limits } = lane;
    if (!Number.isFinite(reading.driveAgeUs)) {
      lane.motorKnown = false;
      joint.motorImplausible = false;
      return;
    }
    if (reading.driveSequence === lane.motorSequence) return;
    // Fewer frames than before: the link was reopened, so there is nothing to compare with.
    if (reading.driveSequence < lane.motorSequence) lane.motorKnown = false;
    lane.motorSequence = reading.driveSequence;
    const atUs = nowUs - reading.driveAgeUs;
    joint.motorImplausible =
      !possible(reading.motorPositionRad, limits) ||
      !(Math.abs(reading.motorVelocityRadPerSec) <= limits.frameSpeedRadPerSec * RANGE_SLACK) ||
      !(Math.abs(reading.motorTorqueNm) <= limits.frameTorqueNm * RANGE_SLACK) ||
      !Number.isFinite(reading.driveTempC) ||
      (lane.motorKnown && this.#jumped(reading.motorPositionRad - joint.positionRad, atUs - lane.motorAtUs, limits));
    if (joint.motorImplausible) return;
    joint.positionRad = reading.motorPositionRad;
    joint.velocityRadPerSec = reading.motorVelocityRadPerSec;
    joint.torqueNm = reading.motorTorqueNm;
    lane.motorKnown = true;
    lane.motorAtUs = atUs;
  }

  #trustEncoder(reading: JointInputs, lane: Lane, atUs: number): void {
    const { joint, limits } = lane;
    joint.encoderImplausible =
      !possible(reading.encoderPositionRad, limits) ||
      !Number.isFinite(reading.jointTorqueNm) ||
      !(reading.encoderQuality >= MIN_ENCODER_QUALITY) ||
      (lane.encoderKnown && this.#jumped(reading.encoderPositionRad - joint.encoderRad, atUs - lane.encoderAtUs, limits));
    if (joint.encoderImplausible) return;
    joint.encoderRad = reading.encoderPositionRad;
    joint.jointTorqueNm = reading.jointTorqueNm;
    lane.encoderKnown = true;
    lane.encoderAtUs = atUs;
  }

  /** One period is added because frames arrive in bursts: two readings a period apart may arrive together. */
  #jumped(changeRad: number, elapsedUs: number, limits: JointLimits): boolean {
    const elapsedSec = (Math.max(0, elapsedUs) + this.#periodUs) / US_PER_S;
    return !(Math.abs(changeRad) <= limits.speedRadPerSec * elapsedSec * JUMP_FACTOR + JUMP_NOISE_RAD);
  }
}

const possible = (positionRad: number, limits: JointLimits): boolean =>
  positionRad >= limits.mechanical.min - BEYOND_STOP_RAD && positionRad <= limits.mechanical.max + BEYOND_STOP_RAD;

const createLane = (limits: JointLimits, index: number): Lane => ({
  index,
  limits,
  joint: untrustedJoint(),
  motorKnown: false,
  motorSequence: -1,
  motorAtUs: 0,
  encoderKnown: false,
  encoderAtUs: 0,
});
