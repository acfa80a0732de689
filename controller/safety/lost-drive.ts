/**
 * A drive that nobody reaches holds what it was told last, or lets go by its own watchdog: its joint gets no faster by it.
 * One that closes its loop on a wrong angle does, and only the relay can take its torque. Joint encoder and torque sensor,
 * which the hub tells, show that.
 */
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import type { JointInputs } from '../../protocols/joints.ts';
import type { JointLimits } from './limits.ts';
import type { TrustedJoint } from './trusted-joint.ts';

/** Own value: a drive answers in every cycle; one that did not in two may be lost. */
const UNHEARD_US = 10 * US_PER_MS;
/** Own values: what the torque that was fed forward last still adds until the drive's own stiffness holds against it. */
const GAIN = { share: 0.25, radPerSec: 1 };
/** Own value, of the joint's torque limit: more than friction, noise and a rotor that is dragged along. */
const DRIVEN_SHARE = 0.1;
/** Cycles in a row: a late frame of the hub makes one seem faster. */
const CYCLES = 2;

export class LostDrive {
  /** Nobody reaches it, and it drives its joint on. */
  runsOn = false;
  readonly #drivenNm: number;
  /** Joint-side angles of the last two cycles; NaN: there were none. */
  #lastRad = Number.NaN;
  #beforeRad = Number.NaN;
  #cycles = 0;

  constructor({ torqueNm }: Pick<JointLimits, 'torqueNm'>) {
    this.#drivenNm = DRIVEN_SHARE * torqueNm;
  }

  /** Once per cycle. Its speed when it was last heard is the one that it may have. */
  look(trusted: TrustedJoint, input: JointInputs, elapsedUs: number): void {
    const { encoderRad, encoderImplausible, jointTorqueNm, velocityRadPerSec } = trusted;
    const radPerSec = ((encoderRad - this.#beforeRad) * US_PER_S) / (2 * elapsedUs);
    this.#beforeRad = this.#lastRad;
    this.#lastRad = encoderRad;
    const unheard = input.driveState === 'absent' || !(input.driveAgeUs <= UNHEARD_US);
    const gains = Math.abs(radPerSec) > Math.abs(velocityRadPerSec) * (1 + GAIN.share) + GAIN.radPerSec;
    const driven = jointTorqueNm * Math.sign(radPerSec) > this.#drivenNm;
    this.#cycles = unheard && gains && driven && !encoderImplausible ? this.#cycles + 1 : 0;
    this.runsOn = this.#cycles >= CYCLES;
  }
}
