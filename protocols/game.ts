/** What a game on a robot tells: what it asked of the hand and what came of it. Recorded in a channel of its own. */
import { z } from 'zod/mini';

const finite = z.number().check(z.refine(Number.isFinite));
const count = z.int().check(z.nonnegative());

/** Own value: more than anybody reaches for in a session. */
export const MOST_TARGETS = 200;

export const gameRecordSchema = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('begin'), game: z.literal('reach'), targets: count, seed: count, difficulty: finite }),
  /** From the shoulder: forward, left, up. `difficulty` 0 … 1. */
  z.strictObject({ what: z.literal('target'), number: count, atM: z.tuple([finite, finite, finite]), radiusM: finite, withinSec: finite, difficulty: finite }),
  z.strictObject({ what: z.literal('outcome'), number: count, reached: z.boolean(), afterSec: finite, closestM: finite }),
  z.strictObject({ what: z.literal('end'), targets: count, reached: count, difficulty: finite }),
]);
export type GameRecord = z.infer<typeof gameRecordSchema>;
export type GameTarget = Extract<GameRecord, { what: 'target' }>;
