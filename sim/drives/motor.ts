/** Limits and heat of a geared motor: what it can give of the torque it is asked for. */
import { clamp } from '../../protocols/math.ts';
import type { DriveProfile } from '../../protocols/drive-profile.ts';

const AMBIENT_C = 25;
/** Our own figure: one thermal mass with the time constant of a small outrunner's winding and case. */
const THERMAL_TIME_CONSTANT_S = 120;
/** From this part of its no-load speed on, the supply voltage leaves less and less torque. */
const DERATING_STARTS = 0.8;

export class Motor {
  readonly #peakTorqueNm: number;
  readonly #noLoadSpeedRadPerSec: number;
  readonly #heatingCPerNm2: number;
  #tempC = AMBIENT_C;

  constructor(drive: DriveProfile) {
    this.#peakTorqueNm = drive.peakTorqueNm;
    this.#noLoadSpeedRadPerSec = drive.velocityRangeRadPerSec;
    // The continuous torque is the one that settles at the warning temperature.
    this.#heatingCPerNm2 = (drive.tempWarnC - AMBIENT_C) / drive.continuousTorqueNm ** 2;
  }

  get tempC(): number {
    return this.#tempC;
  }

  /** @returns the torque the motor gives */
  limitNm(wantedNm: number, velocityRadPerSec: number): number {
    const limited = clamp(wantedNm, -this.#peakTorqueNm, this.#peakTorqueNm);
    const pushes = limited * velocityRadPerSec > 0;
    if (!pushes) return limited;
    const share = Math.abs(velocityRadPerSec) / this.#noLoadSpeedRadPerSec;
    return limited * clamp((1 - share) / (1 - DERATING_STARTS), 0, 1);
  }

  heat(torqueNm: number, durationS: number): void {
    const settlesAtC = AMBIENT_C + this.#heatingCPerNm2 * torqueNm * torqueNm;
    this.#tempC += ((settlesAtC - this.#tempC) * durationS) / THERMAL_TIME_CONSTANT_S;
  }
}
