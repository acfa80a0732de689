/**
 * Hold-to-run: a motion that goes on only while a person keeps a button pressed. A press that was not renewed in time
 * is over for good: the button must be let go before it counts again, so that renewals which were stuck somewhere
 * cannot set the robot in motion when they arrive.
 */
import { HOLD_MAX_AGE_MS } from '../../protocols/supervision.ts';
import { US_PER_MS } from '../../protocols/units.ts';

const MAX_AGE_US = HOLD_MAX_AGE_MS * US_PER_MS;

export class Hold {
  #sequence = 0;
  #renewedUs = 0;
  #pressed = false;

  /** Another holder of the lease begins without a press. */
  reset(): void {
    this.#sequence = 0;
    this.#pressed = false;
  }

  /** @returns false when it renewed nothing: a sequence that does not grow, or a press that had lapsed */
  renew(sequence: number, nowUs: number): boolean {
    if (!(sequence > this.#sequence)) return false;
    this.#sequence = sequence;
    if (this.#pressed && this.#lapsed(nowUs)) return false;
    this.#pressed = true;
    this.#renewedUs = nowUs;
    return true;
  }

  end(): void {
    this.#pressed = false;
  }

  /** Infinity when the button is not held, or was not renewed in time. */
  ageUs(nowUs: number): number {
    return this.#pressed && !this.#lapsed(nowUs) ? Math.max(0, nowUs - this.#renewedUs) : Infinity;
  }

  #lapsed(nowUs: number): boolean {
    return !(nowUs - this.#renewedUs <= MAX_AGE_US);
  }
}
