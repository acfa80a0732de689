/** What an assessment told, from the rows of its session: results, and what broke it off. */
import { planAssessment } from '../../therapy/assessments/plan.ts';
import type { AssessmentOutcome } from '../../../protocols/assessment-outcome.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import type { SessionSetup } from '../../../protocols/supervision.ts';
import { sources } from '../catalogue/sources.ts';
import { createMeasurement, type Measurement } from './measurement.ts';
import { armName } from './reaching.ts';
import type { AssessmentPlan } from '../../therapy/assessments/steps.ts';

export class SessionAssessment {
  private constructor(
    private readonly profile: RobotProfile,
    private readonly plan: AssessmentPlan,
    private readonly measurement: Measurement,
  ) {}

  /** @returns null: the session is a training */
  static of(profile: RobotProfile, setup: SessionSetup): SessionAssessment | null {
    const plan = planAssessment(profile, setup);
    return plan === null ? null : new SessionAssessment(profile, plan, createMeasurement(profile, setup, plan));
  }

  row(rows: Float64Array, start: number): void {
    this.measurement.row(rows, start);
  }

  result(): AssessmentOutcome {
    const { kind, joint, side } = this.plan;
    const { interruptedBy } = this.measurement;
    const results = this.measurement.results().map(({ name, joint: subject, direction, value, unit, uncertainty, trials, atLeast, rejected, source, detectableChange, beside, curve }) => ({
      name, joint: subject, direction, value, unit, uncertainty, trials: [...trials], atLeast, rejected, source: sources[source], detectableChange, beside: { ...beside },
      ...(curve === undefined ? {} : { curve: [...curve] }),
    }));
    const of = this.profile.joints[joint]?.id ?? (kind === 'reach' && side !== null ? armName(side) : '');
    return { kind, joint: of, complete: interruptedBy === null, interruptedBy, results };
  }
}
