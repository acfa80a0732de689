/**
 * Splitter contract: bytes in any chunking become frames or accounted garbage. A splitter never throws, holds at most
 * its capacity, and is in step again within one valid frame after garbage.
 */
export interface FrameSink {
  /** One whole frame. The view is valid only during the call. */
  onFrame(frame: Uint8Array): void;
  /** Bytes that belonged to no valid frame: counted, never silent. */
  onDiscarded(byteCount: number): void;
}

export interface Splitter {
  push(chunk: Uint8Array): void;
  /** Forgets a partial frame (after a reconnect) and accounts it as discarded. */
  reset(): void;
}

/**
 * Splits at a delimiter byte (SLCAN: CR and BEL; COBS: 0x00). The frame is handed over without its delimiter; empty
 * ones are handed over too, because in SLCAN a lone CR is an answer. A line longer than `capacity` is discarded whole.
 */
export class DelimiterSplitter implements Splitter {
  readonly #buffer: Uint8Array;
  /** One view per length is kept, so that splitting allocates nothing. */
  readonly #views: (Uint8Array | undefined)[] = [];
  #length = 0;
  #overlong = 0;

  constructor(
    private readonly isDelimiter: (byte: number) => boolean,
    private readonly sink: FrameSink & { onDelimiter?(delimiter: number): void },
    capacity = 256,
  ) {
    this.#buffer = new Uint8Array(capacity);
  }

  push(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (this.isDelimiter(byte)) this.#finish(byte);
      else if (this.#overlong > 0) this.#overlong++;
      else if (this.#length < this.#buffer.length) this.#buffer[this.#length++] = byte;
      else {
        this.#overlong = this.#length + 1;
        this.#length = 0;
      }
    }
  }

  reset(): void {
    const lost = this.#length + this.#overlong;
    this.#length = 0;
    this.#overlong = 0;
    if (lost > 0) this.sink.onDiscarded(lost);
  }

  #finish(delimiter: number): void {
    if (this.#overlong > 0) {
      const lost = this.#overlong + 1;
      this.#overlong = 0;
      this.sink.onDiscarded(lost);
      return;
    }
    const frame = (this.#views[this.#length] ??= this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    this.sink.onDelimiter?.(delimiter);
    this.sink.onFrame(frame);
  }
}
