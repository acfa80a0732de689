/** A reading that stands still although it should not. Each is fed with new readings only, not with old ones read again. */
import { degToRad } from '../../protocols/units.ts';

/** Where a sensor that is not to be believed sees its joint. A constant, since the engine takes a name that it never looked up for anything, and boxes what may be in its place. */
export const UNKNOWN_RAD = Number.NaN;

/** Own values: half a degree is well above gear play, and two new readings may fall into one step of a coarse encoder. */
const STANDING_RAD = degToRad(0.05);
const MOVED_RAD = degToRad(0.5);
const LEAST_READINGS = 3;

/** Own values. Less is never seen as a way of the other sensor; play shows only when a joint has turned back and forth. */
const LEAST_WAY_RAD = STANDING_RAD;
const USUAL_FACTOR = 2;
/** Own value: one step of a coarse sensor is no way, since it is what rounding makes of the least. */
const STEPS = 1.5;
const TURN_RAD = degToRad(0.5);
const TURNS = 6;
const LEAST_REPEATS = 2;

/**
 * The same to the last bit, while the other sensor moves by more than it ever did meanwhile: how much resolution, play and
 * the time between both readings leave is learned from the pair itself. A pair that leaves much is not judged here.
 */
class RepeatedPosition {
  stuck = false;
  #lastRad = Number.NaN;
  #otherAnchorRad = Number.NaN;
  #repeats = 0;
  #wayRad = 0;
  #usualRad = 0;
  /** The least by which two readings of the other sensor differed. */
  #stepRad = Infinity;
  #otherRad = Number.NaN;
  #turns = 0;
  #rising = false;
  #extremeRad = Number.NaN;

  reset(): void {
    this.#lastRad = Number.NaN;
    this.#wayRad = 0;
    this.stuck = false;
  }

  /** @param otherRad NaN: not known, or not of this moment */
  look(positionRad: number, otherRad: number): void {
    const stepRad = Math.abs(otherRad - this.#otherRad);
    if (stepRad > 0 && stepRad < this.#stepRad) this.#stepRad = stepRad;
    this.#otherRad = otherRad;
    if (positionRad !== this.#lastRad) {
      if (!Number.isNaN(otherRad)) this.#noticeTurn(positionRad);
      // It was not stuck, so this much is healthy.
      if (!this.stuck) this.#usualRad = Math.max(this.#usualRad, this.#wayRad);
      this.#lastRad = positionRad;
      this.#anchor(otherRad);
      this.stuck = false;
    } else if (Number.isNaN(otherRad - this.#otherAnchorRad)) this.#anchor(otherRad);
    else {
      this.#repeats++;
      this.#wayRad = Math.max(this.#wayRad, Math.abs(otherRad - this.#otherAnchorRad));
      const mostRad = Math.max(LEAST_WAY_RAD, USUAL_FACTOR * this.#usualRad, STEPS * this.#stepRad);
      this.stuck ||= this.#turns >= TURNS && mostRad < MOVED_RAD && this.#repeats >= LEAST_REPEATS && this.#wayRad > mostRad;
    }
  }

  #anchor(otherRad: number): void {
    this.#otherAnchorRad = otherRad;
    this.#repeats = 0;
    this.#wayRad = 0;
  }

  #noticeTurn(positionRad: number): void {
    const backRad = this.#rising ? this.#extremeRad - positionRad : positionRad - this.#extremeRad;
    if (backRad > TURN_RAD) {
      this.#rising = !this.#rising;
      this.#turns++;
    }
    if (!(backRad >= 0 && backRad <= TURN_RAD)) this.#extremeRad = positionRad;
  }
}

/** Of two readings: both came when they were due, so they are of one moment; or one did not, or was held up for longer than a period. */
export type Timing = 'inStep' | 'outOfStep' | 'late';

/** Compares a position with another sensor of the same joint: one stands while the other moves. */
export class StandingPosition {
  stuck = false;
  readonly #repeated = new RepeatedPosition();
  #anchorRad = Number.NaN;
  #otherAnchorRad = Number.NaN;
  #readings = 0;
  #stood = false;
  #stoodLate = false;

  /** Begins anew: the other sensor jumped, so that its way says nothing. */
  reset(): void {
    this.#anchorRad = Number.NaN;
    this.#repeated.reset();
    this.#stood = false;
    this.stuck = false;
  }

  /** @param otherRad of the other sensor; NaN: not known */
  look(positionRad: number, otherRad: number, timing: Timing): void {
    const late = timing === 'late';
    let stands = false;
    this.#repeated.look(positionRad, timing === 'inStep' ? otherRad : UNKNOWN_RAD);
    if (!(Math.abs(positionRad - this.#anchorRad) <= STANDING_RAD)) {
      this.#anchorRad = positionRad;
      this.#otherAnchorRad = otherRad;
      this.#readings = 0;
      this.#stood = false;
    } else {
      this.#readings++;
      if (Number.isNaN(this.#otherAnchorRad)) this.#otherAnchorRad = otherRad;
      // After a silence the first reading of one sensor may be from before it, and that of the other from now: the next one has to show it, too.
      stands = this.#readings >= LEAST_READINGS && Math.abs(otherRad - this.#otherAnchorRad) > MOVED_RAD;
      if (stands && (!late || this.#stoodLate)) this.#stood = true;
    }
    this.#stoodLate = stands && late;
    this.stuck = this.#stood || this.#repeated.stuck;
  }
}
