/** The drive runs in another mode of operation than it was told. */
import { z } from 'zod/mini';
import { driveOrder, type DriveFault } from './fault.ts';

export const wrongModeOrder = z.strictObject({ kind: z.literal('wrongMode'), ...driveOrder });

export const wrongMode: DriveFault = {
  switchOn: (drive) => void (drive.faults.wrongMode = true),
  switchOff: (drive) => void (drive.faults.wrongMode = false),
};
