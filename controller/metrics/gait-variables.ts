/**
 * What a walk is told by, from its events. A stride is the time between two heel strikes of one foot, a step that from one
 * foot's strike to the other's. Speed is never measured here: it is always step length × cadence / 60.
 */
import type { GaitEvents } from './gait-events.ts';
import { resample } from './sampling.ts';
import { CURVE_POINTS } from './strides.ts';

const SEC_PER_MIN = 60;
const STEPS_PER_STRIDE = 2;

/** Steps of both legs per minute. */
export const cadenceOfStride = (strideTimeSec: number): number => (STEPS_PER_STRIDE * SEC_PER_MIN) / strideTimeSec;

/** v = step length × cadence / 60, always; m/s. */
export const walkingSpeedMps = (stepLengthM: number, cadenceStepsPerMin: number): number => (stepLengthM * cadenceStepsPerMin) / SEC_PER_MIN;

/** How far a speed measured otherwise (belt encoder) is from step length × cadence / 60, percent of the measured one. */
export const speedDisagreementPercent = (measuredMps: number, stepLengthM: number, cadenceStepsPerMin: number): number | null =>
  measuredMps === 0 ? null : ((walkingSpeedMps(stepLengthM, cadenceStepsPerMin) - measuredMps) / measuredMps) * 100;

export interface StrideTimes {
  readonly startSec: number;
  /** null: the toe did not leave the ground, or was not seen to. */
  readonly toeOffSec: number | null;
  readonly endSec: number;
}

/** Whole strides of one foot. */
export function stridesOf({ strikesSec, offsSec }: GaitEvents): StrideTimes[] {
  return strikesSec.slice(1).map((endSec, i) => {
    const startSec = strikesSec[i] ?? 0;
    return { startSec, toeOffSec: offsSec.find((atSec) => atSec > startSec && atSec < endSec) ?? null, endSec };
  });
}

/** A column over 0 … 100 % of each stride. */
export function strideCurves(events: GaitEvents, values: ArrayLike<number>, rateHz: number): Float64Array[] {
  const timeSec = Float64Array.from({ length: values.length }, (_, i) => i / rateHz);
  return stridesOf(events).map((stride) => resample(timeSec, values, stride, CURVE_POINTS));
}

export const strideTimesSec = (events: GaitEvents): number[] => stridesOf(events).map(({ startSec, endSec }) => endSec - startSec);

/** Share of each stride in which the foot stands, percent. */
export const stancePercents = (events: GaitEvents): number[] =>
  stridesOf(events).flatMap(({ startSec, toeOffSec, endSec }) => (toeOffSec === null ? [] : [((toeOffSec - startSec) / (endSec - startSec)) * 100]));

/** Share of each stride of one foot in which the other stands, too (both double supports), percent. */
export function doubleSupportPercents(own: GaitEvents, other: GaitEvents): number[] {
  const otherStances = stancesOf(other);
  return stridesOf(own).flatMap(({ startSec, toeOffSec, endSec }) => {
    // Without the other foot's contact on both sides of the stride its share is not known.
    if (toeOffSec === null || !otherStances.some(([from]) => from <= startSec) || !otherStances.some(([, to]) => to >= toeOffSec)) return [];
    const both = otherStances.reduce((sum, [from, to]) => sum + Math.max(0, Math.min(to, toeOffSec) - Math.max(from, startSec)), 0);
    return [(both / (endSec - startSec)) * 100];
  });
}

/** Times on the ground, from strike to toe off; a record that begins or ends on this foot begins or ends with an open one. */
function stancesOf({ strikesSec, offsSec }: GaitEvents): [number, number][] {
  const stances = strikesSec.map((fromSec): [number, number] => [fromSec, offsSec.find((atSec) => atSec > fromSec) ?? Infinity]);
  const firstOffSec = offsSec[0];
  return firstOffSec !== undefined && !(firstOffSec > (strikesSec[0] ?? Infinity)) ? [[-Infinity, firstOffSec], ...stances] : stances;
}

/**
 * Distance between the heels along the direction of walking whenever this foot strikes, m.
 * @param heelM of this foot and of the other one, forward positive
 */
export function stepLengthsM(strikesSec: readonly number[], heelM: ArrayLike<number>, otherHeelM: ArrayLike<number>, rateHz: number): number[] {
  const at = (column: ArrayLike<number>, place: number): number => {
    const before = Math.min(Math.floor(place), column.length - 1);
    const left = column[before] ?? 0;
    return left + ((column[before + 1] ?? left) - left) * (place - before);
  };
  return strikesSec.map((atSec) => at(heelM, atSec * rateHz) - at(otherHeelM, atSec * rateHz));
}

export const peakOf = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => Math.max(a, b), -Infinity);

/** Range of motion: largest minus smallest. */
export const rangeOf = (values: ArrayLike<number>): number => peakOf(values) - Array.from(values).reduce((a, b) => Math.min(a, b), Infinity);
