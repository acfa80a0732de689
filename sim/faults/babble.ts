/** A device, or a loose contact, that sends garbage between its frames and takes their room on the wire. */
import { z } from 'zod/mini';
import type { Random } from '../../protocols/random.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { LineFault, lineOrder, share, type ByteFlow } from './fault.ts';

/** `rate`: part of what the wire can carry. */
export const babbleOrder = z.strictObject({ kind: z.literal('babble'), ...lineOrder, rate: share });

const BITS_PER_BYTE = 10;
const BYTE_VALUES = 256;

export class Babble extends LineFault {
  readonly #bytesPerUs: number;
  #lastUs: number | null = null;
  /** Part of a byte that is not due yet. */
  #owed = 0;

  constructor(
    behind: ByteFlow,
    private readonly random: Random,
    rate: number,
    baud: number,
  ) {
    super(behind);
    this.#bytesPerUs = (rate * baud) / BITS_PER_BYTE / US_PER_S;
  }

  override step(nowUs: number): void {
    this.#owed += (nowUs - (this.#lastUs ?? nowUs)) * this.#bytesPerUs;
    this.#lastUs = nowUs;
    const length = Math.floor(this.#owed);
    this.#owed -= length;
    if (length > 0) this.behind.push(Uint8Array.from({ length }, () => this.random.int(BYTE_VALUES)), nowUs);
    super.step(nowUs);
  }
}
