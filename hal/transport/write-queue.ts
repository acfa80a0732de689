/** The queue rule of the transports that hand bytes to the system: one write under way and one behind it, no more. */
import { systemScheduler } from '../clock.ts';
import { TRANSPORT_WRITE_MAX_BYTES } from './transport.ts';

/** A command that would wait longer is out of date when it leaves. */
const WRITES_PENDING_MAX = 2;

export class WriteQueue {
  readonly #slabs = Array.from({ length: WRITES_PENDING_MAX }, () => Buffer.alloc(TRANSPORT_WRITE_MAX_BYTES));
  #pending = 0;
  #next = 0;
  #onIdle: (() => void) | undefined;

  get full(): boolean {
    return this.#pending >= WRITES_PENDING_MAX;
  }

  get empty(): boolean {
    return this.#pending === 0;
  }

  /** @returns a copy to hand on, which stays as it is until `done` was called for it; null when nothing more is taken */
  take(bytes: Uint8Array): Buffer | null {
    const slab = this.#slabs[this.#next];
    if (slab === undefined || this.full || bytes.length > slab.length) return null;
    slab.set(bytes);
    this.#pending++;
    this.#next = (this.#next + 1) % WRITES_PENDING_MAX;
    return slab.subarray(0, bytes.length);
  }

  /** The system has taken the oldest write. */
  done(): void {
    if (this.#pending > 0) this.#pending--;
    if (this.#pending === 0) this.#onIdle?.();
  }

  /** The port is gone, and what waited with it. */
  clear(): void {
    this.#pending = 0;
    this.#onIdle?.();
  }

  /** Resolves when nothing waits any more, after `graceMs` at the latest. */
  async idle(graceMs: number): Promise<void> {
    if (this.empty) return;
    await new Promise<void>((resolve) => {
      const cancel = systemScheduler.after(graceMs, resolve);
      this.#onIdle = () => {
        cancel();
        resolve();
      };
    });
  }
}
