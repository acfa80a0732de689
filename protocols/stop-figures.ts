/** How one stop went, as it is kept: in the session's file, in the records and on the screen. */
import { z } from 'zod/mini';

const finite = z.number().check(z.refine(Number.isFinite));

export const stopFiguresSchema = z.strictObject({
  /** From the trip until the last joint came to rest; until the measuring was given up when it did not. */
  timeMs: finite,
  /** False: a joint went on moving, or was not seen. */
  atRest: z.boolean(),
  /** At rest, and within the stop time of the profile. */
  withinLimits: z.boolean(),
  /** Of the fastest joint at the trip; null: none was seen. */
  tripDegPerSec: z.nullable(finite),
  /** By joint id: the farthest that it was from where the trip found it; null: not seen. */
  distanceDeg: z.record(z.string(), z.nullable(finite)),
});
export type StopFigures = z.infer<typeof stopFiguresSchema>;
