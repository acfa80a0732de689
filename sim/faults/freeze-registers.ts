/** The drive runs on, and reports the same values for ever. */
import { z } from 'zod/mini';
import { driveOrder, type DriveFault } from './fault.ts';

export const freezeRegistersOrder = z.strictObject({ kind: z.literal('freezeRegisters'), ...driveOrder });

export const freezeRegisters: DriveFault = {
  switchOn: (drive) => void (drive.faults.frozenReport = true),
  switchOff: (drive) => void (drive.faults.frozenReport = false),
};
