/**
 * Which changes of an angle a joint could have made between two of its readings. Readings do not come in the rhythm they
 * were made in: several come in one burst, and the first one after a silence may be as old as the silence.
 */
import { clamp } from '../../protocols/math.ts';
import { degToRad, US_PER_S } from '../../protocols/units.ts';
import type { JointLimits } from './limits.ts';

/** A joint cannot move faster than this multiple of its speed between two readings. */
const JUMP_FACTOR = 1.5;
/** Of the speed limit; own value: a joint may go this fast although its drive reports less, filtered or stuck. */
const UNSEEN_SPEED = 0.4;
/** Readings in one burst: more are a device that was started anew, or a line that stood. */
const MOST_IN_BURST = 4;
/** Sensor noise on top. */
const JUMP_NOISE_RAD = degToRad(0.5);

export class JumpCheck {
  /** What this cycle and the one before came late: readings were asked for as late, and waited. */
  #lateUs = 0;
  #lateBeforeUs = 0;

  constructor(
    private readonly periodUs: number,
    private readonly maxAgeUs: number,
  ) {}

  nextCycle(latenessUs: number): void {
    this.#lateBeforeUs = this.#lateUs;
    this.#lateUs = clamp(latenessUs, 0, this.maxAgeUs);
  }

  /**
   * Time that may lie between the moments of a reading and of the one before.
   * @param sinceUs from the arrival of the one before to that of this one
   * @param readings that came in it
   * @param silenceUs that the one before ended
   */
  elapsedUs(sinceUs: number, readings: number, silenceUs: number): number {
    const madeInUs = readings <= MOST_IN_BURST ? (readings - 1) * this.periodUs : 0;
    const waitedUs = silenceUs > 2 * this.periodUs ? Math.min(silenceUs - this.periodUs, this.maxAgeUs) : 0;
    return Math.max(sinceUs + waitedUs, madeInUs);
  }

  /** One period, and what the host itself was late, is added because frames arrive in bursts: two readings a period apart may arrive together. */
  isOne(changeRad: number, elapsedUs: number, reportedRadPerSec: number, limits: Pick<JointLimits, 'speedRadPerSec'>): boolean {
    return !(Math.abs(changeRad) <= this.reachRad(elapsedUs, reportedRadPerSec, limits));
  }

  /** The largest change that is none. */
  reachRad(elapsedUs: number, reportedRadPerSec: number, { speedRadPerSec }: Pick<JointLimits, 'speedRadPerSec'>): number {
    const elapsedSec = (Math.max(0, elapsedUs) + this.periodUs + Math.max(this.#lateUs, this.#lateBeforeUs)) / US_PER_S;
    // Within a longer gap the joint may have been faster than it is now.
    const least = elapsedUs > 2 * this.periodUs ? 1 : UNSEEN_SPEED;
    const speed = clamp(Math.abs(reportedRadPerSec), least * speedRadPerSec, speedRadPerSec);
    return speed * elapsedSec * JUMP_FACTOR + JUMP_NOISE_RAD;
  }
}
