/** The sensor hub goes on sending frames, and in them its clock and its sequence stand still. */
import { z } from 'zod/mini';

export const hubClockFrozenOrder = z.strictObject({ kind: z.literal('hubClockFrozen') });
