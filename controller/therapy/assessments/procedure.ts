/**
 * The state machine of an assessment: which step it is in, where every joint should be, which one is free, and up to where the
 * person may push. It knows no clock and no drive: time, angles and torques come with each cycle.
 */
import type { AssessmentProgress } from '../../../protocols/assessment.ts';
import type { JointProfile, RobotProfile } from '../../../protocols/profile.ts';
import { degToRad } from '../../../protocols/units.ts';
import { BrakePath } from '../brake.ts';
import type { ReferencePoint } from '../gait-reference.ts';
import type { MeasuredJoint } from '../therapy.ts';
import { SweepPath } from './paths.ts';
import type { AssessmentPlan, AssessmentStep, StepKind } from './steps.ts';

/** Own values, of the joint's interaction limit: the rest is for what a person gives too much before he sees it. */
export const MARK_SHARE = 0.8;
const MOVE_SHARE = 0.5; // who shows how far he can go need not push against its end
/** Of what the drive may hold against him: what he gives too much, and a friction that is less than the profile says. */
const HELD_SHARE = 0.9;
export const PRESS_SHARE = 1 / 3; // where a limb that is moved counts as resisting
/** A relaxed limb may resist with much when it is moved fast; what it does is the measurement. Wider than usual by this share of the limit's rest. */
const SWEPT_FREE = 0.5;
const BASELINE_SEC = 0.3;
/** In ramps: gently, and in a sweep so that the limb's inertia takes a quarter of what hips and knees are held with. */
const GENTLE_RAD_PER_SEC2 = degToRad(80);
const SWEEP_RAD_PER_SEC2 = degToRad(700);
const PRESS_STOP_SEC = 0.1;
const DWELL_SEC = 0.4;
const SWUNG_OUT_SEC = 0.4; // what swings after a movement is no torque at rest yet

/** What the watch over the interaction is told to expect. */
const EXPECTED: Readonly<Record<StepKind, { readonly expected: 0 | 1; readonly free: number }>> = {
  move: { expected: 0, free: 0 },
  rest: { expected: 0, free: 0 },
  push: { expected: 1, free: 1 },
  relax: { expected: 1, free: 1 },
  sweep: { expected: 1, free: SWEPT_FREE },
  press: { expected: 1, free: SWEPT_FREE },
  free: { expected: 1, free: 1 },
  reach: { expected: 1, free: 1 },
  return: { expected: 1, free: 1 },
  explore: { expected: 1, free: 1 },
  walk: { expected: 0, free: 0 },
};

/** A hand goes where it likes by shoulder and elbow; what lies behind them is light and stays held. */
const LOOSE: readonly JointProfile['kind'][] = ['shoulderHorizontal', 'shoulderElevation', 'shoulderRotation', 'elbow'];

/** Most torque, Nm, that the envelope lets a standing joint's drive give against a push in this direction, the weight of the limb included. */
export type HoldsNm = (joint: number, direction: number, positionRad: number) => number;

interface Lane {
  readonly path: SweepPath;
  readonly point: ReferencePoint;
}

export class Procedure implements AssessmentProgress {
  step = -1;
  promptNm = 0;
  /** Place of the joint that moves as the person likes; −1: none. */
  freeJoint = -1;
  /** Per joint of the profile. */
  readonly points: readonly ReferencePoint[];
  readonly #lanes: readonly Lane[];
  /** Per joint: free while a hand reaches. */
  readonly #loose: readonly boolean[];
  readonly #limitNm: number;
  readonly #frictionNm: number;
  #weightNm = 0;
  readonly #stop = new BrakePath();
  #sec = 0;
  #stepSec = 0;
  /** Of a press: since it met resistance; −1: not yet. */
  #metSec = -1;
  #baselineNm = 0;

  constructor(
    profile: RobotProfile,
    readonly plan: AssessmentPlan,
    private readonly holdsNm: HoldsNm = () => Infinity,
  ) {
    this.#frictionNm = profile.joints[plan.joint]?.coulombFrictionNm ?? 0;
    this.#lanes = profile.joints.map(() => ({ path: new SweepPath(), point: { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 } }));
    this.#loose = profile.joints.map(({ kind, side }) => side === plan.side && LOOSE.includes(kind));
    this.points = this.#lanes.map(({ point }) => point);
    this.#limitNm = profile.joints[plan.joint]?.interactionLimitNm ?? 0;
  }

  get joint(): number {
    return this.plan.joint;
  }

  get expected(): number {
    return EXPECTED[this.#kind].expected;
  }

  get free(): number {
    return EXPECTED[this.#kind].free;
  }

  /** The joint moves as the person likes. */
  isFree(joint: number): boolean {
    return joint === this.freeJoint || (this.plan.steps[this.step]?.handAtRad !== undefined && this.#loose[joint] === true);
  }

  get #kind(): StepKind {
    return this.plan.steps[this.step]?.kind ?? 'rest';
  }

  /** Anew, from where the joints are held. */
  begin(heldRad: (joint: number) => number): void {
    this.step = -1;
    this.promptNm = 0;
    this.#lanes.forEach(({ point }, j) => {
      point.positionRad = heldRad(j);
      point.velocityRadPerSec = point.accelerationRadPerSec2 = 0;
    });
    this.#next();
  }

  /** Once per cycle while it goes on. @param personNm per joint, what the person adds @param weightNm per joint, what holds limb and device against gravity */
  update(measured: readonly MeasuredJoint[], personNm: ArrayLike<number>, elapsedSec: number, weightNm: ArrayLike<number> = WEIGHTLESS): void {
    const current = this.plan.steps[this.step];
    if (current === undefined) return;
    this.#sec += elapsedSec;
    const { joint } = this.plan;
    this.#weightNm = weightNm[joint] ?? 0;
    const nowNm = personNm[joint] ?? Number.NaN;
    const own = this.#lanes[joint];
    if (current.kind === 'rest' && Number.isFinite(nowNm)) this.#baselineNm += (nowNm - this.#baselineNm) * Math.min(1, elapsedSec / BASELINE_SEC);
    for (let j = 0; j < this.#lanes.length; j++) this.#goAlong(j, measured[j]);
    if (current.kind === 'press') this.#press(current, own, nowNm);
    else if (current.kind === 'move' || current.kind === 'sweep') for (const { path, point } of this.#lanes) path.at(this.#sec, point);
    if (this.#sec >= this.#stepSec) this.#next();
  }

  /** A free joint is held later where it went. */
  #goAlong(j: number, seen: MeasuredJoint | undefined): void {
    const point = this.points[j];
    if (point !== undefined && seen !== undefined && this.isFree(j)) point.positionRad = seen.positionRad;
  }

  #press({ direction, sec }: AssessmentStep, own: Lane | undefined, nowNm: number): void {
    if (own === undefined) return;
    if (this.#metSec >= 0) {
      this.#stop.at(this.#sec - this.#metSec, PRESS_STOP_SEC, own.point);
      return;
    }
    own.path.at(this.#sec, own.point);
    // Flexed against resistance, the person's torque extends.
    const met = -direction * (nowNm - this.#baselineNm) >= PRESS_SHARE * this.#limitNm;
    if (!met && this.#sec < Math.min(sec, own.path.sec)) return;
    this.#metSec = this.#sec;
    this.#stepSec = this.#sec + PRESS_STOP_SEC + DWELL_SEC;
    this.#stop.begin(own.point.positionRad, own.point.velocityRadPerSec);
  }

  #next(): void {
    this.step++;
    this.#sec = 0;
    this.#metSec = -1;
    this.freeJoint = -1;
    this.promptNm = 0;
    const current = this.plan.steps[this.step];
    if (current === undefined) return;
    this.#stepSec = current.sec;
    if (current.kind === 'move' || current.kind === 'sweep' || current.kind === 'press') this.#lead(current);
    if (current.kind === 'press') this.#stepSec = Infinity;
    if (current.kind === 'push') this.promptNm = current.direction * Math.max(0, this.#mostNm(MARK_SHARE, current.direction) - current.direction * this.#baselineNm);
    if (current.kind !== 'free') return;
    this.promptNm = current.direction * MOVE_SHARE * this.#mostNm(1, current.direction);
    this.freeJoint = this.plan.joint;
  }

  /** What he may be asked to push with: a share of the joint's limit, and no more than its drive holds. A light one is allowed little, because it would be at its end before it could be braked. */
  #mostNm(share: number, direction: number): number {
    const { joint } = this.plan;
    const heldNm = this.holdsNm(joint, direction, this.points[joint]?.positionRad ?? 0) + direction * this.#weightNm + this.#frictionNm;
    return Math.max(0, Math.min(share * this.#limitNm, HELD_SHARE * heldNm));
  }

  /** Every joint on its way; those that are not moved have none. */
  #lead({ kind, radPerSec, targetRad }: AssessmentStep): void {
    const all = kind === 'move';
    const mostRadPerSec2 = kind === 'sweep' ? SWEEP_RAD_PER_SEC2 : GENTLE_RAD_PER_SEC2;
    let longestSec = 0;
    this.#lanes.forEach(({ path, point }, j) => {
      const postureRad = j === this.plan.joint ? targetRad : all ? (this.plan.postureRad[j] ?? Number.NaN) : Number.NaN;
      path.begin(point.positionRad, Number.isFinite(postureRad) ? postureRad : point.positionRad, radPerSec, mostRadPerSec2);
      longestSec = Math.max(longestSec, path.sec);
    });
    this.#stepSec = longestSec + SWUNG_OUT_SEC;
  }
}

const WEIGHTLESS = new Float64Array(0);
