/** Watches a protective stop: when the profile's stop time is over, every joint must be seen to be at rest. */
import { degToRad, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { TrustedJoint } from './input-trust.ts';

/** Own value: a limb in its cuffs swings on a little when the orthosis stands. */
const REST_FACTOR = 5;

/** `moving`: a joint is seen to move that should stand. `unknown`: one is not seen at all. */
export type StopVerdict = 'none' | 'unknown' | 'moving';

export class StopMonitor {
  readonly #maxUs: number;
  readonly #restRadPerSec: number;
  /** Joint-side angles of the cycle before; a joint that is new has none. */
  readonly #encoderRad: number[] = [];
  #elapsedUs = 0;

  constructor(stop: RobotProfile['stop']) {
    this.#maxUs = stop.maxTimeMs * US_PER_MS;
    this.#restRadPerSec = degToRad(stop.restSpeedDegPerSec) * REST_FACTOR;
  }

  /**
   * Once per cycle. What a drive said before it fell silent is no speed of now: its joint is then judged by the
   * joint-side encoder.
   * @param braking the drives are braking or holding after a protective stop (not while lowering, not when released)
   * @param hubFresh the joint-side encoders were heard of within the profile's input age
   */
  judge(braking: boolean, joints: readonly TrustedJoint[], hubFresh: boolean, elapsedUs: number): StopVerdict {
    this.#elapsedUs = braking ? this.#elapsedUs + elapsedUs : 0;
    let verdict: StopVerdict = 'none';
    let index = 0;
    for (const joint of joints) {
      const speed = this.#speed(joint, index, hubFresh, elapsedUs);
      this.#encoderRad[index++] = joint.encoderRad;
      if (this.#elapsedUs <= this.#maxUs) continue;
      if (Math.abs(speed) > this.#restRadPerSec) verdict = 'moving';
      else if (Number.isNaN(speed) && verdict === 'none') verdict = 'unknown';
    }
    return verdict;
  }

  /** @returns rad/s; NaN when nobody sees the joint */
  #speed(joint: TrustedJoint, index: number, hubFresh: boolean, elapsedUs: number): number {
    if (joint.motorFresh) return joint.velocityRadPerSec;
    if (!hubFresh || joint.encoderImplausible) return Number.NaN;
    return ((joint.encoderRad - (this.#encoderRad[index] ?? Number.NaN)) * US_PER_S) / elapsedUs;
  }
}
