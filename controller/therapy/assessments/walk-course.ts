/**
 * An assessment of walking as the robot step sees it: its steps are so many strides, so much of the belt's way, or so much time each.
 * A pause ends it; walked on, it begins anew.
 */
import type { AssessmentProgress } from '../../../protocols/assessment.ts';
import type { AssessmentPlan } from './steps.ts';

export class WalkCourse implements AssessmentProgress {
  readonly joint = -1;
  readonly promptNm = 0;
  step = -1;
  #untilStrides = 0;
  #sec = 0;
  #wayM = 0;

  constructor(private readonly plan: AssessmentPlan) {}

  /** Once per cycle. @param walking the pattern is whole @param strides of one leg, so far @param beltMps as it was measured */
  look(walking: boolean, strides: number, elapsedSec: number, beltMps: number): void {
    this.#sec += elapsedSec;
    this.#wayM += beltMps * elapsedSec;
    if (!walking) this.step = this.step < this.plan.steps.length ? -1 : this.step;
    else if (this.step < 0) this.#begin(0, strides);
    else if (this.step < this.plan.steps.length && this.#done(strides)) this.#begin(this.step + 1, strides);
  }

  #done(strides: number): boolean {
    const current = this.plan.steps[this.step];
    if (current?.wayM !== undefined) return this.#wayM >= current.wayM;
    return current?.strides === undefined ? this.#sec >= (current?.sec ?? 0) : strides >= this.#untilStrides;
  }

  /** The first from the next heel strike on. */
  #begin(step: number, strides: number): void {
    this.step = step;
    this.#sec = this.#wayM = 0;
    this.#untilStrides = strides + (this.plan.steps[step]?.strides ?? 0) + (step === 0 ? 1 : 0);
  }
}
