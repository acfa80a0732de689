/** Single bytes get lost, as on a wire that picks up noise or into a buffer that overflows. */
import { z } from 'zod/mini';
import type { Random } from '../../protocols/random.ts';
import { LineFault, lineOrder, share, type ByteFlow } from './fault.ts';

/** `rate`: probability per byte. */
export const dropOrder = z.strictObject({ kind: z.literal('drop'), ...lineOrder, rate: share });

export class Drop extends LineFault {
  constructor(
    behind: ByteFlow,
    private readonly random: Random,
    private readonly rate: number,
  ) {
    super(behind);
  }

  override push(bytes: Uint8Array, nowUs: number): void {
    this.behind.push(bytes.filter(() => this.random.next() >= this.rate), nowUs);
  }
}
