/** The drive starts anew in the middle of everything, as after a brown-out. It happens once; there is nothing to lift. */
import { z } from 'zod/mini';
import { driveOrder, type DriveFault } from './fault.ts';

export const resetOrder = z.strictObject({ kind: z.literal('reset'), ...driveOrder });

export const reset: DriveFault = {
  switchOn: (drive, nowUs) => drive.reset(nowUs),
  switchOff: () => {},
};
