/** A sensor that says the same to the last bit for longer than its own noise allows. Each watch is fed with new readings only, not with old ones read again. */
/** Own value: a second of rest at 250 Hz teaches. */
const LEARNING_READINGS = 250;
/** Own value: four joints at 250 Hz tell 10⁹ readings in 300 h, none of which may be called frozen by chance. */
const CHANCE = 1e-11;
/** Own value: so many repetitions may be missing in the sample that taught. */
const UNSEEN_REPEATS = 4;
/** Own values: a run is out of the ordinary when it is four times the longest seen, and then some, where chance does not say so earlier. */
const RUN_FACTOR = 4;
const RUN_EXTRA = 10;
/** A fifth of a second at 250 Hz. A sensor that repeats itself for longer at rest has no noise to miss. */
const LONGEST_RUN = 50;

/**
 * Misses the noise of a sensor: how often the same bits come again is learned from the sensor itself while its joint rests,
 * where it repeats most. What never had noise is not judged.
 */
export class FrozenReading {
  frozen = false;
  #last = Number.NaN;
  #run = 0;
  #longest = 0;
  #repeats = 0;
  #learned = 0;
  #frozenFrom = Infinity;

  look(value: number, resting: boolean): void {
    this.#run = value === this.#last ? this.#run + 1 : 0;
    this.#last = value;
    if (this.#learned < LEARNING_READINGS) this.#learn(resting);
    else this.frozen = this.#run >= this.#frozenFrom;
  }

  /** In one rest only: what swings out slowly also changes from reading to reading. */
  #learn(resting: boolean): void {
    this.#learned = resting ? this.#learned + 1 : 0;
    this.#longest = resting ? Math.max(this.#longest, this.#run) : 0;
    this.#repeats = resting ? this.#repeats + Number(this.#run > 0) : 0;
    if (this.#learned < LEARNING_READINGS) return;
    const share = (this.#repeats + UNSEEN_REPEATS) / LEARNING_READINGS;
    let run = -1;
    for (let chance = 1; chance > CHANCE && run < LONGEST_RUN; chance *= share) run++;
    const usual = RUN_FACTOR * this.#longest;
    if (usual + RUN_EXTRA <= LONGEST_RUN) this.#frozenFrom = Math.max(usual, Math.min(run, usual + RUN_EXTRA)) + 1;
  }
}

/** Own value: a friction of the gear may hold back as much before the sensor behind it shows anything new. */
const ANSWERED_NM = 2;
/** Own value: a sensor that repeats itself more often under load has no noise to miss. */
const USUAL_RUN = 10;

/**
 * Misses the changes of a torque sensor whose joint never rests without load, so that `FrozenReading` knows nothing of it:
 * one that changed all the time while it stood for a second under a motor, and repeats itself now that the motor gives more or less than it did then.
 */
export class LoadedReading {
  frozen = false;
  #last = Number.NaN;
  #run = 0;
  readonly #motorNm = new Span();
  readonly #learnedMotorNm = new Span();
  #learned = 0;

  look(value: number, motorNm: number, standing: boolean): void {
    this.#run = value === this.#last ? this.#run + 1 : 0;
    this.#last = value;
    if (this.#run === 0) this.#motorNm.reset();
    this.#motorNm.add(motorNm);
    if (this.#learned < LEARNING_READINGS) this.#learn(motorNm, standing);
    else this.frozen = this.#run >= LONGEST_RUN && this.#motorNm.width > ANSWERED_NM;
  }

  #learn(motorNm: number, standing: boolean): void {
    this.#learnedMotorNm.add(motorNm);
    this.#learned++;
    if (standing && this.#run <= USUAL_RUN && this.#learnedMotorNm.width <= ANSWERED_NM) return;
    this.#learned = 0;
    this.#learnedMotorNm.reset();
  }
}

/** From the least to the most that was seen. */
class Span {
  #low = Infinity;
  #high = -Infinity;

  get width(): number {
    return this.#high - this.#low;
  }

  add(value: number): void {
    this.#low = Math.min(this.#low, value);
    this.#high = Math.max(this.#high, value);
  }

  reset(): void {
    this.#low = Infinity;
    this.#high = -Infinity;
  }
}
