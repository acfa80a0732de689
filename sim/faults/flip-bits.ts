/** Single bits arrive inverted. */
import { z } from 'zod/mini';
import type { Random } from '../../protocols/random.ts';
import { LineFault, lineOrder, share, type ByteFlow } from './fault.ts';

/** `rate`: probability per bit (bit error rate). */
export const flipBitsOrder = z.strictObject({ kind: z.literal('flipBits'), ...lineOrder, rate: share });

const BITS = 8;

export class FlipBits extends LineFault {
  constructor(
    behind: ByteFlow,
    private readonly random: Random,
    private readonly rate: number,
  ) {
    super(behind);
  }

  override push(bytes: Uint8Array, nowUs: number): void {
    this.behind.push(bytes.map((byte) => byte ^ this.#noise()), nowUs);
  }

  #noise(): number {
    let mask = 0;
    for (let bit = 0; bit < BITS; bit++) if (this.random.next() < this.rate) mask |= 1 << bit;
    return mask;
  }
}
