/** Frames arrive more than once, as from a driver that sends its buffer again; with many copies a device that floods. */
import { z } from 'zod/mini';
import type { Random } from '../../protocols/random.ts';
import { LineFault, lineOrder, share, type ByteFlow } from './fault.ts';

const MOST_COPIES = 200;

/** `rate`: probability per frame. `copies`: how many more than the one (1). */
export const duplicateOrder = z.strictObject({ kind: z.literal('duplicate'), ...lineOrder, rate: share, copies: z.optional(z.int().check(z.minimum(1), z.maximum(MOST_COPIES))) });

export class Duplicate extends LineFault {
  constructor(
    behind: ByteFlow,
    private readonly random: Random,
    private readonly rate: number,
    private readonly copies: number,
  ) {
    super(behind);
  }

  override push(bytes: Uint8Array, nowUs: number): void {
    this.behind.push(bytes, nowUs);
    if (this.random.next() >= this.rate) return;
    for (let i = 0; i < this.copies; i++) this.behind.push(bytes, nowUs);
  }
}
