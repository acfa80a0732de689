/**
 * Can the drives carry this patient? A person stands upright on one leg in the fitting posture of the profile, trunk over
 * the hip, weight over the ankle; what the body-weight support does not carry the drives must hold for as long as it
 * takes, that is with their continuous torque. The levers are those of the segments (Winter's fractions of body height).
 */
import { emptyLegPoints, legPoints } from '../../protocols/kinematics.ts';
import { isFootplate, type JointProfile, type RobotProfile } from '../../protocols/profile.ts';
import { degToRad } from '../../protocols/units.ts';

const GRAVITY_MPS2 = 9.81;

/** @returns for each joint of the profile the body mass that its drive can carry, kg; Infinity where it has no lever */
export function carriedKg(profile: RobotProfile, heightM: number): readonly number[] {
  // Whoever sits with an arm in the robot does not stand in it.
  if (profile.class === 'arm') return profile.joints.map(() => Infinity);
  // On a plate he stands whole at its belt, and leans over it at no other axis.
  if (isFootplate(profile)) return profile.joints.map(({ kind, drive, leadMPerRad = 1 }) => (kind === 'vertical' ? drive.continuousTorqueNm / (GRAVITY_MPS2 * leadMPerRad) : Infinity));
  const { thighFraction, shankFraction } = profile.geometry;
  const geometry = { thighM: thighFraction * heightM, shankM: shankFraction * heightM };
  return profile.joints.map((joint) => {
    const points = legPoints(geometry, homeRad(profile, joint, 'hip'), homeRad(profile, joint, 'knee'), emptyLegPoints());
    const leverM = joint.kind === 'ankle' ? 0 : Math.abs(joint.kind === 'knee' ? points.kneeXM - points.ankleXM : points.ankleXM);
    return joint.drive.continuousTorqueNm / (GRAVITY_MPS2 * leverM);
  });
}

/** A leg without such a joint is straight there. */
const homeRad = ({ joints }: RobotProfile, { side }: JointProfile, kind: JointProfile['kind']): number =>
  degToRad(joints.find((joint) => joint.side === side && joint.kind === kind)?.homePositionDeg ?? 0);
