/** A reading that stands still although it should not. Each is fed with new readings only, not with old ones read again. */
import { degToRad } from '../../protocols/units.ts';

/** Own values: half a degree is well above gear play, and two new readings may fall into one step of a coarse encoder. */
const STANDING_RAD = degToRad(0.05);
const MOVED_RAD = degToRad(0.5);
const LEAST_READINGS = 3;

/** Compares a position with another sensor of the same joint: one stands while the other moves. */
export class StandingPosition {
  stuck = false;
  #anchorRad = Number.NaN;
  #otherAnchorRad = Number.NaN;
  #readings = 0;

  /** Begins anew: the other sensor jumped, so that its way says nothing. */
  reset(): void {
    this.#anchorRad = Number.NaN;
    this.stuck = false;
  }

  /** @param otherRad of the other sensor; NaN: not known */
  look(positionRad: number, otherRad: number): void {
    if (!(Math.abs(positionRad - this.#anchorRad) <= STANDING_RAD)) {
      this.#anchorRad = positionRad;
      this.#otherAnchorRad = otherRad;
      this.#readings = 0;
      this.stuck = false;
      return;
    }
    this.#readings++;
    if (Number.isNaN(this.#otherAnchorRad)) this.#otherAnchorRad = otherRad;
    if (this.#readings >= LEAST_READINGS && Math.abs(otherRad - this.#otherAnchorRad) > MOVED_RAD) this.stuck = true;
  }
}

/** Own values: a second of rest at 250 Hz teaches; a run is out of the ordinary when it is four times the longest seen, and then some. */
const LEARNING_READINGS = 250;
const RUN_FACTOR = 4;
const RUN_EXTRA = 10;
/** A fifth of a second at 250 Hz. A sensor that repeats itself for longer at rest has no noise to miss. */
const LONGEST_RUN = 50;

/**
 * Misses the noise of a sensor: how long the same bits may repeat is learned from the sensor itself while its joint rests,
 * where it repeats most. What never had noise is not judged.
 */
export class FrozenReading {
  frozen = false;
  #last = Number.NaN;
  #run = 0;
  #longest = 0;
  #learned = 0;

  look(value: number, resting: boolean): void {
    this.#run = value === this.#last ? this.#run + 1 : 0;
    this.#last = value;
    if (this.#learned < LEARNING_READINGS) {
      this.#learn(resting);
      return;
    }
    const most = RUN_EXTRA + RUN_FACTOR * this.#longest;
    this.frozen = most <= LONGEST_RUN && this.#run > most;
  }

  /** In one rest only: what swings out slowly also changes from reading to reading. */
  #learn(resting: boolean): void {
    this.#learned = resting ? this.#learned + 1 : 0;
    this.#longest = resting ? Math.max(this.#longest, this.#run) : 0;
  }
}
