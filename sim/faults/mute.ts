/** Nothing comes through, and nobody is told: a broken conductor, or a device that hangs. */
import { z } from 'zod/mini';
import { LineFault, lineOrder } from './fault.ts';

export const muteOrder = z.strictObject({ kind: z.literal('mute'), ...lineOrder });

export class Mute extends LineFault {
  override push(): void {}
}
