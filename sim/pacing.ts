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

  constructor(baud: number, capacityBytes = 16_384) {
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
    for (const byte of chunk) {
      if (this.#count === capacity) {
        this.droppedBytes++;
        continue;
      }
      this.#lastDueUs = Math.max(this.#lastDueUs, nowUs) + this.#byteUs;
      const at = (this.#head + this.#count) % capacity;
      this.#bytes[at] = byte;
      this.#dueUs[at] = this.#lastDueUs;
      this.#count++;
    }
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
