/** How far the simulator runs behind real time: a histogram of fixed size, so that it can run for days. */
const BIN_US = 50;
const BINS = 4_000;

export class LagMeter {
  readonly #bins = new Uint32Array(BINS);
  #count = 0;
  #maxUs = 0;
  #newMaxUs = 0;

  add(lagUs: number): void {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(lagUs / BIN_US)));
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    this.#count++;
    this.#maxUs = Math.max(this.#maxUs, lagUs);
    this.#newMaxUs = Math.max(this.#newMaxUs, lagUs);
  }

  get maxUs(): number {
    return this.#maxUs;
  }

  /** @returns the most since it was taken last */
  takeNewMaxUs(): number {
    const newMaxUs = this.#newMaxUs;
    this.#newMaxUs = 0;
    return newMaxUs;
  }

  /** @returns the upper edge of the bin in which this share (0 … 1) of all lags is reached; 0 before the first one */
  percentileUs(share: number): number {
    let left = share * this.#count;
    if (this.#count === 0) return 0;
    for (let bin = 0; bin < BINS; bin++) {
      left -= this.#bins[bin] ?? 0;
      if (left <= 0) return Math.min((bin + 1) * BIN_US, this.#maxUs);
    }
    return this.#maxUs;
  }
}
