/** What an assessment has to say while it goes on and when it is done; each language says all of it. */
import type { JointProfile } from '../../protocols/profile.ts';
import type { Interruption, Rejection } from '../../protocols/assessment-outcome.ts';
import type { Cause } from '../../protocols/supervision.ts';
import type { ShownCondition } from './conditions.ts';
import type { Asked } from './assessment-view.ts';

/** Kinds of joints that are assessed. */
export type AssessedKind = Exclude<JointProfile['kind'], 'foreAft' | 'vertical' | 'pitch'>;

export interface Movement {
  /** What flexes or opens, in the profile's positive direction; completes "push to …". */
  readonly flexion: string;
  readonly extension: string;
}

export interface AssessmentTexts {
  readonly stepOf: (step: string, steps: string) => string;
  readonly trialOf: (trial: string, trials: string) => string;
  readonly before: string;
  readonly beforeWhat: Readonly<Record<'joint' | 'reach' | 'walk', string>>;
  readonly getsUsed: string;
  readonly asked: Readonly<Record<Asked, (movement: string) => string>>;
  readonly next: (what: string) => string;
  readonly movements: Readonly<Record<AssessedKind, Movement>>;
  readonly now: string;
  readonly most: string;
  readonly mark: string;
  readonly angle: string;
  readonly farthest: string;
  readonly away: string;
  readonly ofStep: string;
  readonly left: string;
  readonly way: string;
  readonly time: string;
  readonly stridesLeft: (count: string) => string;
  readonly done: string;
  readonly doneWhat: string;
  readonly broken: string;
  readonly brokenWhat: string;
  readonly running: string;
  readonly armed: string;
  readonly startSummary: string;
  readonly end: string;
  readonly endSummary: string;
  // results
  readonly result: string;
  readonly complete: string;
  readonly incomplete: (why: string) => string;
  readonly completeOnce: string;
  readonly incompleteOnce: (why: string) => string;
  /** What broke it off and is no cause of the robot's. */
  readonly interrupted: Readonly<Record<Exclude<Interruption, Cause>, string>>;
  /** By hand, in sessions that do not tell more. */
  readonly endedByHand: string;
  /** Why a value is not told. */
  readonly reasons: Readonly<Record<Rejection['reason'], (figure: string) => string>>;
  readonly measure: string;
  readonly value: string;
  readonly trials: string;
  readonly detectable: string;
  readonly detectableUnknown: string;
  readonly unknown: string;
  readonly ofMean: (share: string, source: string) => string;
  readonly uncertaintyWhat: string;
  readonly uncertaintyOfBelt: string;
  readonly curve: (joint: string) => string;
  readonly curveAxis: string;
  // beside earlier ones
  readonly earlier: string;
  readonly noEarlier: string;
  readonly earlierUnread: string;
  readonly change: (change: string) => string;
  readonly otherSettings: string;
  readonly conditions: string;
  readonly conditionNames: Readonly<Record<ShownCondition, string>>;
  readonly atLeast: string;
  readonly notMeasured: string;
  readonly directions: Readonly<Record<'flexion' | 'extension' | 'both', string>>;
  /** By the name of the measure, which never changes. */
  readonly names: Readonly<Record<string, string>>;
  readonly reading: string;
  readonly noResult: string;
}
