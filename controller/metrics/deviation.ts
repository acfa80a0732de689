/** How far a gait curve lies from a reference. */
import { resample } from './sampling.ts';

/** Every 2 % of the gait cycle (R. Baker et al., Gait & Posture 30:265, 2009). */
const SCORE_POINTS = 51;

export function rootMeanSquareDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return Math.sqrt(sum / a.length);
}

/** A whole gait cycle, evenly sampled with both ends, at every 2 %. */
export function atScorePoints(curve: ArrayLike<number>): Float64Array {
  const share = Float64Array.from({ length: curve.length }, (_, i) => i);
  return resample(share, curve, { startSec: 0, endSec: curve.length - 1 }, SCORE_POINTS);
}

/** Gait variable score of one joint: RMS over 51 points between a cycle and the reference's, in the unit of the curves. */
export const gaitVariableScore = (curve: ArrayLike<number>, reference: ArrayLike<number>): number => rootMeanSquareDifference(atScorePoints(curve), atScorePoints(reference));

/**
 * RMS of the scores of hip and knee of one side. It is no Gait Profile Score and no Gait Deviation Index: those need nine
 * curves of pelvis, hip, knee, ankle and foot, which a device with two joints per leg does not measure.
 */
export const twoJointScore = (hip: number, knee: number): number => Math.sqrt((hip * hip + knee * knee) / 2);
