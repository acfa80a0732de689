/**
 * What a joint's torque usually is in each part of the stride and at each guidance: mean and spread, forgotten slowly and
 * read between the parts. A leg that is guided less moves otherwise, so a therapist who goes back finds it known.
 */
import { clamp } from '../../protocols/math.ts';

const PARTS = 50;
const LEVELS = 5;
/** Own values: a new pattern is known after three strides; then it may change over some ten. */
const STRIDES_TO_KNOW = 3;
const NEW_RATE = 0.2;
const KNOWN_RATE = 0.02;
/** The spread is learned once the mean is nearly there, and more slowly: a band from a few strides would be too narrow. */
const STRIDES_TO_SPREAD = 2;
const SPREAD_RATE = 0.005;

export class StrideMemory {
  readonly #meanNm = new Float64Array(PARTS * LEVELS);
  readonly #squareNm2 = new Float64Array(PARTS * LEVELS);
  readonly #strides = new Float64Array(LEVELS);
  #level = 0;
  /** The places around the phase looked at, and the share of the second one. */
  #place = 0;
  #next = 0;
  #share = 0;

  /** The pattern has changed: what is remembered is only a beginning. */
  restart(): void {
    this.#strides.fill(0);
  }

  /** @param phase of this joint's own stride, 0 … 1 @param guidance 0 … 1; the nearest level is looked at */
  lookAt(phase: number, guidance: number): void {
    const place = phase * PARTS + PARTS - 0.5;
    const whole = Math.floor(place);
    this.#level = Math.floor(clamp(guidance, 0, 1) * (LEVELS - 1) + 0.5);
    this.#place = this.#level * PARTS + (whole % PARTS);
    this.#next = this.#level * PARTS + ((whole + 1) % PARTS);
    this.#share = place - whole;
  }

  /** The level looked at has seen enough strides. */
  get isKnown(): boolean {
    return this.#seen >= STRIDES_TO_KNOW;
  }

  get meanNm(): number {
    return this.#between(this.#meanNm);
  }

  get spreadNm(): number {
    return Math.sqrt(this.#between(this.#squareNm2));
  }

  /** @param torqueNm what was there at the place looked at @param advance of the phase since the cycle before */
  learn(torqueNm: number, advance: number): void {
    const offNm = torqueNm - this.meanNm;
    const known = this.isKnown;
    const rate = known ? KNOWN_RATE : NEW_RATE;
    const spreadRate = this.#seen < STRIDES_TO_SPREAD ? 0 : known ? SPREAD_RATE : NEW_RATE;
    this.#approach(this.#place, 1 - this.#share, offNm, rate, spreadRate);
    this.#approach(this.#next, this.#share, offNm, rate, spreadRate);
    this.#strides[this.#level] = this.#seen + advance;
  }

  get #seen(): number {
    return this.#strides[this.#level] ?? 0;
  }

  #approach(place: number, weight: number, offNm: number, rate: number, spreadRate: number): void {
    const square = this.#squareNm2[place] ?? 0;
    this.#meanNm[place] = (this.#meanNm[place] ?? 0) + weight * rate * offNm;
    this.#squareNm2[place] = square + weight * spreadRate * (offNm * offNm - square);
  }

  #between(values: Float64Array): number {
    return (values[this.#place] ?? 0) * (1 - this.#share) + (values[this.#next] ?? 0) * this.#share;
  }
}
