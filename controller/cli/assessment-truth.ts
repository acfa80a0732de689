/** What the simulated patient really did in an assessment: from his muscles, tissue and angles, which no sensor shows. Told apart from how the robot measures it. */
import { isWalkTest } from '../../protocols/assessment.ts';
import { isArm, type RobotProfile } from '../../protocols/profile.ts';
import { radToDeg } from '../../protocols/units.ts';
import type { Body } from '../../sim/body/body.ts';
import { handOf, placesOf, type HandSample } from '../metrics/assessments/hand-record.ts';
import { measureReaching, type ReachTrials } from '../metrics/assessments/reaching.ts';
import { known, type AssessmentResult } from '../metrics/assessments/result.ts';
import { PLATEAU_SEC } from '../metrics/assessments/strength.ts';
import { cycleCurve, rms, workPerStride } from '../metrics/assessments/walking.ts';
import { WALK_M, type AssessmentPlan, type StepKind } from '../therapy/assessments/steps.ts';

interface TrueSample {
  readonly step: number;
  readonly plannedRadPerSec: number;
  readonly robotRad: number;
  readonly limbRad: number;
  readonly limbRadPerSec: number;
  readonly muscleNm: number;
  readonly limbNm: number;
}

/** And of a whole limb. */
interface TrueCycle {
  readonly sec: number;
  readonly step: number;
  readonly phase: number;
  /** What the robot exerted on each joint through its cuffs. */
  readonly robotNm: readonly number[];
  readonly robotW: readonly number[];
}

/** As the definition says: the joint moves at its speed, and what swung in the ramp is over. */
const STEADY = 0.995;
const SETTLED_SEC = 0.08;

export class AssessmentTruth {
  readonly #samples: TrueSample[] = [];
  readonly #cycles: TrueCycle[] = [];
  readonly #hand: HandSample[] = [];
  readonly #handOf: ((anglesRad: ArrayLike<number>) => [number, number, number]) | null;
  readonly #places: readonly number[];
  /** By step: the belt's way, m, and how long it took. */
  readonly #walks = new Map<number, { wayM: number; sec: number }>();
  #count = 0;
  #reaching: ReachTrials | null = null;

  constructor(
    private readonly profile: RobotProfile,
    private readonly plan: AssessmentPlan,
    private readonly body: Body,
    heightM: number,
  ) {
    this.#handOf = isArm(profile) && plan.kind === 'reach' && plan.side !== null ? handOf(profile, heightM, plan.side) : null;
    this.#places = isArm(profile) ? placesOf(profile, plan) : [];
  }

  /** After each cycle. */
  look(step: number, plannedRadPerSec: number, phase: number, beltMps: number): void {
    const { body } = this;
    const { joint, kind } = this.plan;
    const sec = this.#count++ / this.profile.controlRateHz;
    if (this.#handOf !== null) {
      this.#hand.push({ sec, step, handM: this.#handOf(this.#places.map((place) => body.limbRad(place))) });
      return;
    }
    if (isWalkTest(kind)) {
      const walk = this.#walks.get(step) ?? { wayM: 0, sec: 0 };
      this.#walks.set(step, { wayM: walk.wayM + beltMps / this.profile.controlRateHz, sec: walk.sec + 1 / this.profile.controlRateHz });
      return;
    }
    if (kind === 'walking') {
      const robotNm = this.profile.joints.map((_, j) => -body.cuffTorqueNm(j));
      this.#cycles.push({ sec, step, phase, robotNm, robotW: robotNm.map((torqueNm, j) => torqueNm * body.velocityRadPerSec(j)) });
      return;
    }
    this.#samples.push({ step, plannedRadPerSec, robotRad: body.positionRad(joint), limbRad: body.limbRad(joint), limbRadPerSec: body.limbRadPerSec(joint), muscleNm: body.muscleTorqueNm(joint), limbNm: body.limbTorqueNm(joint) });
  }

  /** What stands beside a result; null: it was not measured. */
  of({ name, direction, value, joint }: AssessmentResult): number | null {
    if (value === null) return null;
    if (this.plan.kind === 'walking') return this.#ofWalking(name, joint);
    if (isWalkTest(this.plan.kind)) return this.#ofWalkTest(name);
    if (this.#handOf !== null) return this.#ofReaching(name);
    const sign = direction === 'extension' ? -1 : 1;
    if (name === 'isometric_strength') return Math.max(...this.#trials('push', sign).map((trial) => this.#bestSecondNm(trial, sign)));
    if (name === 'passive_stiffness') return this.#stiffness(sign);
    const kind: StepKind = name.startsWith('rom_passive') ? 'press' : 'free';
    if (name.endsWith('_joint')) return this.#furthestDeg(kind, sign, ({ robotRad }) => robotRad);
    if (name.endsWith('_limb')) return this.#furthestDeg(kind, sign, ({ limbRad }) => limbRad);
    if (name.endsWith('_range')) return this.#rangeDeg(kind);
    return this.#rangeDeg('free') / this.#rangeDeg('press');
  }

  #ofReaching(name: string): number | null {
    const hand = this.#handOf;
    if (hand === null) return null;
    this.#reaching ??= measureReaching(this.#hand, this.plan, this.profile.controlRateHz, hand);
    const trials = known(this.#reaching.get(name) ?? []);
    return trials.length === 0 ? null : trials.reduce((sum, trial) => sum + trial, 0) / trials.length;
  }

  #ofWalkTest(name: string): number {
    const walks = this.plan.steps.flatMap(({ trial }, index) => (trial < 0 ? [] : [this.#walks.get(index) ?? { wayM: Number.NaN, sec: Number.NaN }]));
    const of = { walk_10m_speed: ({ wayM, sec }: (typeof walks)[number]) => wayM / sec, walk_10m_time: ({ wayM, sec }: (typeof walks)[number]) => (WALK_M * sec) / wayM }[name] ?? (({ wayM }) => wayM);
    return walks.reduce((sum, walk) => sum + of(walk), 0) / walks.length;
  }

  #ofWalking(name: string, id: string): number | null {
    const j = this.profile.joints.findIndex((joint) => joint.id === id);
    const side = this.profile.joints[j]?.side ?? 'left';
    const trials = this.plan.steps.flatMap(({ trial, strides = 1 }, index) => {
      const own = this.#cycles.filter(({ step }) => trial >= 0 && step === index);
      if (own.length === 0) return [];
      if (name === 'walking_work') return [workPerStride(own.map(({ sec, robotW }) => ({ sec, powerW: robotW[j] ?? Number.NaN })), strides).netJ];
      const curve = cycleCurve(own.map(({ phase, robotNm }) => ({ phase, value: robotNm[j] ?? Number.NaN })), side);
      return curve === null ? [] : [rms(curve)];
    });
    return trials.length === 0 ? null : trials.reduce((sum, trial) => sum + trial, 0) / trials.length;
  }

  #trials(kind: StepKind, direction: number): TrueSample[][] {
    return this.plan.steps.flatMap((step, index) => (step.kind === kind && step.direction === direction ? [this.#samples.filter((sample) => sample.step === index)] : []));
  }

  #bestSecondNm(samples: readonly TrueSample[], sign: number): number {
    const length = Math.round(PLATEAU_SEC * this.profile.controlRateHz);
    let best = -Infinity;
    for (let i = 0; i + length <= samples.length; i++) best = Math.max(best, (sign * samples.slice(i, i + length).reduce((sum, { muscleNm }) => sum + muscleNm, 0)) / length);
    return best;
  }

  #rangeDeg(kind: StepKind): number {
    const robot = ({ robotRad }: TrueSample): number => robotRad;
    return this.#furthestDeg(kind, 1, robot) - this.#furthestDeg(kind, -1, robot);
  }

  #furthestDeg(kind: StepKind, sign: number, of: (sample: TrueSample) => number): number {
    const ends = this.#trials(kind, sign).map((samples) => sign * Math.max(...samples.map((sample) => sign * of(sample))));
    return radToDeg(ends.reduce((sum, end) => sum + end, 0) / ends.length);
  }

  /** The slope over the angle of a plane through torque over angle and speed, by the normal equations, Nm per degree. */
  #stiffness(sign: number): number {
    const rateHz = this.profile.controlRateHz;
    const rows = this.plan.steps.flatMap((step, index) => {
      if (step.kind !== 'sweep' || step.direction !== sign) return [];
      const steady = this.#samples.filter((sample) => sample.step === index && Math.abs(sample.plannedRadPerSec) >= STEADY * step.radPerSec);
      return steady.slice(Math.round(SETTLED_SEC * rateHz)).map(({ limbRad, limbRadPerSec, limbNm }) => [1, radToDeg(limbRad), limbRadPerSec, -limbNm] as const);
    });
    const sum = (a: number, b: number): number => rows.reduce((total, row) => total + (row[a] ?? 0) * (row[b] ?? 0), 0);
    const det = (m: readonly (readonly [number, number, number])[]): number => {
      const [[a, b, c] = [0, 0, 0], [d, e, f] = [0, 0, 0], [g, h, i] = [0, 0, 0]] = m;
      return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
    };
    const matrix = [0, 1, 2].map((row) => [sum(row, 0), sum(row, 1), sum(row, 2)] as const);
    // Cramer's rule for the second unknown.
    const replaced = matrix.map(([first, , third], row) => [first, sum(row, 3), third] as const);
    return det(replaced) / det(matrix);
  }
}
