/**
 * Reaching: how well a hand goes to targets (the A-GOAL type) and how much room it reaches (the A-MOVE type), by the same measures
 * as everywhere. A reach begins and ends where the speed crosses 5 % of its peak.
 */
import type { Rejection } from '../../../protocols/assessment-outcome.ts';
import { exp } from '../../../protocols/math.ts';
import type { AssessmentPlan } from '../../therapy/assessments/steps.ts';
import { TRIALS } from '../../therapy/assessments/steps.ts';
import type { Source } from '../catalogue/sources.ts';
import { endpointErrorM, handPathRatio, movementWindow, peakSpeed, speedOf, velocityOf, velocityPeaks, type MovementWindow, type Path } from '../reach.ts';
import { MAX_GAP_SEC, resampleAt } from '../sampling.ts';
import { logDimensionlessJerk, sparc } from '../smoothness.ts';
import { ARM_DETECTABLE_CHANGE, detectableChangeText } from '../variability.ts';
import { hullVolumeM3 } from '../workspace.ts';
import type { HandSample } from './hand-record.ts';
import { known, MISSING, type AssessmentResult } from './result.ts';
import { mean, repeatability } from './statistics.ts';

/** Own values. A bell of this standard deviation smooths the path: narrower, single steps of an encoder of 4096 lines count as movement. */
const SMOOTH_SEC = 0.05;
const BELL_ENDS = 3;
/** A target counts as reached by a hand that stays so near to it for so long, to the end of its time. */
const TARGET_RADIUS_M = 0.05;
const STAYS_SEC = 0.3;
/** Of the path's points so many count for the room that it reached: a hull of all takes seconds and is no larger. */
const HULL_HZ = 25;

/** One reach, from the sign to go until its time is over. */
interface Reach {
  readonly path: Path;
  readonly speed: Float64Array;
  readonly targetM: readonly number[];
  readonly rateHz: number;
  /** null: it never began, or never came to rest. */
  readonly window: MovementWindow | null;
}

interface Measure {
  readonly name: string;
  readonly unit: string;
  readonly source: Source;
  readonly published: boolean;
  of(reach: Reach, moved: { readonly path: Path; readonly speed: Float64Array }): number | null;
}

/** Each is told of one reach that came to rest; a trial is their mean. */
const measures: readonly Measure[] = [
  { name: 'reach_hand_path_ratio', unit: '1', source: 'Brihmat 2020', published: true, of: (_, { path }) => handPathRatio(path) },
  { name: 'reach_movement_time', unit: 's', source: 'Brihmat 2020', published: true, of: ({ window }) => (window === null ? null : window.endSec - window.onsetSec) },
  { name: 'reach_reaction_time', unit: 's', source: 'own', published: false, of: ({ window }) => window?.onsetSec ?? null },
  { name: 'reach_peak_speed', unit: 'm/s', source: 'Brihmat 2020', published: true, of: (_, { speed }) => peakSpeed(speed) },
  { name: 'reach_velocity_peaks', unit: '1', source: 'Rohrer 2002', published: true, of: (_, { speed }) => velocityPeaks(speed) },
  { name: 'reach_sparc', unit: '1', source: 'Balasubramanian 2015', published: false, of: ({ rateHz }, { speed }) => sparc(speed, rateHz) },
  { name: 'reach_ldlj', unit: '1', source: 'Balasubramanian 2015', published: false, of: ({ rateHz }, { speed }) => logDimensionlessJerk(speed, rateHz) },
  { name: 'reach_endpoint_error', unit: 'm', source: 'own', published: false, of: ({ targetM }, { path }) => endpointErrorM(path, targetM) },
];

/** By name, per trial; null: that trial could not be told. */
export type ReachTrials = ReadonlyMap<string, readonly (number | null)[]>;

const SUCCESS = 'reach_success';
const VOLUME = 'reach_workspace_volume';

/** @param targetOf from the angles of an arm to its hand */
export function measureReaching(samples: readonly HandSample[], plan: AssessmentPlan, rateHz: number, targetOf: (anglesRad: readonly number[]) => readonly number[]): ReachTrials {
  const cut = cutter(samples, rateHz);
  const trials = Array.from({ length: TRIALS }, (_, trial) => {
    const steps = (kind: 'reach' | 'explore') => plan.steps.flatMap((step, index) => (step.kind === kind && step.trial === trial && step.handAtRad !== undefined ? [{ index, handAtRad: step.handAtRad }] : []));
    const reaches = steps('reach').map(({ index, handAtRad }) => reachOf(cut(index), targetOf(handAtRad), rateHz));
    return { reaches, explored: steps('explore').map(({ index }) => cut(index)) };
  });
  const told = new Map<string, readonly (number | null)[]>();
  told.set(SUCCESS, trials.map(({ reaches }) => (reaches.includes(null) ? null : (100 * reaches.filter((reach) => reach !== null && stays(reach)).length) / reaches.length)));
  for (const measure of measures)
    told.set(measure.name, trials.map(({ reaches }) => {
      const values = known(reaches.map((reach) => (reach === null || reach.window === null ? null : measure.of(reach, movedPart(reach, reach.window)))));
      return reaches.includes(null) || values.length === 0 ? null : mean(values);
    }));
  told.set(VOLUME, trials.map(({ explored }) => volumeOf(explored, rateHz)));
  return told;
}

/** Steps of the smoothed path at a fixed rate; null: not done, or not known all the time. */
function cutter(samples: readonly HandSample[], rateHz: number): (step: number) => Path | null {
  const times = samples.map(({ sec }) => sec);
  const smooth = [0, 1, 2].map((axis) => smoothed(resampleAt(times, samples.map(({ handM }) => handM[axis] ?? Number.NaN), rateHz), rateHz));
  const bounds = new Map<number, { readonly fromSec: number; toSec: number; whole: boolean }>();
  let lastSec = Number.NaN;
  for (const { sec, step } of samples) {
    const bound = bounds.get(step);
    if (bound === undefined) bounds.set(step, { fromSec: sec, toSec: sec, whole: true });
    else {
      bound.whole &&= sec - lastSec <= MAX_GAP_SEC;
      bound.toSec = sec;
    }
    lastSec = sec;
  }
  const place = (sec: number): number => Math.round((sec - (times[0] ?? 0)) * rateHz);
  return (step) => {
    const bound = bounds.get(step);
    if (bound === undefined || !bound.whole) return null;
    const path = smooth.map((axis) => axis.slice(place(bound.fromSec), place(bound.toSec) + 1));
    return path.some((axis) => axis.some((m) => !Number.isFinite(m))) ? null : path;
  };
}

function smoothed(raw: Float64Array, rateHz: number): Float64Array {
  const half = Math.ceil(BELL_ENDS * SMOOTH_SEC * rateHz);
  const bell = Float64Array.from({ length: 2 * half + 1 }, (_, k) => exp(-0.5 * ((k - half) / (SMOOTH_SEC * rateHz)) ** 2));
  const whole = bell.reduce((sum, weight) => sum + weight, 0);
  return raw.map((_, i) => {
    let sum = 0;
    // Before the first and after the last reading it stood.
    for (let k = 0; k < bell.length; k++) sum += (bell[k] ?? 0) * (raw[Math.min(Math.max(i + k - half, 0), raw.length - 1)] ?? Number.NaN);
    return sum / whole;
  });
}

function reachOf(path: Path | null, targetM: readonly number[], rateHz: number): Reach | null {
  if (path === null) return null;
  const speed = speedOf(velocityOf(path, rateHz));
  return { path, speed, targetM, rateHz, window: movementWindow(speed, rateHz) };
}

function movedPart({ path, speed, rateHz }: Reach, { onsetSec, endSec }: MovementWindow): { path: Path; speed: Float64Array } {
  const [from, to] = [Math.floor(onsetSec * rateHz), Math.ceil(endSec * rateHz) + 1];
  return { path: path.map((axis) => Array.from(axis).slice(from, to)), speed: speed.slice(from, to) };
}

function stays({ path, targetM, rateHz }: Reach): boolean {
  const count = path[0]?.length ?? 0;
  for (let i = Math.max(0, count - Math.round(STAYS_SEC * rateHz)); i < count; i++)
    if (endpointErrorM(path.map((axis) => [axis[i] ?? Number.NaN]), targetM) > TARGET_RADIUS_M) return false;
  return count > 0;
}

function volumeOf(explored: readonly (Path | null)[], rateHz: number): number | null {
  const paths = explored.filter((path) => path !== null);
  if (paths.length < explored.length) return null;
  const every = Math.max(1, Math.round(rateHz / HULL_HZ));
  const [x = [], y = [], z = []] = [0, 1, 2].map((axis) => paths.flatMap((path) => Array.from(path[axis] ?? []).filter((_, i) => i % every === 0)));
  return hullVolumeM3(x, y, z);
}

/** An arm as a whole, where others name a joint. */
export const armName = (side: 'left' | 'right'): 'armLeft' | 'armRight' => (side === 'left' ? 'armLeft' : 'armRight');

/** @param beside what belongs to all of them */
export function reachResults(trials: ReachTrials, side: 'left' | 'right', beside: Readonly<Record<string, number | null>>, settingsChanged = false): AssessmentResult[] {
  const spoilt: Rejection | null = settingsChanged ? { reason: 'settingsChanged', figure: null } : null;
  const head: readonly Pick<Measure, 'name' | 'unit' | 'source' | 'published'>[] = [{ name: SUCCESS, unit: '%', source: 'own', published: false }, ...measures, { name: VOLUME, unit: 'm3', source: 'own', published: false }];
  return head.map(({ name, unit, source, published }) => {
    const found = trials.get(name) ?? [];
    const rejected = known(found).length >= TRIALS ? spoilt : MISSING;
    return {
      name,
      joint: armName(side),
      direction: 'both',
      value: rejected === null ? mean(known(found)) : null,
      unit,
      uncertainty: repeatability(known(found)),
      trials: found,
      atLeast: false,
      rejected,
      source,
      detectableChange: published ? detectableChangeText(ARM_DETECTABLE_CHANGE) : null,
      beside,
    };
  });
}
