/**
 * Does the treadmill do what it is told, and do belt and legs go together? A healthy belt follows its set-point with the time
 * constant of the profile; both commanded belt and stepping legs are looked at through that lag, or every ramp would look
 * like a fault.
 */
import type { DesiredCommand, PermittedCommand, TreadmillInputs } from '../../protocols/joints.ts';
import type { TreadmillProfile } from '../../protocols/actuator-profile.ts';
import { US_PER_MS } from '../../protocols/units.ts';

export class BeltWatch {
  /** Faster than told, or backward. */
  runaway = false;
  /** Belt and stepping legs differ by more than feet may slip. */
  desync = false;
  #expectedMps = 0;
  #legsMps = 0;

  constructor(private readonly limits: Pick<TreadmillProfile, 'lagMs' | 'runawayToleranceMps' | 'syncToleranceMps'>) {}

  /**
   * Once per cycle, before new commands are made.
   * @param told the belt's set-point of the cycle before
   * @param legs how fast they stepped then; null while they do not
   */
  update(measured: TreadmillInputs, told: Pick<PermittedCommand, 'beltSpeedMps'>, legs: Pick<DesiredCommand, 'beltSpeedMps'> | null, elapsedUs: number): void {
    const { lagMs, runawayToleranceMps, syncToleranceMps } = this.limits;
    const toldMps = told.beltSpeedMps;
    const share = Math.min(1, elapsedUs / (lagMs * US_PER_MS));
    this.#expectedMps += (toldMps - this.#expectedMps) * share;
    this.#legsMps += ((legs === null ? toldMps : (legs.beltSpeedMps ?? 0)) - this.#legsMps) * share;
    const { leftMps, rightMps } = measured;
    const fastest = Math.max(toldMps, this.#expectedMps) + runawayToleranceMps;
    // Negated comparisons: a speed that is no number is not within bounds.
    this.runaway = !within(leftMps, -runawayToleranceMps, fastest) || !within(rightMps, -runawayToleranceMps, fastest);
    const slow = this.#legsMps - syncToleranceMps;
    const fast = this.#legsMps + syncToleranceMps;
    this.desync = legs !== null && (!within(leftMps, slow, fast) || !within(rightMps, slow, fast));
  }
}

const within = (value: number, low: number, high: number): boolean => value >= low && value <= high;
