/** What came of an assessment, as it is kept with its session and shown. */
import { z } from 'zod/mini';
import { assessmentKinds } from './assessment.ts';
import { causes } from './supervision.ts';

const number = z.nullable(z.number());

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
  rejected: z.nullable(z.string()),
  source: z.string(),
  /** null: none is published. */
  detectableChange: z.nullable(z.string()),
  beside: z.record(z.string(), number),
});
export type ToldResult = z.infer<typeof assessmentResultSchema>;

/** Of a session that was an assessment. */
export const assessmentOutcomeSchema = z.strictObject({
  kind: z.enum(assessmentKinds),
  joint: z.string(),
  complete: z.boolean(),
  /** What ended it before its last step; null: nothing did, or it never began. */
  interruptedBy: z.nullable(z.enum(causes)),
  results: z.array(assessmentResultSchema),
});
export type AssessmentOutcome = z.infer<typeof assessmentOutcomeSchema>;
