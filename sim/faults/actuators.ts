/** What goes wrong with treadmill, body-weight support and lift, and the stop rope that somebody pulls. */
import { z } from 'zod/mini';

/** Beyond any treadmill and any rope. */
const MOST_MPS2 = 20;
const MOST_MPS = 10;
const MOST_N = 2_000;
const between = (most: number, unit: string) => {
  const error = `must be 0 to ${most} ${unit}`;
  return z.number({ error }).check(z.minimum(0, error), z.maximum(most, error));
};

/** The belt gains speed whatever it is told, until its motor loses its power. */
export const beltRunawayOrder = z.strictObject({ kind: z.literal('beltRunaway'), accelerationMps2: between(MOST_MPS2, 'm/s²'), toMps: between(MOST_MPS, 'm/s') });
/** Something holds the belt. */
export const beltStuckOrder = z.strictObject({ kind: z.literal('beltStuck') });
/** The treadmill's own drive reports a fault and brakes the belt. */
export const beltFaultOrder = z.strictObject({ kind: z.literal('beltFault') });
/** Somebody pulls the stop rope; `clearFaults` puts it back. */
export const stopRopeOrder = z.strictObject({ kind: z.literal('stopRope') });
/** The rope gives way by this force, unless its brake is closed. */
export const supportDropOrder = z.strictObject({ kind: z.literal('supportDrop'), dropN: between(MOST_N, 'N') });
/** The support's own drive reports a fault and locks. */
export const supportFaultOrder = z.strictObject({ kind: z.literal('supportFault') });
/** Something holds the lift. */
export const liftStuckOrder = z.strictObject({ kind: z.literal('liftStuck') });
/** The lift goes on this fast, whatever it is told, until its motor loses its power; downward where negative. */
export const liftRunsOnOrder = z.strictObject({ kind: z.literal('liftRunsOn'), speedMps: z.number().check(z.minimum(-1), z.maximum(1)) });
/** The lift's own drive reports a fault and stops. */
export const liftFaultOrder = z.strictObject({ kind: z.literal('liftFault') });

export const actuatorOrders = [beltRunawayOrder, beltStuckOrder, beltFaultOrder, stopRopeOrder, supportDropOrder, supportFaultOrder, liftStuckOrder, liftRunsOnOrder, liftFaultOrder] as const;
export type ActuatorOrder = z.infer<(typeof actuatorOrders)[number]>;
