/** Could a reading be true at all, whatever was before? What is no number is not. */
import type { JointInputs } from '../../protocols/joints.ts';
import type { RangeRad } from '../../protocols/profile.ts';
import type { SensedInputs } from '../../protocols/sensed-joint.ts';
import { degToRad } from '../../protocols/units.ts';
import type { JointLimits } from './limits.ts';

/** A reading may lie this far beyond the mechanical stop (calibration error) before it is called impossible. */
const BEYOND_STOP_RAD = degToRad(5);
/** Torque and velocity readings may exceed the frame's range by rounding only. */
const RANGE_SLACK = 1.05;
/** Of the drive's peak. Own value: between gear and segment there is what the motor makes, and what the rotor adds in a blow. */
const MOST_JOINT_TORQUE = 1.5;
/** Own value: the hub reports 0 … 255. */
export const MIN_ENCODER_QUALITY = 32;

/** What a drive tells. */
export const isMotorPossible = ({ motorPositionRad, motorVelocityRadPerSec, motorTorqueNm, driveTempC }: JointInputs, limits: JointLimits): boolean =>
  isWithinStops(motorPositionRad, limits.mechanical) &&
  Math.abs(motorVelocityRadPerSec) <= limits.frameSpeedRadPerSec * RANGE_SLACK &&
  Math.abs(motorTorqueNm) <= limits.frameTorqueNm * RANGE_SLACK &&
  Number.isFinite(driveTempC);

/** What the hub tells of a joint. */
export const isJointSidePossible = ({ encoderPositionRad, jointTorqueNm, encoderQuality }: JointInputs, limits: JointLimits): boolean =>
  isWithinStops(encoderPositionRad, limits.mechanical) && Math.abs(jointTorqueNm) <= limits.peakTorqueNm * MOST_JOINT_TORQUE && encoderQuality >= MIN_ENCODER_QUALITY;

/** What is told of a joint that is only measured. */
export const isSensedPossible = ({ positionRad, quality }: SensedInputs, mechanical: RangeRad): boolean => isWithinStops(positionRad, mechanical) && quality >= MIN_ENCODER_QUALITY;

const isWithinStops = (positionRad: number, mechanical: RangeRad): boolean =>
  positionRad >= mechanical.min - BEYOND_STOP_RAD && positionRad <= mechanical.max + BEYOND_STOP_RAD;
