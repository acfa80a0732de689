/**
 * May the joint torque sensor be believed? It sits behind gear and rotor, so it must show what the motor gives less
 * friction and rotor inertia: τ = τ_motor − friction(q̇) − J·q̈. The friction is the profile's, known by ±50 % only.
 */
import { clamp } from '../../protocols/math.ts';
import { US_PER_S } from '../../protocols/units.ts';
import type { JointLimits } from './limits.ts';
import { FrozenReading, LoadedReading } from './repeated-reading.ts';

/** What the friction may differ from the profile's. */
const FRICTION_UNKNOWN = 0.5;
/** Own value: resolution of a drive's torque, and the torque's change between two readings that are not of the same moment. */
const MARGIN_NM = 3;
/** Friction is smoothed around standstill: a drive's velocity is mostly noise below. */
const SMOOTHING_RAD_PER_SEC = 0.1;
/** Own value: long against a cycle and the delay between both sensors, short against the time to act. */
const TIME_CONSTANT_SEC = 0.04;
/** Own value, effective: a healthy sensor's residual changes by its noise, and by single steps of a changing torque. */
const NOISE_NM = 6;
/** So that no single step of the torque looks like noise. */
const STEP_WEIGHT_NM = 2 * NOISE_NM;
/** Below both the joint rests, by itself: what its sensors then show is their noise. Own values, a step of what a drive reports. */
const RESTING_RAD_PER_SEC = 0.005;
const RESTING_NM = 0.5;

const stands = (velocityRadPerSec: number): boolean => Math.abs(velocityRadPerSec) < RESTING_RAD_PER_SEC;

export const rests = (velocityRadPerSec: number, motorNm: number): boolean => stands(velocityRadPerSec) && Math.abs(motorNm) < RESTING_NM;

export class TorqueTrust {
  /** Low-passed difference between the sensor and what it should show, Nm. */
  residualNm = 0;
  #noiseNm2 = 0;
  #beforeNm = Number.NaN;
  /** Of this reading's expectation, what the rotor takes, and of the one before. */
  #rotorNm = 0;
  #rotorBeforeNm = 0;
  #velocityRadPerSec = Number.NaN;
  #motorAtUs = 0;
  readonly #frozen = new FrozenReading();
  readonly #loaded = new LoadedReading();

  constructor(private readonly limits: JointLimits) {}

  /** Forgets; the drive was not heard. */
  reset(): void {
    this.#velocityRadPerSec = Number.NaN;
    this.#beforeNm = Number.NaN;
    this.residualNm = 0;
    this.#noiseNm2 = 0;
  }

  /** A new reading of the motor. @param jointIsNew the sensor's is, too @param inStep and both are of one moment @returns the sensor contradicts the motor */
  look(jointNm: number, motorNm: number, velocityRadPerSec: number, motorAtUs: number, jointIsNew: boolean, inStep: boolean): boolean {
    const elapsedSec = (motorAtUs - this.#motorAtUs) / US_PER_S;
    const accelerationRadPerSec2 = (velocityRadPerSec - this.#velocityRadPerSec) / elapsedSec;
    this.#motorAtUs = motorAtUs;
    this.#velocityRadPerSec = velocityRadPerSec;
    if (jointIsNew) {
      this.#frozen.look(jointNm, rests(velocityRadPerSec, motorNm));
      this.#loaded.look(jointNm, motorNm, stands(velocityRadPerSec));
    }
    // The first reading knows no acceleration.
    if (Number.isFinite(accelerationRadPerSec2)) this.#compare(jointNm - this.#expectedNm(motorNm, velocityRadPerSec, accelerationRadPerSec2), elapsedSec, jointIsNew && inStep);
    return this.#frozen.frozen || this.#loaded.frozen || Math.abs(this.residualNm) > this.#toleranceNm(velocityRadPerSec) || this.#noiseNm2 > NOISE_NM * NOISE_NM;
  }

  #compare(residualNm: number, elapsedSec: number, ofOneMoment: boolean): void {
    const share = Math.min(1, elapsedSec / TIME_CONSTANT_SEC);
    this.residualNm += (residualNm - this.residualNm) * share;
    // What the torque changed between both moments is no noise of the sensor.
    if (ofOneMoment) this.#notice(residualNm, share);
    else this.#beforeNm = Number.NaN;
  }

  #notice(residualNm: number, share: number): void {
    // Readings that are held up give accelerations that come and go: that is no noise of the sensor.
    const unevenNm = Math.abs(this.#rotorNm - this.#rotorBeforeNm);
    const stepNm = Number.isNaN(this.#beforeNm) ? 0 : clamp(Math.abs(residualNm - this.#beforeNm) - unevenNm, 0, STEP_WEIGHT_NM);
    this.#rotorBeforeNm = this.#rotorNm;
    this.#beforeNm = residualNm;
    this.#noiseNm2 += (stepNm * stepNm - this.#noiseNm2) * share;
  }

  #expectedNm(motorNm: number, velocityRadPerSec: number, accelerationRadPerSec2: number): number {
    const { coulombFrictionNm, viscousFrictionNmsPerRad, rotorInertiaKgM2 } = this.limits;
    const smooth = velocityRadPerSec / Math.sqrt(velocityRadPerSec * velocityRadPerSec + SMOOTHING_RAD_PER_SEC * SMOOTHING_RAD_PER_SEC);
    this.#rotorNm = rotorInertiaKgM2 * accelerationRadPerSec2;
    return motorNm - coulombFrictionNm * smooth - viscousFrictionNmsPerRad * velocityRadPerSec - this.#rotorNm;
  }

  /** At standstill the friction may stand anywhere between its two ends, and it turns faster than the low-pass follows. */
  #toleranceNm(velocityRadPerSec: number): number {
    const { coulombFrictionNm, viscousFrictionNmsPerRad } = this.limits;
    return MARGIN_NM + (1 + FRICTION_UNKNOWN) * coulombFrictionNm + FRICTION_UNKNOWN * viscousFrictionNmsPerRad * Math.abs(velocityRadPerSec);
  }
}
