/**
 * Walking support: what an adaptive robot still gives to each joint over the gait cycle, once it has learned what the person
 * lacks (the L-WALK type). Its size is the root mean square of that curve; who does the work is told by the work per stride.
 */
import type { Rejection } from '../../../protocols/assessment-outcome.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { TRIALS, WALKING_MODE } from '../../therapy/assessments/steps.ts';
import { MAX_GAP_SEC } from '../sampling.ts';
import { addWork, noWork, type Work } from '../work.ts';
import type { AssessmentRecord, AssessmentSample } from './record.ts';
import { known, MISSING, type AssessmentResult } from './result.ts';
import { mean, repeatability } from './statistics.ts';

/** Parts of a gait cycle, each around its middle. */
const PARTS = 50;

export interface OfCycle {
  /** 0 … 1 from the left heel strike. */
  readonly phase: number;
  readonly value: number;
}

/** Means over several strides, every 2 % from the heel strike of the side, the last as the first. @returns null: not known all the way around */
export function cycleCurve(samples: readonly OfCycle[], side: 'left' | 'right'): number[] | null {
  const [sums, counts] = [new Float64Array(PARTS), new Float64Array(PARTS)];
  for (const { phase, value } of samples) {
    if (!Number.isFinite(value)) continue;
    const own = side === 'left' ? phase : phase + 0.5;
    const part = Math.round((own - Math.floor(own)) * PARTS) % PARTS;
    sums[part] = (sums[part] ?? 0) + value;
    counts[part] = (counts[part] ?? 0) + 1;
  }
  if (counts.includes(0)) return null;
  return Array.from({ length: PARTS + 1 }, (_, i) => (sums[i % PARTS] ?? 0) / (counts[i % PARTS] ?? 0));
}

/** Of such a curve, whose first point is its last. */
export const rms = (curve: readonly number[]): number => Math.sqrt(mean(curve.slice(1).map((value) => value * value)));

const CHANGED: Rejection = { reason: 'modeChanged', figure: null };
const RESET: Rejection = { reason: 'settingsChanged', figure: null };

export function evaluateWalking({ joints, bodyWeightSupport }: RobotProfile, record: AssessmentRecord): AssessmentResult[] {
  const kept = record.mode === WALKING_MODE;
  const { speedMps = null, guidance = null, unloadingKg = null } = record.settings ?? {};
  const settings = { speed_mps: speedMps, guidance, unloading_kg: bodyWeightSupport === undefined ? null : unloadingKg };
  const spoilt = !kept ? CHANGED : record.settingsChanged ? RESET : null;
  return joints.flatMap(({ id, side }, j) => {
    const steps = record.stepsOf(j).filter(({ step }) => step.trial >= 0);
    const curveOf = (samples: readonly AssessmentSample[]): number[] | null => cycleCurve(samples.map(({ phase, robotNm }) => ({ phase, value: robotNm })), side);
    const curves = steps.map(({ samples }) => curveOf(samples));
    const works = steps.map(({ step, samples }) => workPerStride(samples.map(({ atSec, robotNm, radPerSec }) => ({ sec: atSec, powerW: robotNm * radPerSec })), step.strides ?? 1));
    const curve = curveOf(steps.flatMap(({ samples }) => samples));
    const result = (name: string, unit: string, trials: readonly (number | null)[], beside: AssessmentResult['beside']): AssessmentResult => {
      const whole = known(trials).length >= TRIALS;
      const rejected = whole ? spoilt : MISSING;
      return { name, joint: id, direction: 'both', unit, value: rejected === null ? mean(known(trials)) : null, uncertainty: repeatability(known(trials)), trials, atLeast: false, rejected, source: 'own', detectableChange: null, beside: { ...settings, ...beside } };
    };
    const assistance = result('walking_assistance', 'Nm', curves.map((trial) => (trial === null ? null : rms(trial))), {});
    const meanOf = (part: 'positiveJ' | 'negativeJ'): number | null => (works.length === 0 ? null : mean(works.map((work) => work[part])));
    const work = result('walking_work', 'J', works.map(({ netJ }) => netJ), { positive_j: meanOf('positiveJ'), negative_j: meanOf('negativeJ') });
    return [{ ...assistance, ...(assistance.rejected === null && curve !== null ? { curve } : {}) }, work];
  });
}

/** Of one joint at one moment. */
export interface OfTime {
  readonly sec: number;
  /** The robot's on the limb. */
  readonly powerW: number;
}

/** What the robot does to a joint in one stride: more than 0, it drives it; less, the person does, and the robot holds him back. What was not recorded is not bridged. */
export function workPerStride(samples: readonly OfTime[], strides: number): Work {
  const work = noWork();
  let before: OfTime | null = null;
  for (const sample of samples) {
    if (before !== null && Number.isFinite(before.powerW + sample.powerW) && sample.sec - before.sec <= MAX_GAP_SEC) addWork(work, before.powerW, sample.powerW, sample.sec - before.sec);
    before = sample;
  }
  return { netJ: work.netJ / strides, positiveJ: work.positiveJ / strides, negativeJ: work.negativeJ / strides };
}
