/** Leads a joint that stands outside its range back into it, while somebody holds the button. */
import { clamp } from '../../protocols/math.ts';
import type { RangeRad } from '../../protocols/profile.ts';
import { degToRad } from '../../protocols/units.ts';

/** Below the 2°/s that a recovery may have (safety design), so that what swings along stays below it too. */
const RECOVERY_RAD_PER_SEC = degToRad(1.2);
/** It aims this far inside, so that a joint held off its set-point by its weight gets there too. Own value. */
const INSIDE_RAD = degToRad(5);

export interface LedJoint {
  readonly permitted: RangeRad;
  readonly measured: { readonly positionRad: number };
  /** The posture that it is held in. */
  restRad: number;
}

/** Toward the inside, never outward; a joint that is inside stays where it is. */
export function lead(joint: LedJoint, elapsedSec: number): void {
  const { min, max } = joint.permitted;
  const { positionRad } = joint.measured;
  const middle = (min + max) / 2;
  const inside = clamp(joint.restRad, Math.min(min + INSIDE_RAD, middle), Math.max(max - INSIDE_RAD, middle));
  const outside = positionRad < min || positionRad > max || joint.restRad < min || joint.restRad > max;
  const stepRad = RECOVERY_RAD_PER_SEC * elapsedSec;
  if (outside) joint.restRad += clamp(inside - joint.restRad, -stepRad, stepRad);
}
