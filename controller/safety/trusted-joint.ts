import type { JointInputs } from '../../protocols/joints.ts';

/** What is believed of one joint. */
export interface TrustedJoint {
  /** Motor side, where the drive closes its loop. */
  positionRad: number;
  velocityRadPerSec: number;
  torqueNm: number;
  /** When these three were heard, loop time. */
  motorAtUs: number;
  /** How many readings there were by then. */
  motorSequence: number;
  /** Joint side. */
  encoderRad: number;
  /** Joint side, between gear and segment. */
  jointTorqueNm: number;
  /** The motor side is known and its newest reading usable: the joint may be controlled. */
  trusted: boolean;
  /** The motor side was heard of within the profile's input age. */
  motorFresh: boolean;
  motorImplausible: boolean;
  encoderImplausible: boolean;
  /** Motor and joint encoder tell different angles, more so than late readings of a moving joint may: the drive may be closing its loop on a wrong one. */
  disagrees: boolean;
  /** They tell different angles of a joint that moves so fast that one reading may only be late. */
  apart: boolean;
  /** The joint encoder jumped or stood still, and does not agree with the motor since: it is the wrong one. */
  encoderDoubted: boolean;
  /** A position stands although the other one moves, or although its own noise should move it. */
  stuck: boolean;
  /** The joint torque sensor contradicts the motor's torque. */
  torqueDoubted: boolean;
}

/** Nothing is known yet. */
export const untrustedJoint = (): TrustedJoint => ({
  positionRad: 0,
  velocityRadPerSec: 0,
  torqueNm: 0,
  motorAtUs: 0,
  motorSequence: -1,
  encoderRad: 0,
  jointTorqueNm: 0,
  trusted: false,
  motorFresh: false,
  motorImplausible: false,
  encoderImplausible: false,
  disagrees: false,
  apart: false,
  encoderDoubted: false,
  stuck: false,
  torqueDoubted: false,
});

/** Stands for a joint that has no record. */
export const ABSENT_JOINT: JointInputs = {
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
