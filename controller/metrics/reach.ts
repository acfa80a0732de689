/**
 * One reach from its recorded path. A path is one column per axis, two or three of them, in metres. Hand path ratio,
 * movement time and peaks are those whose reliability N. Brihmat et al., J NeuroEng Rehabil 17:130 (2020), measured.
 */

export type Path = readonly ArrayLike<number>[];

/** Share of the peak speed at which a movement begins and ends. */
const MOVING_SHARE = 0.05;

const lengthOf = (path: Path): number => path[0]?.length ?? 0;

/** Position at one sample. */
const pointAt = (path: Path, i: number): number[] => path.map((axis) => axis[i] ?? Number.NaN);

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.sqrt(a.reduce((sum, x, axis) => sum + (x - (b[axis] ?? Number.NaN)) ** 2, 0));
}

/** Sum of the straight pieces between samples, m. */
export function pathLengthM(path: Path): number {
  let sum = 0;
  for (let i = 1; i < lengthOf(path); i++) sum += distance(pointAt(path, i - 1), pointAt(path, i));
  return sum;
}

/** Length of the path over the straight line between its ends; 1 is straight. null: it ends where it began. */
export function handPathRatio(path: Path): number | null {
  const straightM = distance(pointAt(path, 0), pointAt(path, lengthOf(path) - 1));
  return straightM > 0 ? pathLengthM(path) / straightM : null;
}

/** Velocity along each axis by central differences, one-sided at the ends; m/s. */
export function velocityOf(path: Path, rateHz: number): Float64Array[] {
  return path.map((axis) => {
    const last = axis.length - 1;
    const at = (i: number): number => axis[i] ?? Number.NaN;
    return Float64Array.from({ length: axis.length }, (_, i) => {
      const [from, to] = [Math.max(0, i - 1), Math.min(last, i + 1)];
      return to > from ? ((at(to) - at(from)) / (to - from)) * rateHz : 0;
    });
  });
}

/** Norm of a velocity that is given by axis. */
export const speedOf = (velocity: readonly ArrayLike<number>[]): Float64Array =>
  Float64Array.from({ length: velocity[0]?.length ?? 0 }, (_, i) => Math.sqrt(velocity.reduce((sum, axis) => sum + (axis[i] ?? Number.NaN) ** 2, 0)));

export const peakSpeed = (speed: ArrayLike<number>): number => Array.from(speed).reduce((peak, v) => Math.max(peak, Math.abs(v)), 0);

export interface MovementWindow {
  /** After the first sample. */
  readonly onsetSec: number;
  readonly endSec: number;
}

/**
 * From when the speed first exceeds 5 % of its peak until it was last above, between samples by straight lines.
 * @returns null where nothing moved, or where the record begins or ends in the middle of the movement
 */
export function movementWindow(speed: ArrayLike<number>, rateHz: number): MovementWindow | null {
  const threshold = MOVING_SHARE * peakSpeed(speed);
  const at = (i: number): number => Math.abs(speed[i] ?? 0);
  const last = speed.length - 1;
  let first = 0;
  while (first <= last && at(first) <= threshold) first++;
  let end = last;
  while (end >= 0 && at(end) <= threshold) end--;
  if (first > last || first === 0 || end === last) return null;
  const onset = first - (at(first) - threshold) / (at(first) - at(first - 1));
  const stop = end + (at(end) - threshold) / (at(end) - at(end + 1));
  return { onsetSec: onset / rateHz, endSec: stop / rateHz };
}

/** Least rise before and fall after a peak, as a share of the highest, so that noise is no peak (own). */
const PEAK_SHARE = 0.05;

/** How often the speed rises and falls again (Rohrer et al., J Neurosci 22, 2002): 1 for an unbroken reach, more for a broken one. */
export function velocityPeaks(speed: ArrayLike<number>): number {
  const least = PEAK_SHARE * peakSpeed(speed);
  let [peaks, rising, extreme] = [0, true, 0];
  for (let i = 0; i < speed.length; i++) {
    const v = Math.abs(speed[i] ?? 0);
    if (rising ? v > extreme : v < extreme) extreme = v;
    if (rising && extreme - v >= least && extreme > 0) {
      peaks++;
      [rising, extreme] = [false, v];
    } else if (!rising && v - extreme >= least) [rising, extreme] = [true, v];
  }
  return peaks;
}

/** Distance from the target to where the path ends, m. */
export const endpointErrorM = (path: Path, target: readonly number[]): number => distance(pointAt(path, lengthOf(path) - 1), target);

/** Distance from a point to the infinite line through two others; to the point itself where they are one. */
export function distanceToLineM(point: readonly number[], from: readonly number[], to: readonly number[]): number {
  const along = from.map((x, axis) => (to[axis] ?? Number.NaN) - x);
  const square = along.reduce((sum, x) => sum + x * x, 0);
  const dot = along.reduce((sum, x, axis) => sum + x * ((point[axis] ?? Number.NaN) - (from[axis] ?? Number.NaN)), 0);
  const share = square > 0 ? dot / square : 0;
  return distance(
    point,
    from.map((x, axis) => x + share * (along[axis] ?? Number.NaN)),
  );
}

/** Root mean square of the distances to the straight line from the first sample to the target; that sample is not counted. */
export function pathRmseM(path: Path, target: readonly number[]): number | null {
  const count = lengthOf(path);
  if (count < 2) return null;
  const start = pointAt(path, 0);
  let sum = 0;
  for (let i = 1; i < count; i++) sum += distanceToLineM(pointAt(path, i), start, target) ** 2;
  return Math.sqrt(sum / (count - 1));
}

/** Mean distance to the line that was to be traced, m. */
export const lineTracingErrorM = (path: Path, from: readonly number[], to: readonly number[]): number | null => meanOver(path, (point) => distanceToLineM(point, from, to));

/** Mean distance to the circle that was to be traced, in the plane, m. */
export const circleTracingErrorM = (path: Path, centre: readonly [number, number], radiusM: number): number | null =>
  meanOver(path, (point) => Math.abs(distance(point, centre) - radiusM));

function meanOver(path: Path, measure: (point: readonly number[]) => number): number | null {
  const count = lengthOf(path);
  if (count === 0) return null;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += measure(pointAt(path, i));
  return sum / count;
}
