/**
 * What the body-weight support may be told: unloading changes no faster than the profile lets, from where it is measured, and
 * stays locked unless a patient trains. What is no number locks it. And does it do that?
 */
import type { SupportInputs } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import type { SupportProfile } from '../../protocols/actuator-profile.ts';
import { kgToNewton, US_PER_MS } from '../../protocols/units.ts';

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

export class SupportWatch {
  /** Less unloading than told, or than there was when it was locked. */
  dropped = false;
  /** The brake of the rope stays open although it should be closed. */
  unlocked = false;
  readonly #dropN: number;
  readonly #lockUs: number;
  #carriedN = 0;
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
    if (!energised) this.#carriedN = measured.unloadingN;
    else if (!told.lock) this.#carriedN = told.unloadingN;
    this.#lockingUs = told.lock ? this.#lockingUs + elapsedUs : 0;
    // Negated: a force that is no number is a drop.
    this.dropped = !(measured.unloadingN >= this.#carriedN - this.#dropN);
    this.unlocked = !measured.locked && this.#lockingUs > this.#lockUs;
  }
}
