/** Brings a recorded column to a fixed rate, and says when that would make samples up. */

/** A longer silence in a record is a hole, not a sample interval. */
export const MAX_GAP_SEC = 0.1;
/** Printed times are rounded: so far, as a share of the period, may a sample lie from the even grid (own). */
const GRID_TOLERANCE = 0.1;

export type Sampling =
  | { readonly kind: 'even'; readonly rateHz: number }
  /** To be resampled at this rate: one over the median interval, in whole hertz. */
  | { readonly kind: 'uneven'; readonly rateHz: number }
  /** `index` is the sample after the trouble. */
  | { readonly kind: 'gap'; readonly index: number; readonly gapSec: number }
  | { readonly kind: 'notIncreasing'; readonly index: number }
  | { readonly kind: 'tooShort' };

/** How a record was sampled, by its times in seconds. */
export function findSampling(timeSec: ArrayLike<number>): Sampling {
  const count = timeSec.length;
  if (count < 2) return { kind: 'tooShort' };
  const at = (i: number): number => timeSec[i] ?? 0;
  const intervals = Array.from({ length: count - 1 }, (_, i) => at(i + 1) - at(i));
  const backwards = intervals.findIndex((interval) => !(interval > 0));
  if (backwards >= 0) return { kind: 'notIncreasing', index: backwards + 1 };
  const median = intervals.toSorted((a, b) => a - b)[Math.floor(intervals.length / 2)] ?? 0;
  // A slow record has long intervals throughout and no gap in them.
  const gap = intervals.findIndex((interval) => interval > Math.max(MAX_GAP_SEC, 3 * median));
  if (gap >= 0) return { kind: 'gap', index: gap + 1, gapSec: intervals[gap] ?? 0 };
  const periodSec = (at(count - 1) - at(0)) / (count - 1);
  const isEven = intervals.every((_, i) => Math.abs(at(i) - at(0) - i * periodSec) <= GRID_TOLERANCE * periodSec);
  if (isEven) return { kind: 'even', rateHz: withoutRounding(1 / periodSec) };
  return { kind: 'uneven', rateHz: Math.max(1, Math.round(1 / median)) };
}

/** 100.00000000000001 Hz is 100 Hz. */
const withoutRounding = (rateHz: number): number => Math.round(rateHz * 1e6) / 1e6;

/** Linear interpolation of a sampled column at evenly spaced times from `startSec` to `endSec`, both included. */
export function resample(timeSec: ArrayLike<number>, values: ArrayLike<number>, range: { startSec: number; endSec: number }, points: number): Float64Array {
  const { startSec, endSec } = range;
  const out = new Float64Array(points);
  let right = 1;
  for (let i = 0; i < points; i++) {
    const at = startSec + ((endSec - startSec) * i) / Math.max(1, points - 1);
    while (right < timeSec.length - 1 && (timeSec[right] ?? 0) < at) right++;
    const [t0, t1] = [timeSec[right - 1] ?? 0, timeSec[right] ?? 0];
    const [v0, v1] = [values[right - 1] ?? 0, values[right] ?? 0];
    out[i] = t1 > t0 ? v0 + ((v1 - v0) * (at - t0)) / (t1 - t0) : v1;
  }
  return out;
}

/** A column at a fixed rate, from its first sample to the last whole period before its end. */
export function resampleAt(timeSec: ArrayLike<number>, values: ArrayLike<number>, rateHz: number): Float64Array {
  const startSec = timeSec[0] ?? 0;
  const spanSec = (timeSec[timeSec.length - 1] ?? 0) - startSec;
  // A millionth of a period, so that rounding does not cost the last sample.
  const points = Math.floor(spanSec * rateHz + 1e-6) + 1;
  return resample(timeSec, values, { startSec, endSec: startSec + (points - 1) / rateHz }, points);
}
