/** Isometric strength of one joint in one direction, as dynamometers define it: the best second of a push against a robot that stands. */
import { mean } from './statistics.ts';

/** Plateau of the definition. */
export const PLATEAU_SEC = 1;

export interface Plateau {
  /** Mean over the best second. */
  readonly torqueNm: number;
  readonly fromSec: number;
}

/** @param torqueNm against the robot, offset removed, at a fixed rate @returns null: shorter than a second, or not known throughout any */
export function bestPlateau(torqueNm: readonly number[], rateHz: number): Plateau | null {
  const length = Math.round(PLATEAU_SEC * rateHz);
  let best: Plateau | null = null;
  let sum = 0;
  let unknown = 0;
  torqueNm.forEach((value, i) => {
    const old = i >= length ? (torqueNm[i - length] ?? Number.NaN) : 0;
    if (Number.isNaN(value)) unknown++;
    else sum += value;
    if (Number.isNaN(old)) unknown--;
    else sum -= old;
    if (i + 1 < length || unknown > 0) return;
    if (best === null || sum / length > best.torqueNm) best = { torqueNm: sum / length, fromSec: (i + 1 - length) / rateHz };
  });
  return best;
}

/** What a limb that rests adds, over the last second before a push. */
export function restOffset(torqueNm: readonly number[], rateHz: number): number {
  return mean(torqueNm.slice(-Math.round(PLATEAU_SEC * rateHz)).filter((value) => Number.isFinite(value)));
}
