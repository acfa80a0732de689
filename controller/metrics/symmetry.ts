/**
 * Left against right. Each measure takes what was measured on either side (both positive, as step lengths and ranges of
 * motion are). The four and their relations: K. Patterson et al., Gait & Posture 31:241 (2010).
 */
import { atan, log } from '../../protocols/math.ts';

/**
 * (R − L) / (½ (R + L)) · 100 %: 0 is symmetric, positive means that the right side is larger
 * (R. Robinson, W. Herzog & B. Nigg, J Manipulative Physiol Ther 10:172, 1987). null where either is missing or they add up to zero.
 */
export function symmetryIndexPercent(left: number | null, right: number | null): number | null {
  if (left === null || right === null || left + right === 0) return null;
  return ((right - left) / (0.5 * (right + left))) * 100;
}

/** L / R: 1 is symmetric. */
export const symmetryRatio = (left: number, right: number): number | null => (right === 0 ? null : left / right);

/** |100 ln(R/L)| %: 0 is symmetric, the same whichever side is larger (M. Plotnik et al., Ann Neurol 57, 2005). */
export const gaitAsymmetryPercent = (left: number, right: number): number | null => (left > 0 && right > 0 ? Math.abs(100 * log(right / left)) : null);

/** (45° − atan(L/R)) / 90° · 100 %: 0 is symmetric, positive means that the right side is larger (R. Zifchock et al., Gait & Posture 27:622, 2008). */
export function symmetryAnglePercent(left: number, right: number): number | null {
  if (!(left >= 0 && right >= 0) || left + right === 0) return null;
  return (0.5 - atan(left / right) / (Math.PI / 2)) * 100;
}
