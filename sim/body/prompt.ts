/** What somebody beside the robot says to the patient, who hears it and does it after his reaction time, if he can. */
import { z } from 'zod/mini';
import { MOST_PUSH_NM } from '../faults/push.ts';

export const promptSchema = z.strictObject({
  /** `relax`: let go; `push`: as strongly as you can, but not beyond the mark; `move`: as far as you can. */
  ask: z.enum(['relax', 'push', 'move']),
  /** For `push` and `move`; his other joints are relaxed. */
  joint: z.optional(z.string()),
  /** The mark: its sign is the direction, flexion positive. */
  markNm: z.optional(z.number().check(z.minimum(-MOST_PUSH_NM), z.maximum(MOST_PUSH_NM))),
});
export type Prompt = z.infer<typeof promptSchema>;
