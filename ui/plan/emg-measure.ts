/** Mean of a rectified muscle signal: over all of a rest, or of the best second of an effort. Pure; time comes with each reading. */
export type EmgEffort = 'rest' | 'mvc';

/** Own values: long enough for a person to build an effort up, and the second of it that counts. */
export const EMG_MEASURE_MS = 3_000;
const BEST_MS = 1_000;
/** Fewer readings are no measurement: the channel is not heard. */
const LEAST_READINGS = 10;

export class EmgMeasure {
  readonly #readings: { readonly atMs: number; readonly uv: number }[] = [];
  #beganMs = Number.NaN;

  constructor(private readonly effort: EmgEffort) {}

  /** @returns false: it is over */
  take(uv: number, atMs: number): boolean {
    if (Number.isNaN(this.#beganMs)) this.#beganMs = atMs;
    if (atMs - this.#beganMs > EMG_MEASURE_MS) return false;
    if (Number.isFinite(uv)) this.#readings.push({ atMs, uv });
    return true;
  }

  /** µV; null: the channel was not heard. */
  result(): number | null {
    if (this.#readings.length < LEAST_READINGS) return null;
    if (this.effort === 'rest') return mean(this.#readings);
    const windows = this.#readings.flatMap((from) => {
      const whole = (this.#readings.at(-1)?.atMs ?? 0) - from.atMs >= BEST_MS;
      return whole ? [mean(this.#readings.filter(({ atMs }) => atMs >= from.atMs && atMs < from.atMs + BEST_MS))] : [];
    });
    return windows.length === 0 ? mean(this.#readings) : Math.max(...windows);
  }
}

const mean = (readings: readonly { readonly uv: number }[]): number => readings.reduce((sum, { uv }) => sum + uv, 0) / readings.length;
