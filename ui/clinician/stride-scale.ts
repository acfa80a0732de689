/** Geometry of a stride chart: scales, paths and what can be read off them. */
import type { StrideCurves } from '../../protocols/api.ts';

export interface DegreeScale {
  readonly minDeg: number;
  readonly maxDeg: number;
  readonly marksDeg: readonly number[];
}

/** One scale for all curves that are read beside each other, so that equal heights are equal angles. */
export function sharedScale(curves: readonly StrideCurves[]): DegreeScale {
  let low = Infinity;
  let high = -Infinity;
  const take = (deg: number): void => {
    if (deg < low) low = deg;
    if (deg > high) high = deg;
  };
  for (const curve of curves) {
    curve.meanDeg.forEach(take);
    curve.stridesDeg.forEach((stride) => stride.forEach(take));
    curve.referenceDeg.forEach((deg, i) => {
      take(deg - (curve.referenceSdDeg[i] ?? 0));
      take(deg + (curve.referenceSdDeg[i] ?? 0));
    });
  }
  if (!Number.isFinite(low) || !Number.isFinite(high)) [low, high] = [0, 60];
  const minDeg = Math.floor(low / 10) * 10;
  const maxDeg = Math.max(Math.ceil(high / 10) * 10, minDeg + 20);
  const step = maxDeg - minDeg > 50 ? 20 : 10;
  const first = Math.ceil(minDeg / step) * step;
  return { minDeg, maxDeg, marksDeg: Array.from({ length: Math.floor((maxDeg - first) / step) + 1 }, (_, i) => first + i * step) };
}

export interface Frame {
  readonly leftPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** x of a point of the cycle given as share 0 … 1. */
export const cycleX = (frame: Frame, share: number): number => frame.leftPx + share * frame.widthPx;

export const degreeY = (frame: Frame, scale: DegreeScale, deg: number): number =>
  frame.topPx + ((scale.maxDeg - deg) / (scale.maxDeg - scale.minDeg)) * frame.heightPx;

const point = (x: number, y: number): string => `${x.toFixed(1)} ${y.toFixed(1)}`;

/** SVG path through the points of a cycle. */
export function curvePath(valuesDeg: readonly number[], frame: Frame, scale: DegreeScale): string {
  const last = Math.max(valuesDeg.length - 1, 1);
  return valuesDeg.map((deg, i) => `${i === 0 ? 'M' : 'L'}${point(cycleX(frame, i / last), degreeY(frame, scale, deg))}`).join('');
}

/** Closed path around centre ± spread. */
export function bandPath(centreDeg: readonly number[], spreadDeg: readonly number[], frame: Frame, scale: DegreeScale): string {
  if (centreDeg.length === 0) return '';
  const last = Math.max(centreDeg.length - 1, 1);
  const edge = (sign: 1 | -1): string[] =>
    centreDeg.map((deg, i) => point(cycleX(frame, i / last), degreeY(frame, scale, deg + sign * (spreadDeg[i] ?? 0))));
  return `M${edge(1).join('L')}L${edge(-1).reverse().join('L')}Z`;
}

/** Sample SD (n − 1) of the drawn strides at a point of the cycle; null with fewer than two. */
export function strideSdDeg(curve: StrideCurves, index: number): number | null {
  const values = curve.stridesDeg.flatMap((stride) => stride[index] ?? []);
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
