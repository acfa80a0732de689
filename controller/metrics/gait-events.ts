/** Heel strike and toe off, from what presses on the ground and from how the foot moves against the pelvis. */

export interface GaitEvents {
  /** Seconds after the first sample, in order. */
  readonly strikesSec: readonly number[];
  readonly offsSec: readonly number[];
}

export interface ContactThresholds {
  readonly onN: number;
  readonly offN: number;
}

/** Own: 20 N are usual with force plates (J. Zeni et al. 2008 among many); twice and a half as much to strike, so that a foot which scuffs is not standing. */
export const DEFAULT_THRESHOLDS: ContactThresholds = { onN: 50, offN: 20 };

/**
 * From the force under one foot. It stands from `onN` until it falls below `offN`; the moments lie between samples. A record
 * that begins on this foot begins with its toe off.
 */
export function contactEvents(forceN: ArrayLike<number>, rateHz: number, thresholds: ContactThresholds = DEFAULT_THRESHOLDS): GaitEvents {
  const strikesSec: number[] = [];
  const offsSec: number[] = [];
  let stands = (forceN[0] ?? 0) >= thresholds.onN;
  for (let i = 1; i < forceN.length; i++) {
    const [before, now] = [forceN[i - 1] ?? 0, forceN[i] ?? 0];
    const level = stands ? thresholds.offN : thresholds.onN;
    if (stands ? now >= level : now < level) continue;
    const share = now === before ? 1 : Math.min(1, Math.max(0, (level - before) / (now - before)));
    (stands ? offsSec : strikesSec).push((i - 1 + share) / rateHz);
    stands = !stands;
  }
  return { strikesSec, offsSec };
}

/**
 * From positions along the direction of walking: the heel strikes where it is farthest in front of the pelvis, the toe
 * leaves where it is farthest behind (J. Zeni, J. Richards & J. Higginson, Gait & Posture 27:710, 2008).
 * @param columns metres, forward positive, on a treadmill or over ground
 */
export function kinematicEvents(columns: { readonly heelM: ArrayLike<number>; readonly toeM: ArrayLike<number>; readonly pelvisM: ArrayLike<number> }, rateHz: number): GaitEvents {
  const { heelM, toeM, pelvisM } = columns;
  const heel = Float64Array.from({ length: heelM.length }, (_, i) => (heelM[i] ?? 0) - (pelvisM[i] ?? 0));
  const toe = Float64Array.from({ length: toeM.length }, (_, i) => (pelvisM[i] ?? 0) - (toeM[i] ?? 0));
  const seconds = (place: number): number => place / rateHz;
  return { strikesSec: maxima(heel).map(seconds), offsSec: maxima(toe).map(seconds) };
}

/** Least rise and fall around an extremum, as a share of the whole way: half a step is far more, noise far less (own). */
const PROMINENCE = 0.3;

/** Places (in samples, refined by a parabola) of the maxima that the values rise to and fall from. */
function maxima(values: Float64Array): number[] {
  const lowest = values.reduce((a, b) => Math.min(a, b), Infinity);
  const highest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const least = PROMINENCE * (highest - lowest);
  const places: number[] = [];
  // Before the first fall it is not known whether the record began on the way up.
  let [rising, best, floor] = [false, 0, Infinity];
  for (let i = 0; i < values.length; i++) {
    const v = values[i] ?? 0;
    if (rising) {
      if (v > (values[best] ?? 0)) best = i;
      if ((values[best] ?? 0) - v < least || least === 0) continue;
      places.push(refine(values, best));
      [rising, floor] = [false, v];
    } else {
      floor = Math.min(floor, v);
      if (v - floor >= least && least > 0) [rising, best] = [true, i];
    }
  }
  return places;
}

function refine(values: Float64Array, place: number): number {
  const [a, b, c] = [values[place - 1], values[place], values[place + 1]];
  if (a === undefined || b === undefined || c === undefined) return place;
  const bend = a - 2 * b + c;
  return bend < 0 ? place + (0.5 * (a - c)) / bend : place;
}

export interface EventAgreement {
  /** Mean of other minus first; positive: the other sees it later. */
  readonly meanMs: number;
  readonly meanAbsoluteMs: number;
  readonly matched: number;
  /** Events of either list without a counterpart. */
  readonly unmatched: number;
}

/** Farther apart than a fifth of a second they are not the same event (own: stance and swing last longer even in a fast walk). */
const SAME_EVENT_SEC = 0.2;

/** How well two ways of finding the same events agree; null: no event is in both. */
export function eventAgreement(first: readonly number[], other: readonly number[]): EventAgreement | null {
  const differencesMs: number[] = [];
  for (const atSec of first) {
    const nearest = other.reduce((best, candidate) => (Math.abs(candidate - atSec) < Math.abs(best - atSec) ? candidate : best), Infinity);
    if (Math.abs(nearest - atSec) <= SAME_EVENT_SEC) differencesMs.push((nearest - atSec) * 1_000);
  }
  const matched = differencesMs.length;
  if (matched === 0) return null;
  const average = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / matched;
  return { meanMs: average(differencesMs), meanAbsoluteMs: average(differencesMs.map(Math.abs)), matched, unmatched: first.length + other.length - 2 * matched };
}
