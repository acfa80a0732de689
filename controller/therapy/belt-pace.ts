/**
 * Legs on a belt. Stepping legs ask for the belt's speed, walking speed × blend of the pattern, so the pattern changes only as
 * fast as a belt may: it grows at the slowest speed and speeds up once it is whole; under a softened leg it slows by the belt's
 * stop ramp to the slowest walking. When belt or support stop the robot, both slow in one phase: the clock of the gait goes
 * down with the belt, so that feet and belt stay together until both stand.
 */
import { clamp } from '../../protocols/math.ts';
import type { GaitProfile } from '../../protocols/profile.ts';
import { kmhToMps } from '../../protocols/units.ts';
import type { SmoothValue } from './smooth.ts';

/** Of the start ramp: what the envelope's own ramp leaves for the way to it. */
const RAMP_SHARE = 0.8;
/** Steepest part of a minimum-jerk blend over its mean. */
const BLEND_STEEPEST = 1.875;

export class BeltPace {
  /** Of the cycle before: what the belt was let do, and what its slower side did. */
  permittedMps = 0;
  measuredMps = 0;
  /** A leg is softened. */
  eased = false;
  /** Of the pattern's pace: 1 walking … 0 standing. */
  share = 1;
  readonly #slowestMps: number;
  readonly #rampMps2: number;
  readonly #stopRampMps2: number;
  #targetMps = 0;
  #fromMps = 0;

  private constructor(
    slowestMps: number,
    startRampMps2: number,
    stopRampMps2: number,
    /** Shortest time in which the legs may stop, s. */
    private readonly brakeSec: number,
  ) {
    this.#slowestMps = slowestMps;
    this.#targetMps = slowestMps;
    this.#rampMps2 = RAMP_SHARE * startRampMps2;
    this.#stopRampMps2 = stopRampMps2;
  }

  /** @returns null for a robot without a belt of its own */
  static of({ treadmill, therapy }: GaitProfile, brakeSec: number): BeltPace | null {
    return treadmill === undefined ? null : new BeltPace(kmhToMps(therapy.speedKmh.min), treadmill.startRampMps2, treadmill.stopRampMps2, brakeSec);
  }

  /** Time that the belt needs while the pattern grows from nothing to its size at this speed, s. */
  growSec(speedMps: number): number {
    return (BLEND_STEEPEST * speedMps) / this.#rampMps2;
  }

  /** @param whole the pattern has its full size: only then it speeds up or slows down */
  lead(speed: SmoothValue, wishMps: number, whole: boolean, elapsedSec: number): void {
    if (this.eased) {
      speed.reset(Math.max(Math.min(speed.value, this.#slowestMps), speed.value - this.#stopRampMps2 * elapsedSec));
      this.#targetMps = speed.value;
      return;
    }
    const step = this.#rampMps2 * elapsedSec;
    if (!whole) this.#targetMps = speed.value;
    else if (Number.isFinite(wishMps)) this.#targetMps = clamp(wishMps, this.#targetMps - step, this.#targetMps + step);
    speed.follow(this.#targetMps, elapsedSec);
  }

  /** From now on the legs slow down with the belt. @param speedMps how fast they step */
  beginSlowing(speedMps: number): void {
    this.#fromMps = speedMps;
    this.share = 1;
  }

  /** The slower of commanded and measured belt leads; a belt that stands at once is followed as fast as legs may stop. */
  slow(elapsedSec: number): void {
    const beltMps = Math.min(this.permittedMps, this.measuredMps);
    const share = this.#fromMps > 0 && beltMps > 0 ? beltMps / this.#fromMps : 0;
    this.share = clamp(share, Math.max(0, this.share - elapsedSec / this.brakeSec), this.share);
  }
}
