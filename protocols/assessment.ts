/** Assessments: what is measured of a person, guided step by step. A session is either a training or one of these. */
import { z } from 'zod/mini';
import { isArm, isDriven, isGait, type JointProfile, type RobotProfile } from './profile.ts';

/** Of one joint. `strength`: how strongly it is pushed against the robot that stands; `stiffness`: what a relaxed one resists with when it is moved; `rom`: how far it goes, moved and by itself. */
export const jointAssessmentKinds = ['strength', 'stiffness', 'rom'] as const;
export type JointAssessmentKind = (typeof jointAssessmentKinds)[number];
/** The ten-metre and the six-minute walk, on the robot's belt. */
export const walkTestKinds = ['walk10m', 'walk6min'] as const;
export type WalkTestKind = (typeof walkTestKinds)[number];
/** And of a limb, or of both. `reach`: how far and how well a hand goes to targets; `walking`: what an adaptive robot still has to give in walking. */
export const assessmentKinds = [...jointAssessmentKinds, 'reach', 'walking', ...walkTestKinds] as const;
export type AssessmentKind = (typeof assessmentKinds)[number];

/** What is asked of the person in a step: nothing yet, let go, push as strongly as he can, move as far as he can, bring his hand to a place, walk along. */
export const prompts = ['none', 'relax', 'push', 'move', 'reach', 'walk'] as const;
export type PromptKind = (typeof prompts)[number];

export const jointAssessmentOrderSchema = z.strictObject({
  kind: z.enum(jointAssessmentKinds),
  /** Id of the joint that is assessed. */
  joint: z.string().check(z.minLength(1), z.maxLength(100)),
});
export type JointAssessmentOrder = z.infer<typeof jointAssessmentOrderSchema>;

export const assessmentOrderSchema = z.discriminatedUnion('kind', [
  jointAssessmentOrderSchema,
  z.strictObject({ kind: z.literal('reach'), side: z.enum(['left', 'right']) }),
  z.strictObject({ kind: z.literal('walking') }),
  z.strictObject({ kind: z.literal('walk10m') }),
  z.strictObject({ kind: z.literal('walk6min') }),
]);
export type AssessmentOrder = z.infer<typeof assessmentOrderSchema>;

/** Joints that can be assessed by themselves: none of a robot that leads feet by plates, and none that nothing drives. */
export const assessableJoints = ({ class: robot, joints }: Pick<RobotProfile, 'class' | 'joints'>): readonly JointProfile[] => (robot === 'footplate' ? [] : joints);

/** What a robot can assess: nothing where it leads feet by plates, and walk tests where it has a belt that measures the way. */
export function assessmentsOf(profile: RobotProfile): readonly AssessmentKind[] {
  if (isGait(profile)) return [...jointAssessmentKinds, 'walking', ...(profile.treadmill === undefined ? [] : walkTestKinds)];
  if (!isArm(profile)) return [];
  return isDriven(profile) ? [...jointAssessmentKinds, 'reach'] : ['reach'];
}

export const isJointKind = (kind: AssessmentKind): kind is JointAssessmentKind => jointAssessmentKinds.some((candidate) => candidate === kind);
export const isWalkTest = (kind: AssessmentKind): kind is WalkTestKind => walkTestKinds.some((candidate) => candidate === kind);

/** All that the legs walk, and nothing else. */
export const isWalked = (kind: AssessmentKind): kind is 'walking' | WalkTestKind => kind === 'walking' || isWalkTest(kind);

/** Where an assessment is, as the robot decides it in a cycle. */
export interface AssessmentProgress {
  /** Place of the assessed joint in the profile; −1: not one alone. */
  readonly joint: number;
  /** Of the procedure's steps; −1: not begun; their number: all done. */
  readonly step: number;
  /** The mark up to which the person may push: its sign is the direction, flexion positive; 0: he is asked for none. */
  readonly promptNm: number;
}
