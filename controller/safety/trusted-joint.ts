/** What is believed of one joint. */
export interface TrustedJoint {
  /** Motor side, where the drive closes its loop. */
  positionRad: number;
  velocityRadPerSec: number;
  torqueNm: number;
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
  /** Motor and joint encoder tell different angles, and either may be wrong. */
  disagrees: boolean;
  /** A reading stands although the joint moves, or although its own noise should move it. */
  stuck: boolean;
  /** The joint torque sensor contradicts the motor's torque. */
  torqueDoubted: boolean;
}

/** Nothing is known yet. */
export const untrustedJoint = (): TrustedJoint => ({
  positionRad: 0,
  velocityRadPerSec: 0,
  torqueNm: 0,
  encoderRad: 0,
  jointTorqueNm: 0,
  trusted: false,
  motorFresh: false,
  motorImplausible: false,
  encoderImplausible: false,
  disagrees: false,
  stuck: false,
  torqueDoubted: false,
});
