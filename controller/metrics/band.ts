/** Does a gait run within what is usual? */
import type { StrideCurves } from '../../protocols/api.ts';

/** Share of the cycle in which the mean runs within the reference ± 1 SD (own definition), 0 … 1; null without strides. */
export function shareInBand(curve: Pick<StrideCurves, 'strideCount' | 'meanDeg' | 'referenceDeg' | 'referenceSdDeg'>): number | null {
  if (curve.strideCount === 0 || curve.meanDeg.length === 0) return null;
  const inside = curve.meanDeg.filter((deg, i) => Math.abs(deg - (curve.referenceDeg[i] ?? Number.NaN)) <= (curve.referenceSdDeg[i] ?? 0));
  return inside.length / curve.meanDeg.length;
}
