/**
 * The ten-metre and the six-minute walk on the robot's belt, by the belt's own reading: how long ten metres of it take, and how far
 * it goes in six minutes. What the robot did meanwhile (speed, guidance, unloading) stands beside, because it is no walk over ground.
 */
import type { Rejection } from '../../../protocols/assessment-outcome.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { fieldOffset, layoutOf } from '../../../protocols/session-log.ts';
import { supervisorStates } from '../../../protocols/supervision.ts';
import { US_PER_MS, US_PER_S } from '../../../protocols/units.ts';
import { TRIALS, WALK_M, WALK_SEC, type AssessmentPlan } from '../../therapy/assessments/steps.ts';
import { MAX_GAP_SEC } from '../sampling.ts';
import { known, type AssessmentResult } from './result.ts';
import { mean, repeatability } from './statistics.ts';

const RUNNING = supervisorStates.indexOf('running');
/** The belt's reading comes in mm/s. */
const HALF_RESOLUTION_MPS = 0.5e-3;
const SEC_PER_MIN = 60;
const NO_TRIAL: Rejection = { reason: 'tooFewTrials', figure: null };

/** Of one trial, from its beginning. */
export interface Walked {
  sec: number;
  /** Of the belt. */
  wayM: number;
  steps: number;
  /** Means over the time. */
  guidance: number;
  unloadingKg: number;
  /** As it was at its end. */
  beltMps: number;
  /** The belt told its speed all the time. */
  heard: boolean;
  /** It was gone to its end. */
  done: boolean;
}

const nothing = (): Walked => ({ sec: 0, wayM: 0, steps: 0, guidance: 0, unloadingKg: 0, beltMps: 0, heard: true, done: false });

export class WalkRecord {
  /** Every step of the plan is done. */
  complete = false;
  /** The mode was changed while it counted. */
  modeChanged = false;
  readonly #columns: Columns;
  readonly #maxAgeUs: number;
  /** By step of the plan. */
  #walked: (Walked | undefined)[] = [];
  #step = -1;
  #mode = Number.NaN;
  #before: { readonly sec: number; readonly steps: number } | null = null;

  constructor(
    profile: RobotProfile,
    readonly plan: AssessmentPlan,
  ) {
    this.#columns = findColumns(profile);
    this.#maxAgeUs = profile.watchdogs.inputMaxAgeMs * US_PER_MS;
  }

  row(rows: Float64Array, start: number): void {
    const at = this.#columns;
    const take = (offset: number): number => rows[start + offset] ?? Number.NaN;
    const step = take(at.step);
    const now = { sec: take(at.nowUs) / US_PER_S, steps: take(at.stepsLeft) + take(at.stepsRight) };
    const before = this.#before;
    this.#before = now;
    if (take(at.state) !== RUNNING || step < 0) return;
    if (step < this.#step) this.#beginAnew();
    const ended = step > this.#step ? this.#walked[this.#step] : undefined;
    if (ended !== undefined) ended.done = true;
    this.#step = step;
    this.complete = step >= this.plan.steps.length;
    const trial = this.plan.steps[step]?.trial ?? -1;
    if (this.complete || trial < 0) return;
    const mode = take(at.mode);
    this.modeChanged ||= !Number.isNaN(this.#mode) && mode !== this.#mode;
    this.#mode = mode;
    const walked = (this.#walked[step] ??= nothing());
    const elapsedSec = before === null ? Number.NaN : now.sec - before.sec;
    const beltMps = (take(at.beltLeft) + take(at.beltRight)) / 2;
    walked.heard &&= elapsedSec <= MAX_GAP_SEC && take(at.beltAge) <= this.#maxAgeUs && Number.isFinite(beltMps);
    if (before === null || !walked.heard) return;
    walked.sec += elapsedSec;
    walked.wayM += beltMps * elapsedSec;
    walked.beltMps = beltMps;
    walked.steps += now.steps - before.steps;
    const share = elapsedSec / walked.sec;
    walked.guidance += share * ((take(at.guidanceLeft) + take(at.guidanceRight)) / 2 - walked.guidance);
    walked.unloadingKg += share * (take(at.unloading) - walked.unloadingKg);
  }

  /** What was broken off before does not count. */
  #beginAnew(): void {
    this.#walked = [];
    this.#mode = Number.NaN;
    this.modeChanged = false;
  }

  /** In the order of the trials. */
  trials(): Walked[] {
    return this.#walked.filter((walked) => walked !== undefined);
  }
}

export function evaluateWalkTest(profile: RobotProfile, record: WalkRecord): AssessmentResult[] {
  const walks = record.trials();
  const beside = conditions(profile, walks);
  const whole = (of: (walked: Walked) => number) => walks.map((walked) => (walked.done && walked.heard ? of(walked) : null));
  const told = (name: string, unit: string, trials: readonly (number | null)[], rejected: Rejection | null, uncertainty: number | null): AssessmentResult => ({
    name, joint: '', direction: 'both', unit, trials, rejected, uncertainty, beside, atLeast: false, source: 'own', detectableChange: null,
    value: rejected === null ? mean(known(trials)) : null,
  });
  const changed: Rejection | null = record.modeChanged ? { reason: 'modeChanged', figure: null } : null;
  const deaf: Rejection | null = walks.some(({ heard }) => !heard) ? { reason: 'beltNotHeard', figure: null } : null;
  if (record.plan.kind === 'walk6min') {
    const trials = whole(wayOfTime);
    const [walked] = walks;
    const missing: Rejection | null = known(trials).length > 0 ? null : { reason: 'endedEarly', figure: walked?.sec ?? 0 };
    return [told('walk_6min_distance', 'm', trials, deaf ?? missing ?? changed, walked === undefined ? null : HALF_RESOLUTION_MPS * Math.min(walked.sec, WALK_SEC))];
  }
  const times = whole(timeOfWay);
  const speeds = times.map((sec) => (sec === null ? null : WALK_M / sec));
  const rejected = deaf ?? (known(times).length < TRIALS ? NO_TRIAL : changed);
  const meanMps = mean(known(speeds));
  const withBelt = (trials: readonly (number | null)[], halfResolution: number): number | null => {
    const repeated = repeatability(known(trials));
    return repeated === null ? null : Math.sqrt(repeated * repeated + halfResolution * halfResolution);
  };
  return [
    told('walk_10m_speed', 'm/s', speeds, rejected, withBelt(speeds, HALF_RESOLUTION_MPS)),
    told('walk_10m_time', 's', times, rejected, withBelt(times, (HALF_RESOLUTION_MPS * WALK_M) / meanMps ** 2)),
  ];
}

/** A trial ends with the cycle in which its way or time was full, and later by the robot's time where its loop was late: without what was too much. */
const wayOfTime = ({ sec, wayM, beltMps }: Walked): number => wayM - (sec - WALK_SEC) * beltMps;
const timeOfWay = ({ sec, wayM, beltMps }: Walked): number => sec - (wayM - WALK_M) / beltMps;

/** Means over all that was walked, and how far and how long that was. */
function conditions(profile: RobotProfile, walks: readonly Walked[]): AssessmentResult['beside'] {
  const sec = walks.reduce((sum, walked) => sum + walked.sec, 0);
  const total = (of: (walked: Walked) => number): number => walks.reduce((sum, walked) => sum + of(walked), 0);
  const weighted = (of: (walked: Walked) => number): number | null => (sec > 0 ? total((walked) => of(walked) * walked.sec) / sec : null);
  return {
    walked_m: total(({ wayM }) => wayM),
    walked_s: sec,
    speed_mps: sec > 0 ? total(({ wayM }) => wayM) / sec : null,
    cadence_steps_per_min: sec > 0 ? (total(({ steps }) => steps) / sec) * SEC_PER_MIN : null,
    guidance: weighted(({ guidance }) => guidance),
    unloading_kg: profile.bodyWeightSupport === undefined ? null : weighted(({ unloadingKg }) => unloadingKg),
  };
}

type Columns = ReturnType<typeof findColumns>;

function findColumns(profile: RobotProfile) {
  const layout = layoutOf(profile);
  const of = (key: string): number => fieldOffset(layout, key);
  return {
    nowUs: of('nowUs'), state: of('state'), step: of('assessmentStep'), mode: of('mode'), stepsLeft: of('stepsLeft'), stepsRight: of('stepsRight'),
    beltAge: of('treadmillAgeUs'), beltLeft: of('beltLeftMps'), beltRight: of('beltRightMps'), guidanceLeft: of('guidanceLeft'), guidanceRight: of('guidanceRight'), unloading: of('unloadingKg'),
  };
}
