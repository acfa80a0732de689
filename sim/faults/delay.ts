/** Frames come late. Those that are not delayed overtake them: at a rate below 1 frames change their order. */
import { z } from 'zod/mini';
import type { Random } from '../../protocols/random.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import { LineFault, delayMs, lineOrder, share, type ByteFlow } from './fault.ts';
import { HeldChunks } from './held-chunks.ts';

/** `rate`: probability per frame (1). */
export const delayOrder = z.strictObject({ kind: z.literal('delay'), ...lineOrder, rate: z.optional(share), delayMs });

export class Delay extends LineFault {
  readonly #held = new HeldChunks();
  readonly #delayUs: number;

  constructor(
    behind: ByteFlow,
    private readonly random: Random,
    private readonly rate: number,
    durationMs: number,
  ) {
    super(behind);
    this.#delayUs = durationMs * US_PER_MS;
  }

  override push(bytes: Uint8Array, nowUs: number): void {
    if (this.random.next() < this.rate) this.#held.hold(bytes, nowUs + this.#delayUs);
    else this.behind.push(bytes, nowUs);
  }

  override step(nowUs: number): void {
    this.#held.release(nowUs, (bytes) => this.behind.push(bytes, nowUs));
    super.step(nowUs);
  }

  override flush(nowUs: number): void {
    this.#held.release(Infinity, (bytes) => this.behind.push(bytes, nowUs));
    super.flush(nowUs);
  }

  override clear(): void {
    this.#held.clear();
    super.clear();
  }
}
