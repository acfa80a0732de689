/** What a worker of the campaign is told, and what it tells, one JSON line each. */
import type { CaseResult } from './case-run.ts';
import type { FalseStop } from './course-run.ts';
import type { MutationCount } from './profile-mutations.ts';

/** The first line in; each later one is `course N`, `profiles PORTION COUNT` or `engine`. */
export interface WorkerOrder {
  readonly profilePath: string;
  readonly cases: number;
  readonly seed: number;
  readonly only: readonly string[] | null;
}

export interface CourseReport {
  readonly course: number;
  readonly patient: string;
  readonly strides: number;
  readonly falseStops: readonly FalseStop[];
  readonly refused: readonly string[];
  readonly simulatedSec: number;
  readonly copiesLost: number;
}

export type WorkerLine =
  | ({ readonly type: 'case' } & CaseResult)
  /** The robot was not in the mode that the plan meant, because of a false stop. */
  | { readonly type: 'skipped'; readonly case: number; readonly state: string; readonly patient: string }
  | ({ readonly type: 'course' } & CourseReport)
  | ({ readonly type: 'profiles' } & MutationCount)
  | { readonly type: 'engine'; readonly timesRealTime: number };
