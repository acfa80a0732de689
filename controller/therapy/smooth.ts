/** Values that never step: what a therapist changes and what blends the pattern in and out. */
import { clamp, minimumJerk } from '../../protocols/math.ts';

/** Critically damped; 91 % of a change is there after 1 s, and it starts and ends without a kink. */
const NATURAL_RAD_PER_SEC = 4;
/** For what moves a whole curve in time: a tenth of a cycle at once would be a jerk. */
export const SLOW_RAD_PER_SEC = 1.5;
/** Closer than this it has arrived. */
const ARRIVED = 1e-6;

/** Follows its target as a critically damped second-order system. */
export class SmoothValue {
  value = 0;
  perSec = 0;

  constructor(private readonly naturalRadPerSec = NATURAL_RAD_PER_SEC) {}

  /** Starts over at a value, standing. */
  reset(value: number): void {
    this.value = value;
    this.perSec = 0;
  }

  follow(target: number, elapsedSec: number): void {
    // A target that is no number leaves the value where it is.
    const pull = Number.isFinite(target) ? target - this.value : 0;
    if (Math.abs(pull) < ARRIVED && Math.abs(this.perSec) < ARRIVED) {
      this.value += pull;
      this.perSec = 0;
      return;
    }
    const natural = this.naturalRadPerSec;
    this.perSec += (natural * natural * pull - 2 * natural * this.perSec) * elapsedSec;
    this.value += this.perSec * elapsedSec;
  }
}

/** Time in which a blend reverses its direction. */
const TURN_SEC = 0.3;

/** Runs between 0 and 1 as a minimum-jerk blend; turning around half-way is smooth as well. */
export class Blend {
  /** 0 … 1 */
  value = 0;
  perSec = 0;
  #along = 0;
  #rate = 0;

  /** @param whole at 1 instead of 0 */
  reset(whole = false): void {
    this.value = Number(whole);
    this.perSec = 0;
    this.#along = this.value;
    this.#rate = 0;
  }

  /** Stays where it is, at once. */
  freeze(): void {
    this.perSec = 0;
    this.#rate = 0;
  }

  /** @param durationSec of a whole run toward 1 (`up`) or 0 */
  advance(up: boolean, durationSec: number, elapsedSec: number): void {
    const wanted = (up ? 1 : -1) / durationSec;
    const turn = (2 * elapsedSec) / (durationSec * TURN_SEC);
    this.#rate = clamp(wanted, this.#rate - turn, this.#rate + turn);
    const next = this.#along + this.#rate * elapsedSec;
    this.#along = clamp(next, 0, 1);
    if (next !== this.#along) this.#rate = 0;
    const u = this.#along;
    this.value = minimumJerk(u);
    this.perSec = 30 * u * u * (1 - u) * (1 - u) * this.#rate;
  }
}
