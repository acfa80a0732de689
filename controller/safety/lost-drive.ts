/**
 * A drive that nobody reaches holds what it was told last, or lets go by its own watchdog: its joint gets no faster by it.
 * One that closes its loop on a wrong angle does, and only the relay can take its torque. Joint encoder and torque sensor,
 * which the hub tells, show that.
 */
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import type { HubInputs, JointInputs } from '../../protocols/joints.ts';
import type { JointLimits } from './limits.ts';
import type { TrustedJoint } from './trusted-joint.ts';

/** Own value: a drive answers in every cycle; one that did not in two may be lost. */
const UNHEARD_US = 10 * US_PER_MS;
/** Own values: what the torque that was fed forward last still adds until the drive's own stiffness holds against it. */
const GAIN = { share: 0.25, radPerSec: 1 };
/** Own value, of the joint's torque limit: more than friction, noise and a rotor that is dragged along. */
const DRIVEN_SHARE = 0.1;
/** Frames of the hub in a row. */
const FRAMES = 2;

export class LostDrive {
  /** Nobody reaches it, and it drives its joint on. */
  runsOn = false;
  readonly #drivenNm: number;
  /** What the last two frames of the hub told, by its own clock: they may come late, and at once. NaN: there were none. */
  #last = { atUs: Number.NaN, rad: Number.NaN };
  #before = { atUs: Number.NaN, rad: Number.NaN };
  #isDriven = false;
  #frames = 0;

  constructor({ torqueNm }: Pick<JointLimits, 'torqueNm'>) {
    this.#drivenNm = DRIVEN_SHARE * torqueNm;
  }

  /** Once per cycle. Its speed when it was last heard is the one that it may have. @param hub when it saw what it told last */
  look(trusted: TrustedJoint, input: JointInputs, { deviceTimeUs }: Pick<HubInputs, 'deviceTimeUs'>): void {
    const isNew = deviceTimeUs !== this.#last.atUs;
    if (isNew) this.#see(trusted, deviceTimeUs);
    const unheard = input.driveState === 'absent' || !(input.driveAgeUs <= UNHEARD_US);
    if (!unheard || !this.#isDriven) this.#frames = 0;
    else if (isNew) this.#frames++;
    this.runsOn = this.#frames >= FRAMES;
  }

  #see({ encoderRad, encoderImplausible, jointTorqueNm, velocityRadPerSec }: TrustedJoint, atUs: number): void {
    const { atUs: beforeUs, rad } = this.#before;
    const radPerSec = ((encoderRad - rad) * US_PER_S) / (atUs - beforeUs);
    const newest = this.#before;
    this.#before = this.#last;
    this.#last = newest;
    newest.atUs = atUs;
    newest.rad = encoderRad;
    const gains = Math.abs(radPerSec) > Math.abs(velocityRadPerSec) * (1 + GAIN.share) + GAIN.radPerSec;
    this.#isDriven = gains && jointTorqueNm * Math.sign(radPerSec) > this.#drivenNm && !encoderImplausible;
  }
}
