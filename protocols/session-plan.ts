/** What a session is for, chosen before it begins. Without a plan it is a training as the robot is meant for. */
import { z } from 'zod/mini';
import { assessmentOrderSchema } from './assessment.ts';
import { triggerSchema } from './trigger.ts';

export const sessionPlanSchema = z.discriminatedUnion('kind', [
  /** Each movement waits until the person begins it. */
  z.strictObject({ kind: z.literal('triggered'), trigger: triggerSchema }),
  /** The robot repeats a movement that this patient was shown in an earlier session. */
  z.strictObject({ kind: z.literal('replay'), trajectoryId: z.string().check(z.minLength(1), z.maxLength(100)) }),
  z.strictObject({ kind: z.literal('assessment'), order: assessmentOrderSchema }),
]);
export type SessionPlan = z.infer<typeof sessionPlanSchema>;

/** Of what it is called in the list. */
export const trajectoryNameSchema = z.string().check(z.minLength(1), z.maxLength(100));

/** GET /api/patients/:id/trajectories → KnownTrajectory[] of the station's robot, newest first. */
export const knownTrajectorySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  /** Whose recording it was made from, and when that session began. */
  sessionId: z.string(),
  sessionStartedAt: z.string(),
  /** How long the cycle took when it was shown, s, and how many cycles it is the mean of. */
  cycleSec: z.number(),
  cycles: z.int(),
});
export type KnownTrajectory = z.infer<typeof knownTrajectorySchema>;
