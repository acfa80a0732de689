/** Which drives sit on a link, and the joint that each has: one to move, or one to read with its torque off. */
import { allJointsOf, type AnyJoint, type RobotProfile } from '../../protocols/profile.ts';
import type { DriveSeat } from './drive.ts';

/** @returns null for a joint that the sensor hub reads */
function seatOf(joint: AnyJoint): DriveSeat | null {
  if ('drive' in joint) return joint;
  if (joint.reading.by === 'hub') return null;
  return { id: joint.id, name: joint.name, speedLimitDegPerSec: joint.speedLimitDegPerSec, torqueLimitNm: 0, drive: { ...joint.reading.servo, setPoint: 'torque' } };
}

/** `index`: place among all joints, those that are only measured behind the driven ones. */
export const seatsOn = (profile: RobotProfile, linkId: string): readonly { readonly seat: DriveSeat; readonly index: number }[] =>
  allJointsOf(profile).flatMap((joint, index) => {
    const seat = seatOf(joint);
    return seat?.drive.link === linkId ? [{ seat, index }] : [];
  });
