/**
 * Splits frames that begin with a fixed mark and tell their own length: a candidate that turns out wrong costs one
 * byte, and the search goes on from the next, so a frame that hides in a false start is still found.
 */
import type { FrameSink, Splitter } from './splitter.ts';

export interface CandidateSink extends FrameSink {
  /** The bytes have the form of a frame and the wrong checksum. The view is valid only during the call. */
  onChecksumError?(frame: Uint8Array): void;
}

/**
 * Looks at the bytes from `start` to `end` (exclusive): length of the whole frame that begins at `start`; 0: it may
 * begin one, more bytes are needed; −1: it does not; below −1: minus the length of a frame with the wrong checksum.
 */
export type FrameMeasure = (buffer: Uint8Array, start: number, end: number) => number;

export class CandidateSplitter implements Splitter {
  readonly #buffer: Uint8Array;
  /** One view per length is kept, so that splitting allocates nothing. */
  readonly #views: (Uint8Array | undefined)[] = [];
  #length = 0;

  /** @param capacity bytes of the longest frame as it stands on the wire */
  constructor(
    private readonly measure: FrameMeasure,
    private readonly sink: CandidateSink,
    capacity: number,
  ) {
    this.#buffer = new Uint8Array(capacity);
  }

  push(chunk: Uint8Array): void {
    const buffer = this.#buffer;
    for (let at = 0; at < chunk.length; ) {
      while (at < chunk.length && this.#length < buffer.length) buffer[this.#length++] = chunk[at++] ?? 0;
      this.#scan();
      // A candidate that fills the buffer and still wants more cannot be a frame.
      if (this.#length === buffer.length) {
        this.#drop(1);
        this.#scan();
      }
    }
  }

  reset(): void {
    this.#drop(this.#length);
  }

  #scan(): void {
    let start = 0;
    while (start < this.#length) {
      const size = this.measure(this.#buffer, start, this.#length);
      if (size === 0) break;
      if (size < 0) {
        if (size < -1) this.sink.onChecksumError?.(this.#buffer.subarray(start, start - size));
        start++;
        continue;
      }
      this.#drop(start);
      start = 0;
      this.sink.onFrame((this.#views[size] ??= this.#buffer.subarray(0, size)));
      this.#remove(size);
    }
    this.#drop(start);
  }

  #drop(count: number): void {
    if (count === 0) return;
    this.#remove(count);
    this.sink.onDiscarded(count);
  }

  #remove(count: number): void {
    this.#buffer.copyWithin(0, count, this.#length);
    this.#length -= count;
  }
}
