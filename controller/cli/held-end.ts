/** A cable's device end whose bytes can be made to wait in the port, as they do while the program that reads them stands still. */
import type { MemoryDeviceEnd } from '../../hal/transport/memory.ts';

export class HeldEnd implements MemoryDeviceEnd {
  #held: Uint8Array[] | null = null;

  constructor(private readonly end: MemoryDeviceEnd) {}

  get onBytes(): (chunk: Uint8Array) => void {
    return this.end.onBytes;
  }

  set onBytes(handler: (chunk: Uint8Array) => void) {
    this.end.onBytes = handler;
  }

  write(bytes: Uint8Array): void {
    if (this.#held === null) this.end.write(bytes);
    else this.#held.push(bytes.slice());
  }

  hold(): void {
    this.#held ??= [];
  }

  /** What has waited arrives at once, in its order. */
  release(): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) for (const bytes of held) this.end.write(bytes);
  }

  /** What waits in the port is gone with it. */
  unplug(): void {
    if (this.#held !== null) this.#held = [];
    this.end.unplug();
  }

  plug(): void {
    this.end.plug();
  }
}
