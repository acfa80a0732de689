import type { JointInputs } from '../../protocols/joints.ts';
import type { TrustedJoint } from './trusted-joint.ts';

/**
 * Joints whose motor and joint encoder differ: their drives may close their loops on a wrong angle, so that neither braking nor
 * holding is safe. Once let go, a joint stays so until the drives are released.
 * @param letGo per joint, 1: let go; changed in place
 * @param due the failsafe table asks for it
 * @returns a joint is let go
 */
export function noticeLetGo(letGo: Uint8Array, joints: readonly TrustedJoint[], due: boolean, energised: boolean): boolean {
  let any = false;
  for (let j = 0; j < letGo.length; j++) {
    const before = letGo[j] === 1;
    const now = energised && (before || (due && joints[j]?.disagrees === true));
    letGo[j] = now ? 1 : 0;
    if (now) any = true;
  }
  return any;
}

/** Drives that let go in a stop without being told: the joints that they leave move on, until brakes hold them. */
export class LostDrives {
  readonly #unheardUs: Float64Array;

  /** @param watchdogsUs per drive, after which it lets go when it hears nobody */
  constructor(private readonly watchdogsUs: readonly number[]) {
    this.#unheardUs = new Float64Array(watchdogsUs.length);
  }

  /** Once per cycle. @returns a drive has let go in a stop, as it says or as its own watchdog makes it */
  update(drives: readonly Pick<JointInputs, 'driveState' | 'driveAgeUs'>[], stops: boolean, elapsedUs: number): boolean {
    let any = false;
    let j = 0;
    for (const { driveState, driveAgeUs } of drives) {
      const unheardUs = driveState === 'absent' ? (this.#unheardUs[j] ?? Infinity) + elapsedUs : 0;
      this.#unheardUs[j] = unheardUs;
      const watchdogUs = this.watchdogsUs[j++];
      // Negated: an age that is no number is a silence.
      if (driveState === 'absent' ? unheardUs >= (watchdogUs ?? 0) : driveState !== 'enabled' || !(driveAgeUs < (watchdogUs ?? Infinity))) any = true;
    }
    return stops && any;
  }
}
