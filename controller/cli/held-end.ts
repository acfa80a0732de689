/** A cable's device end whose bytes can be made to wait in the port, as they do while the program that reads them stands still: the host's, or the device's own. */
import type { MemoryDeviceEnd } from '../../hal/transport/memory.ts';

export class HeldEnd implements MemoryDeviceEnd {
  onBytes: (chunk: Uint8Array) => void = () => {};
  #held: Uint8Array[] | null = null;
  /** From the host, while the device stands. */
  #unread: Uint8Array[] | null = null;

  constructor(private readonly end: MemoryDeviceEnd) {
    end.onBytes = (chunk) => {
      if (this.#unread === null) this.onBytes(chunk);
      else this.#unread.push(chunk.slice());
    };
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

  /** The device reads nothing until `wake`. */
  stand(): void {
    this.#unread ??= [];
  }

  /** It reads all that has waited. */
  wake(): void {
    const unread = this.#unread;
    this.#unread = null;
    if (unread !== null) for (const bytes of unread) this.onBytes(bytes);
  }

  /** What waits in the port is gone with it. */
  unplug(): void {
    if (this.#unread !== null) this.#unread = [];
    if (this.#held !== null) this.#held = [];
    this.end.unplug();
  }

  plug(): void {
    this.end.plug();
  }
}
