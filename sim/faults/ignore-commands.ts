/** The drive acknowledges as always, and does nothing of it. */
import { z } from 'zod/mini';
import { driveOrder, type DriveFault } from './fault.ts';

export const ignoreCommandsOrder = z.strictObject({ kind: z.literal('ignoreCommands'), ...driveOrder });

export const ignoreCommands: DriveFault = {
  switchOn: (drive) => void (drive.faults.ignoresCommands = true),
  switchOff: (drive) => void (drive.faults.ignoresCommands = false),
};
