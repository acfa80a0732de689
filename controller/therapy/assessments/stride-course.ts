/** An assessment of walking as the robot step sees it: its steps are so many strides each. A pause ends it; walked on, it begins anew. */
import type { AssessmentProgress } from '../../../protocols/assessment.ts';
import type { AssessmentPlan } from './steps.ts';

export class StrideCourse implements AssessmentProgress {
  readonly joint = -1;
  readonly promptNm = 0;
  step = -1;
  #until = 0;

  constructor(private readonly plan: AssessmentPlan) {}

  /** Once per cycle. @param walking the pattern is whole @param strides of one leg, so far */
  look(walking: boolean, strides: number): void {
    if (!walking) this.step = this.step < this.plan.steps.length ? -1 : this.step;
    else if (this.step < 0) this.#begin(0, strides);
    else if (this.step < this.plan.steps.length && strides >= this.#until) this.#begin(this.step + 1, strides);
  }

  /** From the next heel strike on. */
  #begin(step: number, strides: number): void {
    this.step = step;
    this.#until = strides + (this.plan.steps[step]?.strides ?? 0) + (step === 0 ? 1 : 0);
  }
}
