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
  /** The nearest level, the known one on the other side of the guidance, and the share of that. */
  #level = 0;
  #beside = 0;
  #besideShare = 0;
  /** The parts around the phase looked at, and the share of the second one. */
  #part = 0;
  #next = 0;
  #share = 0;

  /** The pattern has changed: what is remembered is only a beginning. */
  restart(): void {
    this.#strides.fill(0);
  }

  /** @param phase of this joint's own stride, 0 … 1 @param guidance 0 … 1; the levels around it are looked at */
  lookAt(phase: number, guidance: number): void {
    const place = phase * PARTS + PARTS - 0.5;
    const whole = Math.floor(place);
    this.#part = whole % PARTS;
    this.#next = (whole + 1) % PARTS;
    this.#share = place - whole;
    const level = clamp(guidance, 0, 1) * (LEVELS - 1);
    this.#level = Math.floor(level + 0.5);
    this.#beside = this.#level + Math.sign(level - this.#level);
    this.#besideShare = at(this.#strides, this.#beside) >= STRIDES_TO_KNOW ? Math.abs(level - this.#level) : 0;
  }

  /** The level looked at has seen enough strides. */
  get isKnown(): boolean {
    return at(this.#strides, this.#level) >= STRIDES_TO_KNOW;
  }

  get meanNm(): number {
    return this.#between(this.#meanNm, this.#level) * (1 - this.#besideShare) + this.#between(this.#meanNm, this.#beside) * this.#besideShare;
  }

  get spreadNm(): number {
    return Math.sqrt(this.#between(this.#squareNm2, this.#level));
  }

  /** The nearest level alone learns. @param torqueNm what was there at the place looked at @param advance of the phase since the cycle before */
  learn(torqueNm: number, advance: number): void {
    const offNm = torqueNm - this.meanNm;
    const seen = at(this.#strides, this.#level);
    const known = this.isKnown;
    const rate = known ? KNOWN_RATE : NEW_RATE;
    const spreadRate = seen < STRIDES_TO_SPREAD ? 0 : known ? SPREAD_RATE : NEW_RATE;
    this.#approach(this.#part, 1 - this.#share, offNm, rate, spreadRate);
    this.#approach(this.#next, this.#share, offNm, rate, spreadRate);
    this.#strides[this.#level] = seen + advance;
  }

  #approach(part: number, weight: number, offNm: number, rate: number, spreadRate: number): void {
    const place = this.#level * PARTS + part;
    const square = at(this.#squareNm2, place);
    this.#meanNm[place] = at(this.#meanNm, place) + weight * rate * offNm;
    this.#squareNm2[place] = square + weight * spreadRate * (offNm * offNm - square);
  }

  #between(values: Float64Array, level: number): number {
    return at(values, level * PARTS + this.#part) * (1 - this.#share) + at(values, level * PARTS + this.#next) * this.#share;
  }
}

/** What lies at no place, as that of a phase that is no number, is no number. */
const at = (values: Float64Array, place: number): number => values[place] ?? Number.NaN;
