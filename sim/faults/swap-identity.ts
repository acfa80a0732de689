/** Another model answers in its place, as after a repair with what was at hand. */
import { z } from 'zod/mini';
import { driveOrder, type DriveFault } from './fault.ts';

export const swapIdentityOrder = z.strictObject({ kind: z.literal('swapIdentity'), ...driveOrder });

export const swapIdentity: DriveFault = {
  switchOn: (drive) => void (drive.faults.wrongIdentity = true),
  switchOff: (drive) => void (drive.faults.wrongIdentity = false),
};
