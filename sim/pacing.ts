/**
 * One direction of a serial line in virtual time: each byte needs ten bit times, one after the other, and none leaves
 * before. A pseudo-terminal ignores the baud rate and would hide what a real wire cannot carry.
 */
const BITS_PER_BYTE = 10;

export class PacedLine {
  readonly #bytes: Uint8Array;
  /** When each waiting byte has left the wire. */
  readonly #dueUs: Float64Array;
  readonly #byteUs: number;
  #head = 0;
  #count = 0;
  #lastDueUs = 0;
  /** Bytes that found the sender's buffer full. */
  droppedBytes = 0;

  /** @param packetBytes what is pushed at once leaves in packets of so many bytes, each when its last byte is through */
  constructor(
    baud: number,
    capacityBytes = 16_384,
    private readonly packetBytes = 1,
  ) {
    this.#byteUs = (BITS_PER_BYTE * 1e6) / baud;
    this.#bytes = new Uint8Array(capacityBytes);
    this.#dueUs = new Float64Array(capacityBytes);
  }

  get waitingBytes(): number {
    return this.#count;
  }

  /** Hands bytes to the wire at `nowUs`; what the buffer cannot hold is dropped and counted. */
  push(chunk: Uint8Array, nowUs: number): void {
    const capacity = this.#bytes.length;
    const taken = Math.min(chunk.length, capacity - this.#count);
    this.droppedBytes += chunk.length - taken;
    const startUs = Math.max(this.#lastDueUs, nowUs);
    for (let i = 0; i < taken; i++) {
      const through = Math.min(taken, i - (i % this.packetBytes) + this.packetBytes);
      const at = (this.#head + this.#count++) % capacity;
      this.#bytes[at] = chunk[i] ?? 0;
      this.#dueUs[at] = startUs + through * this.#byteUs;
    }
    if (taken > 0) this.#lastDueUs = startUs + taken * this.#byteUs;
  }

  /** Delivers what has left the wire by `nowUs`, in at most two chunks; each is valid only during the call. */
  release(nowUs: number, deliver: (chunk: Uint8Array) => void): void {
    const capacity = this.#bytes.length;
    while (this.#count > 0) {
      const contiguous = Math.min(this.#count, capacity - this.#head);
      let due = 0;
      while (due < contiguous && (this.#dueUs[this.#head + due] ?? Infinity) <= nowUs) due++;
      if (due === 0) return;
      const start = this.#head;
      this.#head = (this.#head + due) % capacity;
      this.#count -= due;
      deliver(this.#bytes.subarray(start, start + due));
    }
  }

  /** The cable is pulled: what was on its way is gone. */
  clear(): void {
    this.#head = 0;
    this.#count = 0;
    this.#lastDueUs = 0;
  }
}
