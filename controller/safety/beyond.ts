/** Is a joint outside one of its ranges? */
import type { RangeRad } from '../../protocols/profile.ts';
import type { JointLimits } from './limits.ts';
import type { TrustedJoint } from './trusted-joint.ts';

const beyond = (positionRad: number, range: RangeRad, toleranceRad: number): boolean => positionRad < range.min - toleranceRad || positionRad > range.max + toleranceRad;

/** Both sensors count, either may be the one that is right; but an unpowered drive does not know where its joint went, and an encoder known to be wrong is none beside it. */
export const jointIsBeyond = ({ trusted, limits }: { readonly trusted: TrustedJoint; readonly limits: JointLimits }, range: 'permitted' | 'hard', toleranceRad: number): boolean =>
  (!(trusted.encoderDoubted && trusted.motorFresh) && beyond(trusted.encoderRad, limits[range], toleranceRad)) || (trusted.motorFresh && beyond(trusted.positionRad, limits[range], toleranceRad));
