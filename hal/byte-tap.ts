/**
 * What arrived at all ports, in shared memory for one reader in another thread: one writer, no locks, nothing allocated.
 * It is bounded: when the reader is too far behind, chunks are left out whole, and their bytes counted as lost.
 */
import type { TransportFactory } from './transport/transport.ts';

/** A power of two: about 0.2 s of three ports of 921 600 baud that are busy all the time, and seconds of any cycle. */
export const TAP_BYTES = 64 * 1_024;
/** Of a record: i32 link, i32 length, f64 time of arrival in us; records begin at multiples of it. */
const HEAD_BYTES = 16;
/** Cells before the records; positions run on, modulo 2³². */
const [WRITTEN, READ, LOST, WAKE] = [0, 1, 2, 3];
const CELLS_BYTES = 64;

export const allocateTap = (capacityBytes = TAP_BYTES): SharedArrayBuffer => new SharedArrayBuffer(CELLS_BYTES + capacityBytes);

/** Both ends' view of the memory. */
class TapMemory {
  readonly cells: Int32Array;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly times: Float64Array;

  constructor(buffer: SharedArrayBuffer) {
    this.cells = new Int32Array(buffer, 0, CELLS_BYTES / Int32Array.BYTES_PER_ELEMENT);
    this.bytes = new Uint8Array(buffer, CELLS_BYTES);
    this.words = new Int32Array(buffer, CELLS_BYTES);
    this.times = new Float64Array(buffer, CELLS_BYTES);
  }

  /** Place of a position in the records. */
  at(position: number): number {
    return position & (this.bytes.length - 1);
  }
}

const recordBytes = (length: number): number => HEAD_BYTES * (1 + Math.ceil(length / HEAD_BYTES));

export class ByteTapWriter {
  readonly #memory: TapMemory;

  constructor(buffer: SharedArrayBuffer) {
    this.#memory = new TapMemory(buffer);
  }

  push(link: number, chunk: Uint8Array, nowUs: number): void {
    const { cells, bytes, words, times } = this.#memory;
    const written = Atomics.load(cells, WRITTEN);
    const used = (written - Atomics.load(cells, READ)) >>> 0;
    const needed = recordBytes(chunk.length);
    if (needed > bytes.length - used) {
      Atomics.add(cells, LOST, chunk.length);
      return;
    }
    const head = this.#memory.at(written);
    words[head >> 2] = link;
    words[(head >> 2) + 1] = chunk.length;
    times[(head + 8) >> 3] = nowUs;
    for (let i = 0; i < chunk.length; i++) bytes[this.#memory.at(head + HEAD_BYTES + i)] = chunk[i] ?? 0;
    Atomics.store(cells, WRITTEN, (written + needed) | 0);
  }

  /** Ends the reader's wait before its time. */
  wake(): void {
    const { cells } = this.#memory;
    Atomics.add(cells, WAKE, 1);
    Atomics.notify(cells, WAKE);
  }
}

export type TapSink = (link: number, chunk: Uint8Array, atUs: number) => void;

export class ByteTapReader {
  readonly #memory: TapMemory;
  readonly #chunk: Uint8Array;
  /** One view per length is kept, so that reading allocates nothing. */
  readonly #views: (Uint8Array | undefined)[] = [];
  #wakeSeen: number;

  constructor(buffer: SharedArrayBuffer) {
    this.#memory = new TapMemory(buffer);
    this.#chunk = new Uint8Array(this.#memory.bytes.length);
    this.#wakeSeen = Atomics.load(this.#memory.cells, WAKE);
  }

  /** Bytes that were left out since the memory was made, modulo 2³². */
  get lostBytes(): number {
    return Atomics.load(this.#memory.cells, LOST) >>> 0;
  }

  /** Hands over what has arrived, oldest first; the bytes are valid only during the call. */
  drain(take: TapSink): void {
    const { cells, bytes, words, times } = this.#memory;
    let read = Atomics.load(cells, READ);
    const end = Atomics.load(cells, WRITTEN);
    while (read !== end) {
      const head = this.#memory.at(read);
      const length = words[(head >> 2) + 1] ?? 0;
      for (let i = 0; i < length; i++) this.#chunk[i] = bytes[this.#memory.at(head + HEAD_BYTES + i)] ?? 0;
      take(words[head >> 2] ?? 0, (this.#views[length] ??= this.#chunk.subarray(0, length)), times[(head + 8) >> 3] ?? Number.NaN);
      read = (read + recordBytes(length)) | 0;
      Atomics.store(cells, READ, read);
    }
  }

  /** Blocks this thread until woken or the time is over; a wake-up that came before is not missed. */
  wait(timeoutMs: number): void {
    const { cells } = this.#memory;
    Atomics.wait(cells, WAKE, this.#wakeSeen, timeoutMs);
    this.#wakeSeen = Atomics.load(cells, WAKE);
  }
}

/** The same ports, with everything that arrives shown to `tap` before anybody else sees it. */
export function tapped(factory: TransportFactory, tap: (chunk: Uint8Array) => void): TransportFactory {
  return () => {
    const transport = factory();
    return {
      name: transport.name,
      open: (handlers) =>
        transport.open({
          onOpen: () => handlers.onOpen(),
          onBytes: (chunk) => {
            tap(chunk);
            handlers.onBytes(chunk);
          },
          onClosed: (cause) => handlers.onClosed(cause),
        }),
      write: (bytes) => transport.write(bytes),
      close: async () => transport.close(),
    };
  };
}
