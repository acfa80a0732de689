/**
 * One step of two legs at a time, each begun by the person. Between two they stand as at a heel strike, both feet on the ground. The
 * pace of a step grows from nothing to the one that is set and falls to nothing again, smoothly; a change of mode while they walk lets
 * the step that is at work come to its end, and one while they stand begins the next.
 */
import { minimumJerk } from '../../protocols/math.ts';
import type { Side } from '../../protocols/supervision.ts';
import type { Trigger } from '../../protocols/trigger.ts';
import { MovementWish, type Wishes } from './movement-wish.ts';

/** Own values. Of a step's time, what its pace takes to grow, and to fall. */
const RAMP = 0.3;
const FASTEST = 1 / (1 - RAMP);
/** Of the stride: a step that is shorter than this is added to the next. */
const SHORTEST = 0.1;
const STEP = 0.5;

/** Of a step, how far it is at a share of its time, how fast it goes, and how that changes. A minimum-jerk ramp at both ends. */
function stepAt(u: number, out: { at: number; slope: number; bend: number }, fromStand: boolean): void {
  if (fromStand && u < RAMP) ramp(u / RAMP, out);
  else if (u <= 1 - RAMP) {
    out.at = FASTEST * (u - RAMP / 2);
    out.slope = FASTEST;
    out.bend = 0;
  } else {
    ramp((1 - u) / RAMP, out);
    out.at = 1 - out.at;
    out.bend = -out.bend;
  }
}

function ramp(x: number, out: { at: number; slope: number; bend: number }): void {
  out.at = FASTEST * RAMP * x * x * x * x * (2.5 - 3 * x + x * x);
  out.slope = FASTEST * minimumJerk(x);
  out.bend = (FASTEST / RAMP) * 30 * x * x * (1 - x) * (1 - x);
}

export class TriggeredSteps {
  /** The legs' phase is up to it. */
  active = false;
  /** They stand, and the person may begin. */
  waits = false;
  /** Strides, and how fast they go, per second and per second squared. */
  perSec = 0;
  perSec2 = 0;
  readonly #wish: MovementWish;
  readonly #course = { at: 0, slope: 0, bend: 0 };
  /** Of the step that is at work: where it ends, how much of the stride it is, and how far it is in time, 0 … 1. */
  #to = 0;
  #way = STEP;
  #along = 1;
  #fromStand = true;

  /** @param forward the joint, in the profile's order, whose torque takes that foot forward: the hip, or what moves a plate so */
  constructor(forward: Readonly<Record<Side, number>>, trigger?: Trigger) {
    // The right leg swings in the first half of the left one's stride.
    this.#wish = new MovementWish({ along: (phase, torqueNm) => torqueNm[phase < STEP ? forward.right : forward.left] ?? Number.NaN }, trigger);
  }

  /** The legs stand, and the pattern has no size yet: a step that was begun ends while it grows. @param triggered each step waits */
  begin(triggered: boolean, phase: number): void {
    this.active = this.waits = triggered;
    this.perSec = this.perSec2 = 0;
    this.#wish.rest();
    if (triggered && phase % STEP !== 0) this.#set(phase, true);
  }

  /**
   * Once per cycle, while the pattern has its whole size. @param triggered each step waits @param pace strides per second that are set
   * @param listens the pattern has its whole size @returns whether the phase is up to it
   */
  look(triggered: boolean, phase: number, pace: number, listens: boolean, wishes: Wishes, elapsedSec: number): boolean {
    if (triggered && !this.active) this.#join(phase);
    if (!this.active) return false;
    const wants = this.#wish.update(this.waits && listens, phase, wishes, elapsedSec);
    if (this.waits && (wants || !triggered)) this.#set(phase, true);
    if (!triggered && !this.waits && this.#along >= RAMP && this.#along <= 1 - RAMP) this.active = false;
    this.#pace(pace);
    return this.active;
  }

  /** On along the step. @returns where the phase is then, not less than it was */
  next(phase: number, pace: number, elapsedSec: number): number {
    if (this.waits) return phase;
    // The next stride has begun.
    if (this.#to - phase > 1) this.#to -= 1;
    this.#along += (elapsedSec * pace) / (this.#way * FASTEST);
    if (this.#along < 1) {
      this.#pace(pace);
      return Math.max(phase, this.#to - this.#way * (1 - this.#course.at));
    }
    this.waits = true;
    this.perSec = this.perSec2 = 0;
    this.#wish.rest();
    return Math.max(phase, this.#to);
  }

  /** The legs walk. */
  #join(phase: number): void {
    this.active = true;
    this.waits = false;
    this.#set(phase, false);
  }

  /** @param fromStand they stand; else they walk at the pace that is set */
  #set(phase: number, fromStand: boolean): void {
    // A step that has begun slows down at its end only: there must be room for it.
    const least = fromStand ? SHORTEST : (STEP * RAMP * FASTEST) / 2 + SHORTEST;
    this.#to = STEP * Math.ceil((phase + least) / STEP);
    this.#way = fromStand ? this.#to - phase : STEP;
    this.#fromStand = fromStand;
    this.#along = fromStand ? 0 : (1 - (this.#to - phase) / STEP) / FASTEST + RAMP / 2;
    this.waits = false;
  }

  #pace(pace: number): void {
    if (this.waits) return;
    stepAt(this.#along, this.#course, this.#fromStand);
    const perSec = pace / FASTEST;
    this.perSec = perSec * this.#course.slope;
    this.perSec2 = (perSec * perSec * this.#course.bend) / this.#way;
  }
}
