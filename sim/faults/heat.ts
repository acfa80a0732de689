/** The winding in a drive's motor is at this temperature from now on, and cools as it would. It happens once. */
import { z } from 'zod/mini';

/** A room in winter; what insulation of class H bears is 180 °C. */
const RANGE_C = { min: -20, max: 200 };
const error = `must be ${RANGE_C.min} to ${RANGE_C.max} °C`;

export const heatOrder = z.strictObject({
  kind: z.literal('heat'),
  joint: z.string({ error: 'must be the id of a joint' }),
  tempC: z.number({ error }).check(z.minimum(RANGE_C.min, error), z.maximum(RANGE_C.max, error)),
});
