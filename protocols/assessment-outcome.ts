/** What came of an assessment, as it is kept with its session and shown. */
import { z } from 'zod/mini';
import { assessmentKinds } from './assessment.ts';
import { causes } from './supervision.ts';

const number = z.nullable(z.number());

/**
 * Why a value is not told. `tooFewTrials`: it takes three; `notRelaxed`: the person took part, by up to `figure` Nm; `modeChanged`: what
 * the robot did was changed in the middle, `settingsChanged`: how fast or how strongly; `endedEarly`: a walk was not gone to its end; `beltNotHeard`: the belt did not tell how fast
 * it went all the time.
 */
export const rejectionReasons = ['tooFewTrials', 'notRelaxed', 'modeChanged', 'settingsChanged', 'endedEarly', 'beltNotHeard'] as const;
export const rejectionSchema = z.strictObject({ reason: z.enum(rejectionReasons), figure: number });
export type Rejection = z.infer<typeof rejectionSchema>;

/** What broke an assessment off: a cause of the robot's, a person who paused or ended it, a record that ends in the middle of it; or nobody began it. */
export const interruptions = [...causes, 'paused', 'ended', 'recordEnded', 'notBegun'] as const;
export type Interruption = (typeof interruptions)[number];

/** As `controller/metrics/assessments/result.ts` tells it, with the whole source. */
export const assessmentResultSchema = z.strictObject({
  name: z.string(),
  joint: z.string(),
  direction: z.enum(['flexion', 'extension', 'both']),
  /** null: not measured, and `rejected` says why. */
  value: number,
  unit: z.string(),
  /** Half of the interval that holds the mean of such trials with 95 %. */
  uncertainty: number,
  trials: z.array(number),
  /** The robot's own end was reached: the person's value is not less. */
  atLeast: z.boolean(),
  /** As a sentence in sessions of before reasons had keys. */
  rejected: z.nullable(z.union([rejectionSchema, z.string()])),
  source: z.string(),
  /** null: none is published. */
  detectableChange: z.nullable(z.string()),
  beside: z.record(z.string(), number),
  /** Over the gait cycle, every 2 % from this side's heel strike, in the same unit; absent: it is of no cycle. */
  curve: z.optional(z.array(z.number())),
});
export type ToldResult = z.infer<typeof assessmentResultSchema>;

/** Of a session that was an assessment. */
export const assessmentOutcomeSchema = z.strictObject({
  kind: z.enum(assessmentKinds),
  /** Its id, or an arm as a whole (`armRight`); empty: it is of the walk. */
  joint: z.string(),
  complete: z.boolean(),
  /** What ended it before its last step; null: nothing did. Sessions of before have `none` for a person, and null for one that never began. */
  interruptedBy: z.nullable(z.enum(interruptions)),
  results: z.array(assessmentResultSchema),
});
export type AssessmentOutcome = z.infer<typeof assessmentOutcomeSchema>;

/** GET /api/patients/:id/assessments → KnownAssessment[], newest first. */
export const knownAssessmentSchema = z.strictObject({
  sessionId: z.string(),
  /** ISO 8601 UTC. */
  startedAt: z.string(),
  profileId: z.string(),
  simulated: z.boolean(),
  outcome: assessmentOutcomeSchema,
});
export type KnownAssessment = z.infer<typeof knownAssessmentSchema>;
