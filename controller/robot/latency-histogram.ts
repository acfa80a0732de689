/** Durations in fixed buckets, so that a long run costs no memory and recording allocates nothing. */

/** Bucket edges grow by 5 %: from 1 µs to past 100 s. */
const GROWTH = Math.log(1.05);
const BUCKETS = 380;

export interface LatencyQuantiles {
  readonly count: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly p999Us: number;
  readonly maxUs: number;
}

export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #maxUs = 0;

  record(durationUs: number): void {
    if (!Number.isFinite(durationUs)) return;
    const at = durationUs <= 1 ? 0 : Math.min(BUCKETS - 1, Math.floor(Math.log(durationUs) / GROWTH) + 1);
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#count++;
    if (durationUs > this.#maxUs) this.#maxUs = durationUs;
  }

  reset(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#maxUs = 0;
  }

  /** Quantiles are the upper edge of their bucket, so at most 5 % too large. */
  quantiles(): LatencyQuantiles {
    return { count: this.#count, p50Us: this.#quantile(0.5), p99Us: this.#quantile(0.99), p999Us: this.#quantile(0.999), maxUs: Math.round(this.#maxUs) };
  }

  #quantile(share: number): number {
    let below = 0;
    for (let at = 0; at < BUCKETS; at++) {
      below += this.#counts[at] ?? 0;
      if (below > 0 && below >= share * this.#count) return Math.round(Math.min(Math.exp(at * GROWTH), this.#maxUs));
    }
    return 0;
  }
}
