/** One direction of a cable with the faults that stand in front of it now, the last ordered nearest to the sender. */
import type { PacedLine } from '../pacing.ts';
import type { ByteFlow } from './fault.ts';

export class FaultStack implements ByteFlow {
  readonly #wire: ByteFlow;
  #front: ByteFlow;

  constructor(wire: PacedLine) {
    this.#wire = {
      push: (bytes, nowUs) => wire.push(bytes, nowUs),
      step: () => {},
      flush: () => {},
      clear: () => wire.clear(),
    };
    this.#front = this.#wire;
  }

  add(inFrontOf: (behind: ByteFlow) => ByteFlow): void {
    this.#front = inFrontOf(this.#front);
  }

  /** All faults end; what they held back goes on. */
  lift(nowUs: number): void {
    this.#front.flush(nowUs);
    this.#front = this.#wire;
  }

  push(bytes: Uint8Array, nowUs: number): void {
    this.#front.push(bytes, nowUs);
  }

  step(nowUs: number): void {
    // The wire itself does nothing by itself; this is called for every cable at every step.
    if (this.#front !== this.#wire) this.#front.step(nowUs);
  }

  flush(nowUs: number): void {
    this.#front.flush(nowUs);
  }

  clear(): void {
    this.#front.clear();
  }
}
