/** Whatever an assessment is of: rows of its session in, results out. */
import { isWalkTest } from '../../../protocols/assessment.ts';
import type { Interruption } from '../../../protocols/assessment-outcome.ts';
import { isArm, isDriven, type RobotProfile } from '../../../protocols/profile.ts';
import { fieldOffset, layoutOf } from '../../../protocols/session-log.ts';
import { causes, supervisorStates, type Cause, type SessionSetup, type SupervisorState } from '../../../protocols/supervision.ts';
import type { AssessmentPlan } from '../../therapy/assessments/steps.ts';
import { evaluateAssessment } from './evaluate.ts';
import { handOf, HandRecord } from './hand-record.ts';
import { measureReaching, reachResults } from './reaching.ts';
import { AssessmentRecord } from './record.ts';
import type { AssessmentResult } from './result.ts';
import { evaluateWalkTest, WalkRecord } from './walk-test.ts';
import { evaluateWalking } from './walking.ts';

export interface Measurement {
  /** Why it was not done to its end; null: every step of the plan is done. */
  readonly interruptedBy: Interruption | null;
  row(rows: Float64Array, start: number): void;
  results(): readonly InterruptibleResult[];
}

/** Every value says by itself whether the assessment that it is of was done to its end. */
export type InterruptibleResult = AssessmentResult & { readonly interruptedBy: Interruption | null };

export function createMeasurement(profile: RobotProfile, setup: SessionSetup, plan: AssessmentPlan): Measurement {
  const { side } = plan;
  if (plan.kind === 'reach' && isArm(profile) && side !== null) {
    const record = new HandRecord(profile, setup, plan);
    return new Measured(profile, record, () => {
      const { springs, springsChanged } = record;
      const beside = { spring_upper_arm_level: springs?.upperArm ?? null, spring_forearm_level: springs?.forearm ?? null };
      return reachResults(measureReaching(record.samples, plan, profile.controlRateHz, handOf(profile, setup.heightM, side)), side, beside, springsChanged);
    });
  }
  if (isWalkTest(plan.kind)) {
    const record = new WalkRecord(profile, plan);
    return new Measured(profile, record, () => evaluateWalkTest(profile, record));
  }
  const record = new AssessmentRecord(profile, setup, plan);
  return new Measured(profile, record, () => (plan.kind === 'walking' ? evaluateWalking(profile, record) : evaluateAssessment(profile, record)));
}

interface Rows {
  readonly complete: boolean;
  row(rows: Float64Array, start: number): void;
}

class Measured implements Measurement {
  readonly #at: { readonly state: number; readonly cause: number; readonly step: number };
  readonly #goesOn: SupervisorState;
  /** Of the newest row. */
  #state: SupervisorState | null = null;
  #cause: Cause = 'none';
  #begun = false;

  constructor(
    profile: RobotProfile,
    private readonly record: Rows,
    private readonly evaluate: () => readonly AssessmentResult[],
  ) {
    const layout = layoutOf(profile);
    this.#at = { state: fieldOffset(layout, 'state'), cause: fieldOffset(layout, 'cause'), step: fieldOffset(layout, 'assessmentStep') };
    this.#goesOn = isDriven(profile) ? 'running' : 'ready';
  }

  get interruptedBy(): Interruption | null {
    if (this.record.complete) return null;
    if (this.#cause !== 'none') return this.#cause;
    if (!this.#begun) return 'notBegun';
    if (this.#state === this.#goesOn) return 'recordEnded';
    return this.#state === 'paused' ? 'paused' : 'ended';
  }

  row(rows: Float64Array, start: number): void {
    this.record.row(rows, start);
    this.#state = supervisorStates[rows[start + this.#at.state] ?? -1] ?? null;
    const cause = causes[rows[start + this.#at.cause] ?? -1] ?? 'none';
    this.#begun ||= this.#state === this.#goesOn && (rows[start + this.#at.step] ?? -1) >= 0;
    // What stopped it first is told, not what came of that.
    if (this.#state === this.#goesOn && cause === 'none') this.#cause = 'none';
    else if (this.#cause === 'none' && this.#state !== this.#goesOn) this.#cause = cause;
  }

  results(): readonly InterruptibleResult[] {
    const { interruptedBy } = this;
    return this.evaluate().map((result) => ({ ...result, interruptedBy }));
  }
}
