/** What holds a free joint off the ends of its range, before the envelope has to. */
import { clamp } from '../../protocols/math.ts';
import type { JointProfile, RangeRad } from '../../protocols/profile.ts';
import { degToRad } from '../../protocols/units.ts';
import type { MeasuredJoint } from './therapy.ts';

/** From here on; own value. */
export const END_RAD = degToRad(6);
/** In which the damper grows in: one that is there at once is a step that a drive cannot follow. Own value. */
const SOFT_RAD = degToRad(2);

/** Spring and damper of full guidance, toward the inside only. */
export function endTorqueNm({ stiffnessNmPerRad, dampingNmsPerRad }: JointProfile, { min, max }: RangeRad, { positionRad, velocityRadPerSec }: MeasuredJoint): number {
  const middle = (min + max) / 2;
  const beyondRad = positionRad - clamp(positionRad, Math.min(min + END_RAD, middle), Math.max(max - END_RAD, middle));
  if (beyondRad === 0) return 0;
  const outward = Math.sign(beyondRad);
  const depthRad = Math.abs(beyondRad);
  return -outward * Math.max(0, stiffnessNmPerRad * depthRad + Math.min(1, depthRad / SOFT_RAD) * dampingNmsPerRad * outward * velocityRadPerSec);
}
