/** Measures every stop, of whatever category, from its trip until all joints have come to rest: how long, and how far each went. */
import { US_PER_MS } from '../../protocols/units.ts';

/** At rest means that no joint was faster for so long; own value, half a swing of a limb in its cuffs. */
const REST_US = 100 * US_PER_MS;
/** Longer than any joint coasts; a joint that nobody sees is waited for no longer. */
const LONGEST_US = 3_000 * US_PER_MS;

/** How the newest stop went; the same object always, filled anew by the next stop. */
export interface StopRecord {
  /** From the end of a measured stop until the next one begins. */
  readonly finished: boolean;
  /** From the trip until the last joint came to rest. */
  readonly timeUs: number;
  /** False: measuring was given up, because a joint went on moving or could not be seen. */
  readonly atRest: boolean;
  /** Farthest that each joint was from where the trip found it, rad; NaN: not seen. */
  readonly distanceRad: Float64Array;
}

export class StopMeter implements StopRecord {
  finished = false;
  timeUs = 0;
  atRest = false;
  readonly distanceRad: Float64Array;
  /** Where the trip found the joints. */
  readonly #startRad: Float64Array;
  #measuring = false;
  #wasStopping = false;
  #elapsedUs = 0;
  #restUs = 0;

  constructor(jointCount: number) {
    this.distanceRad = new Float64Array(jointCount);
    this.#startRad = new Float64Array(jointCount).fill(Number.NaN);
  }

  /**
   * Once per cycle, the first time in the cycle after the trip.
   * @param seenRad where each joint is; NaN: not seen
   * @param resting no joint is seen to move, and each is seen
   */
  measure(stopping: boolean, seenRad: Float64Array, resting: boolean, elapsedUs: number): void {
    if (stopping && !this.#wasStopping) this.#begin();
    this.#wasStopping = stopping;
    if (this.#measuring) this.#watch(seenRad, resting, elapsedUs);
    else this.#startRad.set(seenRad);
  }

  #begin(): void {
    this.#measuring = true;
    this.finished = false;
    this.#elapsedUs = 0;
    this.#restUs = 0;
    this.distanceRad.fill(Number.NaN);
  }

  #watch(seenRad: Float64Array, resting: boolean, elapsedUs: number): void {
    this.#elapsedUs += elapsedUs;
    for (let j = 0; j < this.distanceRad.length; j++) {
      const awayRad = Math.abs(angleOf(seenRad, j) - angleOf(this.#startRad, j));
      const before = angleOf(this.distanceRad, j);
      if (awayRad > before || Number.isNaN(before)) this.distanceRad[j] = awayRad;
    }
    this.#restUs = resting ? this.#restUs + elapsedUs : 0;
    this.atRest = this.#restUs >= REST_US;
    if (!this.atRest && this.#elapsedUs < LONGEST_US) return;
    this.timeUs = this.#elapsedUs - this.#restUs;
    this.finished = true;
    this.#measuring = false;
  }
}

/** NaN: not known. */
const angleOf = (anglesRad: Float64Array, joint: number): number => anglesRad[joint] ?? Number.NaN;
