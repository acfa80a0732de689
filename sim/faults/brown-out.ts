/** A joint's drive loses its supply for a moment and starts anew by itself. It happens once; there is nothing to lift. */
import { z } from 'zod/mini';

export const brownOutOrder = z.strictObject({ kind: z.literal('brownOut'), joint: z.string({ error: 'must be the id of a joint' }) });
