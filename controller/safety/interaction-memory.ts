/**
 * What a joint's torque usually is in each part of the stride and at each guidance: mean and spread, forgotten slowly and
 * read between the parts. A leg that is guided less moves otherwise, so a therapist who goes back finds it known; a guidance
 * where the leg never was begins with what is known of the nearest.
 */
import { clamp } from '../../protocols/math.ts';

const PARTS = 50;
const LEVELS = 5;
/** Own values, of what a stride differs from the one before: a pattern is known after three; then it may change over some ten. */
const STRIDES_TO_KNOW = 3;
const NEW_RATE = 0.7;
const KNOWN_RATE = 0.1;
/** The spread is learned once the mean is nearly there, and more slowly, of its square: a band from a few strides would be too narrow. */
const STRIDES_TO_SPREAD = 2;
const SPREAD_RATE = 0.03;
/** What a pattern of less than this share shows of the whole one is taken for that little. */
const LEAST_SHARE = 0.3;
/** Own value: longer than it takes until a push is found. */
const PARTS_BEHIND = 6;
/** Strides walked of a changed pattern: more than none at all. */
const BARELY = 1e-6;

export class StrideMemory {
  readonly #meanNm = new Float64Array(PARTS * LEVELS);
  readonly #squareNm2 = new Float64Array(PARTS * LEVELS);
  readonly #strides = new Float64Array(LEVELS);
  /** At any of them, since the pattern changed. */
  #walked = 0;
  /** The nearest level, the one on the other side of the guidance, and the share of that. */
  #level = 0;
  #beside = 0;
  #besideShare = 0;
  /** The parts around the phase looked at, and the share of the second one. */
  #part = 0;
  #next = 0;
  #share = 0;
  /** The part that the phase is in, and what was seen in each since it was last learned, at which level. */
  #current = 0;
  readonly #count = new Float64Array(PARTS);
  readonly #sumNm = new Float64Array(PARTS);
  readonly #sumNm2 = new Float64Array(PARTS);
  readonly #levelOf = new Uint8Array(PARTS);
  #learnedIn = 0;

  /** After a rest. Before the first stride of all, nothing is known but what is there. */
  begin(torqueNm: number): void {
    this.#count.fill(0);
    if (this.#walked === 0) this.#meanNm.fill(torqueNm);
  }

  /** The pattern has changed: what is remembered is only a beginning. */
  restart(): void {
    this.#walked = Math.min(BARELY, this.#walked);
    for (let level = 0; level < LEVELS; level++) this.#strides[level] = Math.min(1, at(this.#strides, level));
  }

  /** In each cycle in which the pattern becomes another one: its mean is learned quickly, and how far it was from that is no spread. At other guidances it will be as at this one. */
  unsettle(): void {
    for (let level = 0; level < LEVELS; level++) this.#strides[level] = level === this.#level ? Math.min(BARELY, at(this.#strides, level)) : 0;
  }

  /** @param phase of this joint's own stride, 0 … 1 @param guidance 0 … 1; the levels around it are looked at */
  lookAt(phase: number, guidance: number): void {
    this.#current = Math.floor(phase * PARTS) % PARTS;
    const place = phase * PARTS + PARTS - 0.5;
    const whole = Math.floor(place);
    this.#part = whole % PARTS;
    this.#next = (whole + 1) % PARTS;
    this.#share = place - whole;
    const level = clamp(guidance, 0, 1) * (LEVELS - 1);
    this.#level = Math.floor(level + 0.5);
    if (at(this.#strides, this.#level) === 0) this.#borrow();
    this.#beside = this.#level + Math.sign(level - this.#level);
    this.#besideShare = at(this.#strides, this.#beside) > 0 ? Math.abs(level - this.#level) : 0;
  }

  /** Of the first stride of all, or after a change, the part that is missing, 0 … 1. */
  get firstness(): number {
    return Math.max(0, 1 - this.#walked);
  }

  /** Of what has to be seen until the level looked at is known, the part that is missing, 0 … 1. */
  get newness(): number {
    return Math.max(0, 1 - at(this.#strides, this.#level) / STRIDES_TO_KNOW);
  }

  get meanNm(): number {
    return this.#meanAt(0);
  }

  /**
   * How far a torque is from what is usual here or a part of the stride before or after: nobody keeps time to the millisecond.
   * @param missedNm from what was expected at the place looked at @param blend how much of the pattern there was, 0 … 1
   */
  offNm(missedNm: number, blend: number): number {
    const here = this.meanNm;
    const before = blend * (this.#meanAt(PARTS - 1) - here);
    const after = blend * (this.#meanAt(1) - here);
    return missedNm - clamp(missedNm, Math.min(0, before, after), Math.max(0, before, after));
  }

  get spreadNm(): number {
    return Math.sqrt(this.#between(this.#squareNm2, this.#level));
  }

  /**
   * The nearest level alone learns, and a part of the stride only when it is left far behind: a push teaches nothing about itself.
   * @param missedNm from what was expected at the place looked at @param advance of the phase since the cycle before
   * @param blend how much of the pattern there was, 0 … 1
   */
  learn(missedNm: number, advance: number, blend: number): void {
    const part = this.#current;
    if (part !== this.#learnedIn) this.#conclude((part + PARTS - PARTS_BEHIND) % PARTS);
    this.#learnedIn = part;
    if (this.#levelOf[part] !== this.#level) this.#count[part] = 0;
    if (this.#count[part] === 0) this.#sumNm[part] = this.#sumNm2[part] = 0;
    const wholeNm = missedNm * (blend >= LEAST_SHARE ? 1 / blend : blend / (LEAST_SHARE * LEAST_SHARE));
    this.#levelOf[part] = this.#level;
    this.#count[part] = at(this.#count, part) + 1;
    this.#sumNm[part] = at(this.#sumNm, part) + wholeNm;
    this.#sumNm2[part] = at(this.#sumNm2, part) + wholeNm * wholeNm;
    this.#strides[this.#level] = at(this.#strides, this.#level) + blend * advance;
    this.#walked += blend * advance;
  }

  #conclude(part: number): void {
    const count = at(this.#count, part);
    if (!(count > 0)) return;
    this.#count[part] = 0;
    const level = at(this.#levelOf, part);
    const place = level * PARTS + part;
    const seen = at(this.#strides, level);
    const square = at(this.#squareNm2, place);
    this.#meanNm[place] = at(this.#meanNm, place) + ((seen < STRIDES_TO_KNOW ? NEW_RATE : KNOWN_RATE) * at(this.#sumNm, part)) / count;
    const spreadRate = seen < STRIDES_TO_SPREAD ? 0 : seen < STRIDES_TO_KNOW ? NEW_RATE : SPREAD_RATE;
    this.#squareNm2[place] = square + spreadRate * (at(this.#sumNm2, part) / count - square);
  }

  /** A leg that is guided a little more or less does nearly the same. */
  #borrow(): void {
    let nearest = this.#level;
    for (let level = 0; level < LEVELS; level++)
      if (at(this.#strides, level) > 0 && (nearest === this.#level || Math.abs(level - this.#level) < Math.abs(nearest - this.#level))) nearest = level;
    this.#meanNm.copyWithin(this.#level * PARTS, nearest * PARTS, (nearest + 1) * PARTS);
    this.#squareNm2.copyWithin(this.#level * PARTS, nearest * PARTS, (nearest + 1) * PARTS);
  }

  #meanAt(later: number): number {
    return this.#between(this.#meanNm, this.#level, later) * (1 - this.#besideShare) + this.#between(this.#meanNm, this.#beside, later) * this.#besideShare;
  }

  #between(values: Float64Array, level: number, later = 0): number {
    return at(values, level * PARTS + ((this.#part + later) % PARTS)) * (1 - this.#share) + at(values, level * PARTS + ((this.#next + later) % PARTS)) * this.#share;
  }
}

/** What lies at no place, as that of a phase that is no number, is no number. */
const at = (values: Float64Array | Uint8Array, place: number): number => values[place] ?? Number.NaN;
