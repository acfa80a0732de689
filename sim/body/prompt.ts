/** What somebody beside the robot says to the patient, who hears it and does it after his reaction time, if he can. */
import { z } from 'zod/mini';
import { armKinds } from '../../protocols/arm-profile.ts';
import { MOST_PUSH_NM } from '../faults/push.ts';

export const promptSchema = z.strictObject({
  /** `relax`: let go; `push`: as strongly as you can, but not beyond the mark; `move`: as far as you can; `reach`: bring your hand there. */
  ask: z.enum(['relax', 'push', 'move', 'reach']),
  /** For `push` and `move`; his other joints are relaxed. */
  joint: z.optional(z.string()),
  /** The mark: its sign is the direction, flexion positive. */
  markNm: z.optional(z.number().check(z.minimum(-MOST_PUSH_NM), z.maximum(MOST_PUSH_NM))),
  /** For `reach`: the arm with which, and the angles of its joints at the target, in their order. */
  side: z.optional(z.enum(['left', 'right'])),
  handAtRad: z.optional(z.array(z.number().check(z.minimum(-Math.PI), z.maximum(Math.PI))).check(z.maxLength(armKinds.length))),
});
export type Prompt = z.infer<typeof promptSchema>;
