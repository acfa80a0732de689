/**
 * What a bare drive turns on the bench: a flywheel in bearings, without an end. Our own figures, scaled to the drive so
 * that each meets what suits it.
 */
import type { DriveProfile } from '../../protocols/drive-profile.ts';
import type { JointPort } from './device.ts';

/** The continuous torque brings the flywheel to the drive's highest speed in this time: brisk, and easy to control. */
const RUN_UP_S = 0.1;
/** Parts of the continuous torque: what a good gear loses at rest, and what grease takes on top at full speed. */
const COULOMB_SHARE = 0.03;
const VISCOUS_SHARE = 0.05;

export class BenchLoad implements JointPort {
  readonly #inertiaKgM2: number;
  readonly #coulombNm: number;
  readonly #viscousNmsPerRad: number;
  #positionRad = 0;
  #velocityRadPerSec = 0;
  #torqueNm = 0;

  constructor({ continuousTorqueNm, velocityRangeRadPerSec }: DriveProfile) {
    this.#inertiaKgM2 = (continuousTorqueNm * RUN_UP_S) / velocityRangeRadPerSec;
    this.#coulombNm = COULOMB_SHARE * continuousTorqueNm;
    this.#viscousNmsPerRad = (VISCOUS_SHARE * continuousTorqueNm) / velocityRangeRadPerSec;
  }

  positionRad(): number {
    return this.#positionRad;
  }

  velocityRadPerSec(): number {
    return this.#velocityRadPerSec;
  }

  applyTorqueNm(torqueNm: number): void {
    this.#torqueNm = torqueNm;
  }

  step(durationS: number): void {
    const perNm = durationS / this.#inertiaKgM2;
    // Grease by the new velocity (implicit, so that it never turns the motion around), then dry friction, which stops but never pushes.
    const greasedRadPerSec = (this.#velocityRadPerSec + perNm * this.#torqueNm) / (1 + perNm * this.#viscousNmsPerRad);
    const brakeRadPerSec = perNm * this.#coulombNm;
    this.#velocityRadPerSec = Math.abs(greasedRadPerSec) <= brakeRadPerSec ? 0 : greasedRadPerSec - Math.sign(greasedRadPerSec) * brakeRadPerSec;
    this.#positionRad += this.#velocityRadPerSec * durationS;
  }
}
