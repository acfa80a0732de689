/**
 * What the body-weight support may be told: unloading changes no faster than the profile lets, from where it is measured, and
 * stays locked unless a patient trains. What is no number locks it. And does it do that?
 */
import type { SupportInputs } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import type { SupportProfile } from '../../protocols/actuator-profile.ts';
import { kgToNewton, US_PER_MS, US_PER_S } from '../../protocols/units.ts';

export class SupportEnvelope {
  unloadingN = 0;
  lock = true;
  readonly #mostN: number;
  readonly #stepN: number;

  constructor({ unloadingMaxKg, rateKgPerSec }: SupportProfile, periodSec: number) {
    this.#mostN = kgToNewton(unloadingMaxKg);
    this.#stepN = kgToNewton(rateKgPerSec) * periodSec;
  }

  /** Once per cycle. @param free a patient trains, and nothing is wrong with the support */
  apply(wishN: number, measured: SupportInputs, free: boolean): void {
    const wasLocked = this.lock;
    this.lock = !free || !Number.isFinite(wishN) || !Number.isFinite(measured.ageUs) || !Number.isFinite(measured.unloadingN);
    if (this.lock) return;
    // The rope is taken over with the force that it carries.
    const before = wasLocked ? clamp(measured.unloadingN, 0, this.#mostN) : this.unloadingN;
    this.unloadingN = clamp(clamp(wishN, 0, this.#mostN), before - this.#stepN, before + this.#stepN);
  }
}

/** Own values: who hangs in a locked rope swings for about a second when his plates stop; on the way up it carries no less than half of what it did. */
const SWING_US = US_PER_S;
const GONE_SHARE = 0.25;

export class SupportWatch {
  /** Less unloading than told, or than there was when it was locked. */
  dropped = false;
  /** The brake of the rope stays open although it should be closed. */
  unlocked = false;
  readonly #dropN: number;
  readonly #lockUs: number;
  #carriedN = 0;
  /** What a locked rope was stretched by beyond that, fading: so much less it carries on the way back, and settles anew. */
  #swingN = 0;
  #lockingUs = 0;

  constructor({ dropKg, lockMs }: SupportProfile) {
    this.#dropN = kgToNewton(dropKg);
    this.#lockUs = lockMs * US_PER_MS;
  }

  /**
   * Once per cycle, before new commands are made.
   * @param told of the cycle before
   * @param energised false: nobody trains; who sits down or gets out changes the unloading, and that is no fault
   */
  update(measured: SupportInputs, told: Pick<SupportEnvelope, 'unloadingN' | 'lock'>, energised: boolean, elapsedUs: number): void {
    if (energised && told.lock) this.#sway(measured.unloadingN, elapsedUs);
    else {
      this.#carriedN = energised ? told.unloadingN : measured.unloadingN;
      this.#swingN = 0;
    }
    this.#lockingUs = told.lock ? this.#lockingUs + elapsedUs : 0;
    // Negated: a force that is no number is a drop.
    this.dropped = !(measured.unloadingN >= Math.min(this.#carriedN - this.#dropN, Math.max(this.#carriedN - this.#swingN, GONE_SHARE * this.#carriedN)));
    this.unlocked = !measured.locked && this.#lockingUs > this.#lockUs;
  }

  #sway(unloadingN: number, elapsedUs: number): void {
    if (!Number.isFinite(unloadingN)) return;
    const share = Math.min(1, elapsedUs / SWING_US);
    this.#swingN = Math.max(this.#swingN * (1 - share), unloadingN - this.#carriedN);
    if (this.#swingN > this.#dropN) this.#carriedN += (unloadingN - this.#carriedN) * share;
  }
}
