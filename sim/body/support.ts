/**
 * A body-weight support: a winch that carries the patient's harness, with a rate limit and a watchdog of its own, and a brake
 * on the rope that springs close when it has no power or no set-points. The relay that feeds the joints' drives does not cut
 * it: who hangs in a harness must not fall when the drives let go. Open, the winch gives its force whatever the patient does;
 * closed, rope and harness are a spring between a fixed end and a patient who moves, if he moves (body/ground.ts).
 */
import type { SupportProfile } from '../../protocols/actuator-profile.ts';
import { clamp } from '../../protocols/math.ts';
import { kgToNewton, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import type { SupportSetPoint } from '../../protocols/wire/hub-inputs.ts';

/** Own figures: a spring-applied brake, a rope that slips or a strap that tears. */
const BRAKE_CLOSES_US = 80 * US_PER_MS;
const DROP_N_PER_SEC = 4_000;
const RATE_SHARE = 1.2;

/** The patient's end of the rope, and what rope and harness are while the brake is closed. */
export interface Harness {
  readonly harnessNPerM: number;
  readonly harnessNsPerM: number;
  readonly pelvisHeightM: number;
  /** Upward. */
  readonly pelvisMps: number;
}

/** Nobody moves in it. */
const STILL: Harness = { harnessNPerM: 0, harnessNsPerM: 0, pelvisHeightM: 0, pelvisMps: 0 };

export class VirtualSupport {
  locked = true;
  fault = false;
  harness: Harness = STILL;
  readonly #setPoint: SupportSetPoint = { unloadingN: 0, lock: true };
  readonly #mostN: number;
  readonly #rateNPerSec: number;
  readonly #watchdogUs: number;
  #toldUs = -Infinity;
  #nowUs = 0;
  #closingUs = 0;
  /** By the winch; by the closed brake where the patient was when it closed. */
  #carriedN = 0;
  #closedM = 0;
  /** Of it, lost to the drop. */
  #lostN = 0;
  #dropN = 0;

  constructor({ unloadingMaxKg, rateKgPerSec, watchdogMs }: SupportProfile) {
    this.#mostN = kgToNewton(unloadingMaxKg);
    this.#rateNPerSec = RATE_SHARE * kgToNewton(rateKgPerSec);
    this.#watchdogUs = watchdogMs * US_PER_MS;
  }

  get unloadingN(): number {
    const { harnessNPerM, harnessNsPerM, pelvisHeightM, pelvisMps } = this.harness;
    const stretchN = this.locked ? harnessNPerM * (this.#closedM - pelvisHeightM) - harnessNsPerM * pelvisMps : 0;
    return Math.max(0, this.#carriedN - this.#lostN + stretchN);
  }

  /** A patient hangs in it by its closed brake, or nobody does. */
  hang(weightN: number): void {
    this.#closedM = this.harness.pelvisHeightM;
    this.#carriedN = weightN + this.#lostN;
  }

  take({ unloadingN, lock }: SupportSetPoint, nowUs: number): void {
    this.#setPoint.unloadingN = unloadingN;
    this.#setPoint.lock = lock;
    this.#toldUs = nowUs;
  }

  /** The rope gives way by this force; a closed brake ends it. */
  drop(dropN: number): void {
    this.#dropN = this.#lostN + dropN;
  }

  clearFaults(): void {
    this.#carriedN = Math.max(0, this.#carriedN - this.#lostN);
    this.#lostN = 0;
    this.#dropN = 0;
    this.fault = false;
  }

  step(nowUs: number, elapsedUs: number): void {
    this.#nowUs = nowUs;
    const sec = elapsedUs / US_PER_S;
    this.#closingUs = this.#shouldLock() ? this.#closingUs + elapsedUs : 0;
    if (this.#closingUs >= BRAKE_CLOSES_US) this.#close();
    else if (this.#closingUs === 0) this.#open();
    if (this.locked) return;
    this.#lostN = Math.min(this.#dropN, this.#lostN + DROP_N_PER_SEC * sec);
    const step = this.#rateNPerSec * sec;
    this.#carriedN = clamp(Math.min(this.#setPoint.unloadingN, this.#mostN), this.#carriedN - step, this.#carriedN + step);
  }

  #close(): void {
    if (this.locked) return;
    this.#closedM = this.harness.pelvisHeightM;
    this.locked = true;
  }

  /** The winch takes the rope over with the force that it carries. */
  #open(): void {
    if (!this.locked) return;
    this.#carriedN = this.unloadingN + this.#lostN;
    this.locked = false;
  }

  #shouldLock(): boolean {
    return this.#setPoint.lock || this.fault || this.#nowUs - this.#toldUs > this.#watchdogUs;
  }
}
