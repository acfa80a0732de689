/** Frames arrive in two pieces with a pause between, as from a USB adapter that fills its packets; order is kept. */
import { z } from 'zod/mini';
import type { Random } from '../../protocols/random.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import { LineFault, delayMs, lineOrder, share, type ByteFlow } from './fault.ts';
import { HeldChunks } from './held-chunks.ts';

/** `rate`: probability per frame. `delayMs`: the pause (5). */
export const splitOrder = z.strictObject({ kind: z.literal('split'), ...lineOrder, rate: share, delayMs: z.optional(delayMs) });

export class Split extends LineFault {
  readonly #rest = new HeldChunks();
  readonly #pauseUs: number;
  #dueUs = 0;

  constructor(
    behind: ByteFlow,
    private readonly random: Random,
    private readonly rate: number,
    pauseMs: number,
  ) {
    super(behind);
    this.#pauseUs = pauseMs * US_PER_MS;
  }

  override push(bytes: Uint8Array, nowUs: number): void {
    const splits = bytes.length > 1 && this.random.next() < this.rate;
    const cut = splits ? 1 + this.random.int(bytes.length - 1) : bytes.length;
    this.#pass(bytes.subarray(0, cut), nowUs);
    if (!splits) return;
    this.#dueUs = Math.max(this.#dueUs, nowUs) + this.#pauseUs;
    this.#rest.hold(bytes.subarray(cut), this.#dueUs);
  }

  override step(nowUs: number): void {
    this.#rest.release(nowUs, (bytes) => this.behind.push(bytes, nowUs));
    super.step(nowUs);
  }

  override flush(nowUs: number): void {
    this.#rest.release(Infinity, (bytes) => this.behind.push(bytes, nowUs));
    super.flush(nowUs);
  }

  override clear(): void {
    this.#rest.clear();
    super.clear();
  }

  /** Nothing overtakes a rest that still waits. */
  #pass(bytes: Uint8Array, nowUs: number): void {
    if (this.#rest.empty) this.behind.push(bytes, nowUs);
    else this.#rest.hold(bytes, this.#dueUs);
  }
}
