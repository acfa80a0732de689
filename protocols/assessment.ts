/** Assessments: what is measured of a person, guided step by step. A session is either a training or one of these. */
import { z } from 'zod/mini';

/** `strength`: how strongly a joint is pushed against the robot that stands; `stiffness`: what a relaxed one resists with when it is moved; `rom`: how far it goes, moved and by itself. */
export const assessmentKinds = ['strength', 'stiffness', 'rom'] as const;
export type AssessmentKind = (typeof assessmentKinds)[number];

/** What is asked of the person in a step: nothing yet, let go, push as strongly as he can, move as far as he can. */
export const prompts = ['none', 'relax', 'push', 'move'] as const;
export type PromptKind = (typeof prompts)[number];

export const assessmentOrderSchema = z.strictObject({
  kind: z.enum(assessmentKinds),
  /** Id of the joint that is assessed. */
  joint: z.string().check(z.minLength(1), z.maxLength(100)),
});
export type AssessmentOrder = z.infer<typeof assessmentOrderSchema>;

/** Where an assessment is, as the robot decides it in a cycle. */
export interface AssessmentProgress {
  /** Place of the assessed joint in the profile. */
  readonly joint: number;
  /** Of the procedure's steps; −1: not begun; their number: all done. */
  readonly step: number;
  /** The mark up to which the person may push: its sign is the direction, flexion positive; 0: he is asked for none. */
  readonly promptNm: number;
}
