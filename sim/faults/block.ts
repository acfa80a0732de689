/** The limb is held fast from now on, where it happens to be: a very stiff damper, so that no place is preferred. */
import { z } from 'zod/mini';

export const blockOrder = z.strictObject({ kind: z.literal('block'), joint: z.string({ error: 'must be the id of a joint' }) });
