/** What a person at the robot is told of its readiness: every condition, met or not, with its plain reason. */
import { z } from 'zod/mini';
import { causes } from './supervision.ts';

export const readinessItemSchema = z.strictObject({
  /** The check's name in the failsafe table. */
  id: z.string().check(z.maxLength(100)),
  /** Not met, it keeps the robot from being armed; the others only warn. */
  core: z.boolean(),
  met: z.boolean(),
  /** Why not, when it is not met. */
  cause: z.enum(causes),
  /** Joint that it is about, or −1. */
  joint: z.int(),
});
export type ReadinessItem = z.infer<typeof readinessItemSchema>;
