/**
 * Cycle rows in shared memory: one writer (the loop), several readers (recorder, telemetry), no locks and no copies
 * through messages. A reader that falls a whole ring behind loses the oldest rows and is told how many.
 */
import type { CycleSink } from './control-loop.ts';

/** What threads hand to each other to look at the same ring. */
export interface CycleRingMemory {
  readonly buffer: SharedArrayBuffer;
  readonly rowWidth: number;
  /** Rows; a power of two, so that the slot survives the counter's wrap at 2³². */
  readonly capacity: number;
}

const WRITTEN = 0;
const WAKE = 1;
const HEADER_BYTES = 64;

/** @throws RangeError when `capacity` is not a power of two */
export function allocateCycleRing(rowWidth: number, capacity: number): CycleRingMemory {
  if (capacity < 2 || (capacity & (capacity - 1)) !== 0) throw new RangeError(`a ring of ${capacity} rows is not a power of two`);
  return { buffer: new SharedArrayBuffer(HEADER_BYTES + rowWidth * capacity * Float64Array.BYTES_PER_ELEMENT), rowWidth, capacity };
}

const headerOf = (memory: CycleRingMemory): Int32Array => new Int32Array(memory.buffer, 0, HEADER_BYTES / Int32Array.BYTES_PER_ELEMENT);
const rowsOf = (memory: CycleRingMemory): Float64Array => new Float64Array(memory.buffer, HEADER_BYTES);

export class CycleRingWriter implements CycleSink {
  readonly #header: Int32Array;
  readonly #rows: Float64Array;

  constructor(private readonly memory: CycleRingMemory) {
    this.#header = headerOf(memory);
    this.#rows = rowsOf(memory);
  }

  /** Rows ever written, modulo 2³²: the index that the next row gets. */
  get written(): number {
    return Atomics.load(this.#header, WRITTEN) >>> 0;
  }

  row(row: Float64Array, start: number): void {
    const { rowWidth, capacity } = this.memory;
    const index = this.written;
    const base = (index & (capacity - 1)) * rowWidth;
    for (let i = 0; i < rowWidth; i++) this.#rows[base + i] = row[start + i] ?? Number.NaN;
    Atomics.store(this.#header, WRITTEN, (index + 1) | 0);
  }

  /** Ends a reader's wait before its time: there is a message for it. */
  wake(): void {
    Atomics.add(this.#header, WAKE, 1);
    Atomics.notify(this.#header, WAKE);
  }
}

export class CycleRingReader {
  /** Rows that were overwritten before this reader came. */
  lost = 0;
  readonly #header: Int32Array;
  readonly #rows: Float64Array;
  readonly #copy: Float64Array;
  #next: number;
  #wakeSeen: number;

  /** Starts with the next row that is written. */
  constructor(private readonly memory: CycleRingMemory) {
    this.#header = headerOf(memory);
    this.#rows = rowsOf(memory);
    this.#copy = new Float64Array(memory.rowWidth);
    this.#next = Atomics.load(this.#header, WRITTEN) >>> 0;
    this.#wakeSeen = Atomics.load(this.#header, WAKE);
  }

  /** Index of the row that `drain` takes next. */
  get next(): number {
    return this.#next;
  }

  /**
   * Hands over every row there is, oldest first; the row is valid only during the call.
   * @param before stop in front of this index
   */
  drain(take: (row: Float64Array, index: number) => void, before?: number): void {
    for (;;) {
      if (before !== undefined && ((before - this.#next) | 0) <= 0) return;
      const waiting = this.#waiting();
      if (waiting === 0) return;
      // The slot after the newest row may be half written, so one row less than the capacity is safe to read.
      if (waiting >= this.memory.capacity) {
        this.#lose(waiting - this.memory.capacity + 1);
        continue;
      }
      this.#copyRow(this.#next);
      if (this.#waiting() >= this.memory.capacity) continue;
      const index = this.#next;
      this.#next = (index + 1) >>> 0;
      take(this.#copy, index);
    }
  }

  /** The newest row, or null when none came since the last call; older ones are skipped, not lost. */
  newest(): Float64Array | null {
    for (;;) {
      const waiting = this.#waiting();
      if (waiting === 0) return null;
      const newest = (this.#next + waiting - 1) >>> 0;
      this.#copyRow(newest);
      this.#next = newest;
      if (this.#waiting() >= this.memory.capacity) continue;
      this.#next = (newest + 1) >>> 0;
      return this.#copy;
    }
  }

  /** Blocks this thread until woken or the time is over; a wake-up that came before is not missed. */
  wait(timeoutMs: number): void {
    Atomics.wait(this.#header, WAKE, this.#wakeSeen, timeoutMs);
    this.#wakeSeen = Atomics.load(this.#header, WAKE);
  }

  #waiting(): number {
    return ((Atomics.load(this.#header, WRITTEN) >>> 0) - this.#next) >>> 0;
  }

  #lose(count: number): void {
    this.lost += count;
    this.#next = (this.#next + count) >>> 0;
  }

  #copyRow(index: number): void {
    const { rowWidth, capacity } = this.memory;
    const base = (index & (capacity - 1)) * rowWidth;
    for (let i = 0; i < rowWidth; i++) this.#copy[i] = this.#rows[base + i] ?? Number.NaN;
  }
}
