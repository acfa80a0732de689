/**
 * What the torque sensor of a moved joint shows per Nm that the empty orthosis needs: gravity, and inertia times the
 * acceleration that its encoder really made. Friction stands on the motor's side of the sensor, so it does not matter how much
 * there is of it, nor that it makes the joint stick and slip.
 */

/** Samples on each side of the second difference: with 20 ms the encoder's noise is some hundredths of a Nm. */
const HALF = 5;
const WINDOW = 2 * HALF + 1;
/** Own value: when what a joint needs changes by less on its way, as that of a foot plate does, its weight itself is looked at. */
const LEAST_SPREAD_NM = 0.02;

export class TorqueSlope {
  readonly #angleRad = new Float64Array(WINDOW);
  readonly #torqueNm = new Float64Array(WINDOW);
  #seen = 0;
  #count = 0;
  #sumX = 0;
  #sumY = 0;
  #sumXX = 0;
  #sumXY = 0;

  /** Once per cycle. @param gravityNm of the empty orthosis where it stands now; @param inertiaKgM2 of it about this joint */
  add(angleRad: number, torqueNm: number, gravityNm: number, inertiaKgM2: number, periodSec: number): void {
    this.#angleRad.copyWithin(0, 1);
    this.#torqueNm.copyWithin(0, 1);
    this.#angleRad[WINDOW - 1] = angleRad;
    this.#torqueNm[WINDOW - 1] = torqueNm;
    if (++this.#seen < WINDOW) return;
    const [first = Number.NaN, middle = Number.NaN] = [this.#angleRad[0], this.#angleRad[HALF]];
    const accelerationRadPerSec2 = (angleRad - 2 * middle + first) / (HALF * periodSec) ** 2;
    this.#regress(gravityNm + inertiaKgM2 * accelerationRadPerSec2, this.#meanNm());
  }

  /** 1 where sensor and model agree; NaN while nothing has moved. */
  get slope(): number {
    const spreadNm2 = (this.#sumXX - (this.#sumX * this.#sumX) / this.#count) / this.#count;
    if (spreadNm2 < LEAST_SPREAD_NM * LEAST_SPREAD_NM) return this.#sumXY / this.#sumXX;
    return (this.#count * this.#sumXY - this.#sumX * this.#sumY) / (this.#count * this.#sumXX - this.#sumX * this.#sumX);
  }

  /** Weighted as a second difference weights the acceleration in its window: a triangle. */
  #meanNm(): number {
    let sum = 0;
    for (let i = 1; i < WINDOW - 1; i++) sum += (HALF - Math.abs(i - HALF)) * (this.#torqueNm[i] ?? Number.NaN);
    return sum / (HALF * HALF);
  }

  #regress(x: number, y: number): void {
    this.#count++;
    this.#sumX += x;
    this.#sumY += y;
    this.#sumXX += x * x;
    this.#sumXY += x * y;
  }
}
