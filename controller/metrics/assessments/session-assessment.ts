/** What an assessment told, from the rows of its session: results, and what broke it off. */
import { planAssessment } from '../../therapy/assessments/plan.ts';
import type { AssessmentOutcome } from '../../../protocols/assessment-outcome.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { cycleLayout, fieldOffset } from '../../../protocols/session-log.ts';
import { causes, supervisorStates, type Cause, type SessionSetup } from '../../../protocols/supervision.ts';
import { sources } from '../catalogue/sources.ts';
import { evaluateAssessment } from './evaluate.ts';
import { AssessmentRecord } from './record.ts';

const RUNNING = supervisorStates.indexOf('running');

export class SessionAssessment {
  readonly #stateAt: number;
  readonly #causeAt: number;
  readonly #stepAt: number;
  #interruptedBy: Cause | null = null;
  /** It runs, and its last step is not done. */
  #underWay = false;

  private constructor(
    private readonly profile: RobotProfile,
    private readonly record: AssessmentRecord,
  ) {
    const layout = cycleLayout(profile.joints.length, profile.links.length);
    this.#stateAt = fieldOffset(layout, 'state');
    this.#causeAt = fieldOffset(layout, 'cause');
    this.#stepAt = fieldOffset(layout, 'assessmentStep');
  }

  /** @returns null: the session is a training */
  static of(profile: RobotProfile, setup: SessionSetup): SessionAssessment | null {
    const plan = planAssessment(profile, setup);
    return plan === null ? null : new SessionAssessment(profile, new AssessmentRecord(profile, setup, plan));
  }

  row(rows: Float64Array, start: number): void {
    this.record.row(rows, start);
    const running = rows[start + this.#stateAt] === RUNNING;
    if (running && (rows[start + this.#stepAt] ?? -1) >= 0) {
      this.#underWay = !this.record.complete;
      this.#interruptedBy = null;
    } else if (!running && this.#underWay) {
      this.#underWay = false;
      this.#interruptedBy = causes[rows[start + this.#causeAt] ?? 0] ?? 'none';
    }
  }

  result(): AssessmentOutcome {
    const { profile, record } = this;
    const { kind, joint } = record.plan;
    const results = evaluateAssessment(profile, record).map(({ source, trials, beside, ...result }) => ({ ...result, trials: [...trials], beside: { ...beside }, source: sources[source] }));
    return { kind, joint: profile.joints[joint]?.id ?? '', complete: record.complete, interruptedBy: record.complete ? null : this.#interruptedBy, results };
  }
}
