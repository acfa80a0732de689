/** Watches a protective stop: when the profile's stop time is over, every joint that is still driven must be at rest. */
import { degToRad, US_PER_MS } from '../../protocols/units.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { TrustedJoint } from './input-trust.ts';

/** Own value: a limb in its cuffs swings on a little when the orthosis stands. */
const REST_FACTOR = 5;

export class StopMonitor {
  readonly #maxUs: number;
  readonly #restRadPerSec: number;
  #elapsedUs = 0;

  constructor(stop: RobotProfile['stop']) {
    this.#maxUs = stop.maxTimeMs * US_PER_MS;
    this.#restRadPerSec = degToRad(stop.restSpeedDegPerSec) * REST_FACTOR;
  }

  /**
   * @param braking the drives are braking or holding after a protective stop (not while lowering, not when released)
   * @returns true while a joint moves that should stand
   */
  breached(braking: boolean, joints: readonly TrustedJoint[], elapsedUs: number): boolean {
    this.#elapsedUs = braking ? this.#elapsedUs + elapsedUs : 0;
    if (this.#elapsedUs <= this.#maxUs) return false;
    for (const joint of joints) if (joint.trusted && Math.abs(joint.velocityRadPerSec) > this.#restRadPerSec) return true;
    return false;
  }
}
