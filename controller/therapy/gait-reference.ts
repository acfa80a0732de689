/**
 * The walking pattern that the orthosis teaches: the published curve as a Fourier series, its amplitude falling with
 * speed, scaled and shifted per joint. A curve that would leave its bounds is compressed between them as a whole: cutting it
 * off would demand twice the natural acceleration where the swinging knee meets its floor.
 */
import { clamp, cos, sin } from '../../protocols/math.ts';
import type { LegJoint, LegKind, RangeRad } from '../../protocols/profile.ts';
import type { Trajectory } from '../../protocols/trajectory.ts';
import { degToRad, radToDeg } from '../../protocols/units.ts';
import { fourierDeg, PUBLISHED_SPEED_MPS, type FourierDeg } from './gait-reference-data.ts';

/**
 * Peak flexion at three speeds, as a share of the free-speed one: Schwartz, Rozumalski & Trost 2008 (J Biomech 41:1639),
 * knee 59.1/55.2/44.7°, hip 36.7/34.3/32.0°. Their classes are steps of the dimensionless speed v/√(g·leg length); the class
 * centres 0.43, 0.295 and 0.16 belong to 1.26, 0.88 and 0.47 m/s with an adult's leg of 0.9 m. The ankle's shares are own values:
 * it pushes off less in slow gait.
 */
const SLOWEST_MPS = 0.47;
const SLOW_MPS = 0.88;
const AMPLITUDE = { hip: { slowest: 32.0 / 36.7, slow: 34.3 / 36.7 }, knee: { slowest: 44.7 / 59.1, slow: 55.2 / 59.1 }, ankle: { slowest: 0.75, slow: 0.9 } } as const;

/**
 * Between-subject standard deviation, mean over the gait cycle, of the slow walkers of Schwartz 2008 (their speeds are
 * those of robot gait); the ankle's is an own value between theirs and what young adults show.
 */
export const REFERENCE_SD_DEG: Readonly<Record<LegKind, number>> = { hip: 6.1, knee: 6.9, ankle: 5 };

/** Walk ratio in cm per step/min; published 0.58 … 0.646, the upper end gives the calmer cadence. */
const WALK_RATIO_CM = 0.646;

/** Steps (both legs) per minute at a walking speed: step length = walk ratio × cadence, hence √(6000·v/W). */
export const cadenceStepsPerMin = (speedMps: number): number => Math.sqrt((6000 * Math.max(0, speedMps)) / WALK_RATIO_CM);

/** v = step length × cadence / 60, always. */
export const stepLengthM = (speedMps: number): number => (speedMps > 0 ? (speedMps * 60) / cadenceStepsPerMin(speedMps) : 0);

/** Amplitude at a speed as a share of the published one; flat below 0.47 and above 1.26 m/s. */
export function speedAmplitude(kind: LegKind, speedMps: number): number {
  const { slowest, slow } = AMPLITUDE[kind];
  if (speedMps <= SLOW_MPS) return slowest + (slow - slowest) * clamp((speedMps - SLOWEST_MPS) / (SLOW_MPS - SLOWEST_MPS), 0, 1);
  return slow + (1 - slow) * clamp((speedMps - SLOW_MPS) / (PUBLISHED_SPEED_MPS - SLOW_MPS), 0, 1);
}

export interface ReferencePoint {
  positionRad: number;
  velocityRadPerSec: number;
  accelerationRadPerSec2: number;
}

/** Fills `to` with what lies a share of the way to the other point. */
export function mixPoints(to: ReferencePoint, other: Readonly<ReferencePoint>, { value, perSec }: { readonly value: number; readonly perSec: number }): void {
  const offRadPerSec = other.velocityRadPerSec - to.velocityRadPerSec;
  to.accelerationRadPerSec2 += value * (other.accelerationRadPerSec2 - to.accelerationRadPerSec2) + 2 * perSec * offRadPerSec;
  to.velocityRadPerSec += value * offRadPerSec + perSec * (other.positionRad - to.positionRad);
  to.positionRad += value * (other.positionRad - to.positionRad);
}

/** Where in the stride a leg is, and how fast it goes on. */
export interface GaitPlace {
  /** In gait cycles from this leg's own heel strike. */
  phase: number;
  /** Strides per second. */
  cyclesPerSec: number;
  /** And how that changes; absent: it stays. */
  cyclesPerSec2?: number;
}

export interface CurveShape {
  /** Share of the published amplitude, measured from the neutral (straight) posture. */
  amplitude: number;
  amplitudePerSec: number;
  offsetRad: number;
  offsetRadPerSec: number;
  /** How much later than the others this joint does its part, as a share of the stride. */
  timing: number;
  timingPerSec: number;
}

/** As published, and at rest. A literal for each: clones have a layout of their own, and a function that meets two boxes what it reads. */
export const publishedShape = (amplitude = 1, offsetRad = 0, timing = 0): CurveShape => ({ amplitude, amplitudePerSec: 0, offsetRad, offsetRadPerSec: 0, timing, timingPerSec: 0 });

/** The reference keeps this distance from the permitted range, so that tracking error does not meet its end. */
const RANGE_MARGIN_RAD = degToRad(5);

/** Where the pattern may go: inside the permitted range with a margin, and a knee never quite straight. */
export function referenceBounds(profile: LegJoint, permitted: RangeRad, kneeMinDeg: number): RangeRad {
  // A range too narrow for its margins leaves the middle.
  const margin = Math.min(RANGE_MARGIN_RAD, (permitted.max - permitted.min) / 2);
  const [floor, ceiling] = [permitted.min + margin, permitted.max - margin];
  return { min: profile.kind === 'knee' ? clamp(degToRad(kneeMinDeg), floor, ceiling) : floor, max: ceiling };
}

/** The series of one joint in radians. */
export interface Series {
  readonly mean: number;
  readonly lowest: number;
  readonly highest: number;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

const TWO_PI = 2 * Math.PI;
/** Grid on which a curve's extremes are found; they are exact to 1e-5 rad. */
const EXTREME_STEPS = 1000;

export function toSeries({ meanDeg, cosDeg, sinDeg }: FourierDeg): Series {
  const values = Array.from({ length: EXTREME_STEPS }, (_, i) =>
    cosDeg.reduce((sum, a, k) => {
      const angle = (TWO_PI * (k + 1) * i) / EXTREME_STEPS;
      return sum + a * cos(angle) + (sinDeg[k] ?? 0) * sin(angle);
    }, meanDeg),
  );
  return {
    mean: degToRad(meanDeg),
    lowest: degToRad(Math.min(...values)),
    highest: degToRad(Math.max(...values)),
    cos: Float64Array.from(cosDeg, degToRad),
    sin: Float64Array.from(sinDeg, degToRad),
  };
}

/** @returns null: nobody showed this joint anything */
export function shownSeries(trajectory: Trajectory | undefined, jointId: string): Series | null {
  const curve = trajectory?.joints.find((shown) => shown.jointId === jointId);
  return curve === undefined ? null : toSeries(curve);
}

const series: Readonly<Record<LegKind, Series>> = { hip: toSeries(fourierDeg.hip), knee: toSeries(fourierDeg.knee), ankle: toSeries(fourierDeg.ankle) };

/**
 * Fills `out` with the reference at a place.
 * @param bounds what the reference must not leave
 */
export function evaluateReference(kind: LegKind, place: Readonly<GaitPlace>, shape: CurveShape, bounds: RangeRad, out: ReferencePoint): void {
  evaluateSeries(series[kind], place, shape, bounds, out);
}

/** The same of any curve. */
export function evaluateSeries({ mean, lowest, highest, cos: a, sin: b }: Series, { phase, cyclesPerSec, cyclesPerSec2 = 0 }: Readonly<GaitPlace>, shape: CurveShape, bounds: RangeRad, out: ReferencePoint): void {
  const omega = TWO_PI * (cyclesPerSec - shape.timingPerSec);
  const c1 = cos(TWO_PI * (phase - shape.timing));
  const s1 = sin(TWO_PI * (phase - shape.timing));
  let c = c1;
  let s = s1;
  let value = mean;
  let slope = 0;
  let bend = 0;
  for (let k = 0; k < a.length; k++) {
    const ak = a[k] ?? 0;
    const bk = b[k] ?? 0;
    const n = k + 1;
    const wave = ak * c + bk * s;
    value += wave;
    slope += n * (bk * c - ak * s);
    bend -= n * n * wave;
    const next = c * c1 - s * s1;
    s = s * c1 + c * s1;
    c = next;
  }
  const bottom = shape.amplitude * lowest + shape.offsetRad;
  const top = shape.amplitude * highest + shape.offsetRad;
  const floor = clamp(bottom, bounds.min, bounds.max);
  const share = top > bottom ? (clamp(top, bounds.min, bounds.max) - floor) / (top - bottom) : 0;
  const amplitude = share * shape.amplitude;
  out.positionRad = clamp(floor + amplitude * (value - lowest), bounds.min, bounds.max);
  out.velocityRadPerSec = amplitude * slope * omega + share * (shape.amplitudePerSec * value + shape.offsetRadPerSec);
  out.accelerationRadPerSec2 = amplitude * (bend * omega * omega + slope * TWO_PI * cyclesPerSec2);
}

const UNBOUNDED: RangeRad = { min: -Infinity, max: Infinity };

/** The reference over one gait cycle, 101 points from heel strike to the next, in degrees. */
export function referenceCurveDeg(kind: LegKind, speedMps: number, romScale: number, offsetRad: number, bounds: RangeRad = UNBOUNDED, timing = 0): number[] {
  return curveDeg(series[kind], publishedShape(romScale * speedAmplitude(kind, speedMps), offsetRad, timing), bounds);
}

/** Any curve over one cycle, 101 points, in degrees. */
export function curveDeg(of: Series, shape: CurveShape, bounds: RangeRad): number[] {
  const point: ReferencePoint = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
  return Array.from({ length: 101 }, (_, percent) => {
    evaluateSeries(of, { phase: percent / 100, cyclesPerSec: 0 }, shape, bounds, point);
    return radToDeg(point.positionRad);
  });
}
