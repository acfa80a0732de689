/** Limits and heat of a geared motor: what it can give of the torque it is asked for. */
import { clamp } from '../../protocols/math.ts';
import type { DriveProfile } from '../../protocols/drive-profile.ts';

const AMBIENT_C = 25;
/**
 * Two thermal masses in line, our own figures for a small outrunner: the winding over its case, and the case over the
 * room. Peak torque is a matter of the winding's seconds, continuous torque of the case's minutes.
 */
const WINDING_TIME_CONSTANT_S = 30;
const CASE_TIME_CONSTANT_S = 600;
/** Part of the settled rise that lies between winding and case. */
const WINDING_SHARE = 0.4;
/** From this part of its no-load speed on, the supply voltage leaves less and less torque. */
const DERATING_STARTS = 0.8;

export class Motor {
  readonly #peakTorqueNm: number;
  readonly #noLoadSpeedRadPerSec: number;
  readonly #heatingCPerNm2: number;
  #windingOverCaseC = 0;
  #caseC = AMBIENT_C;

  constructor(drive: DriveProfile) {
    this.#peakTorqueNm = drive.peakTorqueNm;
    this.#noLoadSpeedRadPerSec = drive.velocityRangeRadPerSec;
    // The continuous torque is the one that settles at the warning temperature.
    this.#heatingCPerNm2 = (drive.tempWarnC - AMBIENT_C) / drive.continuousTorqueNm ** 2;
  }

  /** Of the winding, where the sensor sits. */
  get tempC(): number {
    return this.#caseC + this.#windingOverCaseC;
  }

  /** @returns the torque the motor gives */
  limitNm(wantedNm: number, velocityRadPerSec: number): number {
    const limited = clamp(wantedNm, -this.#peakTorqueNm, this.#peakTorqueNm);
    const pushes = limited * velocityRadPerSec > 0;
    if (!pushes) return limited;
    const share = Math.abs(velocityRadPerSec) / this.#noLoadSpeedRadPerSec;
    return limited * clamp((1 - share) / (1 - DERATING_STARTS), 0, 1);
  }

  /** The case keeps its temperature. */
  heatTo(tempC: number): void {
    this.#windingOverCaseC = tempC - this.#caseC;
  }

  heat(torqueNm: number, durationS: number): void {
    const riseC = this.#heatingCPerNm2 * torqueNm * torqueNm;
    this.#windingOverCaseC += ((WINDING_SHARE * riseC - this.#windingOverCaseC) * durationS) / WINDING_TIME_CONSTANT_S;
    this.#caseC += ((AMBIENT_C + (1 - WINDING_SHARE) * riseC - this.#caseC) * durationS) / CASE_TIME_CONSTANT_S;
  }
}
