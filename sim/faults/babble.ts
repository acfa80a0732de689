/** A device, or a loose contact, that sends garbage between its frames and takes their room on the wire. */
import { z } from 'zod/mini';
import type { Random } from '../../protocols/random.ts';
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { LineFault, lineOrder, share, type ByteFlow } from './fault.ts';

/** `rate`: part of what the wire can carry. */
export const babbleOrder = z.strictObject({ kind: z.literal('babble'), ...lineOrder, rate: share });

const BITS_PER_BYTE = 10;
const BYTE_VALUES = 256;

/** Own value: what a device's transmit buffer takes while it waits for the wire. */
const BUFFER_US = 10 * US_PER_MS;

export class Babble extends LineFault {
  readonly #bytesPerUs: number;
  /** What the garbage leaves. */
  readonly #roomPerUs: number;
  /** Bytes that the device may send at once; what finds no room is lost. */
  #room: number;
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
    const wireBytesPerUs = baud / BITS_PER_BYTE / US_PER_S;
    this.#bytesPerUs = rate * wireBytesPerUs;
    this.#roomPerUs = (1 - rate) * wireBytesPerUs;
    this.#room = BUFFER_US * this.#roomPerUs;
  }

  override push(bytes: Uint8Array, nowUs: number): void {
    if (bytes.length > this.#room) return;
    this.#room -= bytes.length;
    super.push(bytes, nowUs);
  }

  override step(nowUs: number): void {
    const elapsedUs = nowUs - (this.#lastUs ?? nowUs);
    this.#owed += elapsedUs * this.#bytesPerUs;
    this.#room = Math.min(BUFFER_US * this.#roomPerUs, this.#room + elapsedUs * this.#roomPerUs);
    this.#lastUs = nowUs;
    const length = Math.floor(this.#owed);
    this.#owed -= length;
    if (length > 0) this.behind.push(Uint8Array.from({ length }, () => this.random.int(BYTE_VALUES)), nowUs);
    super.step(nowUs);
  }
}
