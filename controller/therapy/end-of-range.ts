/** What holds a free joint off the ends of its range, and catches one that falls there, before the envelope has to. */
import { clamp } from '../../protocols/math.ts';
import type { JointProfile, RangeRad } from '../../protocols/profile.ts';
import { degToRad } from '../../protocols/units.ts';
import type { MeasuredJoint } from './therapy.ts';

/** From here on; own value. */
export const END_RAD = degToRad(6);
/** In which the damper grows in: one that is there at once is a step that a drive cannot follow. Own value. */
const SOFT_RAD = degToRad(2);
/** Own values. So a limb that falls is slowed on its way to an end, and nowhere goes faster than this share of its limit. */
const SLOWING_RAD_PER_SEC2 = 3;
const FASTEST_SHARE = 0.85;
/** Faster by so much than that, the whole of its weight is carried. */
const CATCH_RAD_PER_SEC = 0.2;

/** Spring and damper of full guidance, toward the inside only. */
export function endTorqueNm({ stiffnessNmPerRad, dampingNmsPerRad }: JointProfile, { min, max }: RangeRad, { positionRad, velocityRadPerSec }: MeasuredJoint): number {
  const middle = (min + max) / 2;
  const beyondRad = positionRad - clamp(positionRad, Math.min(min + END_RAD, middle), Math.max(max - END_RAD, middle));
  if (beyondRad === 0) return 0;
  const outward = Math.sign(beyondRad);
  const depthRad = Math.abs(beyondRad);
  return -outward * Math.max(0, stiffnessNmPerRad * depthRad + Math.min(1, depthRad / SOFT_RAD) * dampingNmsPerRad * outward * velocityRadPerSec);
}

/**
 * A limb that nobody carries falls. One that falls to an end faster than it could be slowed there has so much more of its weight
 * carried, and is damped, until it only sinks. As far as the person carries it himself it is his to move, however fast.
 * @param uncarriedNm what it would take to hold the part of the limb's weight that is left to the person
 * @param personNm what he gives; NaN: not known, so that he may give nothing
 */
export function catchTorqueNm({ speedLimitDegPerSec, dampingNmsPerRad }: JointProfile, { min, max }: RangeRad, { positionRad, velocityRadPerSec }: MeasuredJoint, uncarriedNm: number, personNm: number): number {
  const outward = Math.sign(velocityRadPerSec);
  // The spring at the end begins before it, and takes the rest.
  const leftRad = Math.max(0, (outward > 0 ? max - positionRad : positionRad - min) - END_RAD / 2);
  const mostRadPerSec = Math.min(FASTEST_SHARE * degToRad(speedLimitDegPerSec), Math.sqrt(2 * SLOWING_RAD_PER_SEC2 * leftRad));
  const excessRadPerSec = outward * velocityRadPerSec - mostRadPerSec;
  if (!(excessRadPerSec > 0 && outward * uncarriedNm < 0)) return 0;
  const falls = clamp(1 - (Number.isNaN(personNm) ? 0 : personNm) / uncarriedNm, 0, 1);
  return falls * (Math.min(1, excessRadPerSec / CATCH_RAD_PER_SEC) * uncarriedNm - outward * dampingNmsPerRad * excessRadPerSec);
}
