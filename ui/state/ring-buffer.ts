/** Samples of several columns over time, newest overwriting oldest: bounded memory, no allocation per sample. */
export class RingBuffer {
  readonly #columns: readonly Float64Array[];
  #next = 0;
  #count = 0;

  constructor(
    columnCount: number,
    readonly capacity: number,
  ) {
    this.#columns = Array.from({ length: columnCount }, () => new Float64Array(capacity));
  }

  get count(): number {
    return this.#count;
  }

  /** Takes one sample; missing columns become NaN. */
  push(sample: ArrayLike<number>): void {
    this.#columns.forEach((column, c) => {
      column[this.#next] = sample[c] ?? Number.NaN;
    });
    this.#next = (this.#next + 1) % this.capacity;
    this.#count = Math.min(this.capacity, this.#count + 1);
  }

  clear(): void {
    this.#next = 0;
    this.#count = 0;
  }

  /** Value of a column, index 0 = oldest kept. */
  at(column: number, index: number): number {
    if (index < 0 || index >= this.#count) return Number.NaN;
    return this.#columns[column]?.[(this.#next - this.#count + index + this.capacity) % this.capacity] ?? Number.NaN;
  }

  /** First index whose value in an ascending column is at least `value`; `count` when there is none. */
  lowerBound(column: number, value: number): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(column, middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Copies the samples from `first` on into plain columns, oldest first. */
  window(first: number): Float64Array[] {
    const from = Math.max(0, Math.min(this.#count, first));
    const length = this.#count - from;
    const start = (this.#next - this.#count + from + this.capacity) % this.capacity;
    const head = Math.min(length, this.capacity - start);
    return this.#columns.map((column) => {
      const copy = new Float64Array(length);
      copy.set(column.subarray(start, start + head));
      copy.set(column.subarray(0, length - head), head);
      return copy;
    });
  }
}
