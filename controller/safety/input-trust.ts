/**
 * Which of the robot's readings may be acted on. A reading is used only when it is finite, physically possible and
 * reachable from the last trusted one; until a good one comes the last trusted value stays, marked untrusted.
 */
import type { JointInputs, RobotInputs } from '../../protocols/joints.ts';
import { degToRad, US_PER_S } from '../../protocols/units.ts';
import type { JointLimits } from './limits.ts';

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

/** What is believed of one joint. */
export interface TrustedJoint {
  /** Motor side, where the drive closes its loop. */
  positionRad: number;
  velocityRadPerSec: number;
  torqueNm: number;
  /** Joint side. */
  encoderRad: number;
  /** The newest drive reading and the newest encoder reading are both usable. */
  trusted: boolean;
  motorImplausible: boolean;
  encoderImplausible: boolean;
  disagrees: boolean;
}

interface History {
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
  readonly #history: readonly History[];
  readonly #limits: readonly JointLimits[];
  readonly #periodUs: number;
  #hubTimeUs = Number.NaN;
  #hubChangedAtUs = 0;

  constructor(limits: readonly JointLimits[], periodUs: number) {
    this.#limits = limits;
    this.#periodUs = periodUs;
    this.joints = limits.map(() => ({
      positionRad: 0,
      velocityRadPerSec: 0,
      torqueNm: 0,
      encoderRad: 0,
      trusted: false,
      motorImplausible: false,
      encoderImplausible: false,
      disagrees: false,
    }));
    this.#history = limits.map(() => ({ motorKnown: false, motorSequence: -1, motorAtUs: 0, encoderKnown: false, encoderAtUs: 0 }));
  }

  update(inputs: RobotInputs): void {
    const { hub, nowUs } = inputs;
    const hubMoved = hub.deviceTimeUs !== this.#hubTimeUs;
    if (hubMoved) {
      this.#hubTimeUs = hub.deviceTimeUs;
      this.#hubChangedAtUs = nowUs;
    }
    this.hubFrozenUs = nowUs - this.#hubChangedAtUs;
    for (let j = 0; j < this.joints.length; j++) {
      const reading = inputs.joints[j];
      const joint = this.joints[j];
      const history = this.#history[j];
      const limits = this.#limits[j];
      if (reading === undefined || joint === undefined || history === undefined || limits === undefined) continue;
      this.#trustMotor(reading, joint, history, limits, nowUs);
      if (Number.isFinite(hub.ageUs)) this.#trustEncoder(reading, joint, history, limits, nowUs - hub.ageUs);
      joint.disagrees = history.motorKnown && history.encoderKnown && Math.abs(joint.positionRad - joint.encoderRad) > DISAGREEMENT_RAD;
      joint.trusted = history.motorKnown && history.encoderKnown && !joint.motorImplausible && !joint.encoderImplausible;
    }
  }

  #trustMotor(reading: JointInputs, joint: TrustedJoint, history: History, limits: JointLimits, nowUs: number): void {
    if (!Number.isFinite(reading.driveAgeUs)) {
      history.motorKnown = false;
      joint.motorImplausible = false;
      return;
    }
    if (reading.driveSequence === history.motorSequence) return;
    // Fewer frames than before: the link was reopened, so there is nothing to compare with.
    if (reading.driveSequence < history.motorSequence) history.motorKnown = false;
    history.motorSequence = reading.driveSequence;
    const atUs = nowUs - reading.driveAgeUs;
    joint.motorImplausible =
      !possible(reading.motorPositionRad, limits) ||
      !(Math.abs(reading.motorVelocityRadPerSec) <= limits.frameSpeedRadPerSec * RANGE_SLACK) ||
      !(Math.abs(reading.motorTorqueNm) <= limits.frameTorqueNm * RANGE_SLACK) ||
      !Number.isFinite(reading.driveTempC) ||
      (history.motorKnown && this.#jumped(reading.motorPositionRad - joint.positionRad, atUs - history.motorAtUs, limits));
    if (joint.motorImplausible) return;
    joint.positionRad = reading.motorPositionRad;
    joint.velocityRadPerSec = reading.motorVelocityRadPerSec;
    joint.torqueNm = reading.motorTorqueNm;
    history.motorKnown = true;
    history.motorAtUs = atUs;
  }

  #trustEncoder(reading: JointInputs, joint: TrustedJoint, history: History, limits: JointLimits, atUs: number): void {
    joint.encoderImplausible =
      !possible(reading.encoderPositionRad, limits) ||
      !Number.isFinite(reading.jointTorqueNm) ||
      !(reading.encoderQuality >= MIN_ENCODER_QUALITY) ||
      (history.encoderKnown && this.#jumped(reading.encoderPositionRad - joint.encoderRad, atUs - history.encoderAtUs, limits));
    if (joint.encoderImplausible) return;
    joint.encoderRad = reading.encoderPositionRad;
    history.encoderKnown = true;
    history.encoderAtUs = atUs;
  }

  /** One period is added because frames arrive in bursts: two readings a period apart may arrive together. */
  #jumped(changeRad: number, elapsedUs: number, limits: JointLimits): boolean {
    const elapsedSec = (Math.max(0, elapsedUs) + this.#periodUs) / US_PER_S;
    return !(Math.abs(changeRad) <= limits.speedRadPerSec * elapsedSec * JUMP_FACTOR + JUMP_NOISE_RAD);
  }
}

const possible = (positionRad: number, limits: JointLimits): boolean =>
  positionRad >= limits.mechanical.min - BEYOND_STOP_RAD && positionRad <= limits.mechanical.max + BEYOND_STOP_RAD;
