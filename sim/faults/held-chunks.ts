/** Chunks that a fault holds back until their time. */
interface Held {
  readonly bytes: Uint8Array;
  readonly dueUs: number;
}

export class HeldChunks {
  #held: Held[] = [];

  get empty(): boolean {
    return this.#held.length === 0;
  }

  /** Keeps a copy; chunks leave in the order in which they were held. */
  hold(bytes: Uint8Array, dueUs: number): void {
    this.#held.push({ bytes: bytes.slice(), dueUs });
  }

  /** Hands on, oldest first, what is due by `nowUs`. */
  release(nowUs: number, deliver: (bytes: Uint8Array) => void): void {
    const waits = this.#held.findIndex(({ dueUs }) => dueUs > nowUs);
    const due = this.#held.splice(0, waits < 0 ? this.#held.length : waits);
    for (const { bytes } of due) deliver(bytes);
  }

  clear(): void {
    this.#held = [];
  }
}
