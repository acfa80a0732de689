/**
 * When the readings of a limb's joints were made. When computer, adapter or wire has held readings up, they come late and then
 * together: the time between their arrivals is then not the one in which the joint moved, and what is found by it would be a
 * push that nobody gave. A drive that is asked in every cycle measures when it is asked, so its readings are counted, and dated
 * by the cycle whose question they answer. One that speaks unasked is dated by arrival: out of rhythm, the time is not known
 * until the rhythm is back, but not for more readings than these.
 */
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';

/** Own values. */
const GAP_US = 10 * US_PER_MS; // the observer's rate times the gap is at most 1
const CYCLES_KEPT = 16;
/** After a gap nobody knows how old its first reading is, nor which questions the next ones answer. */
const UNSETTLED_READINGS = 3;
/** An answer that lags for so many cycles lags no more: one before it was lost. */
const LOST_CYCLES = 8;
/** Of one answer per cycle. */
const ASKED_RATE = 0.9;
const [LEAST_OF_USUAL, MOST_OF_USUAL] = [0.5, 1.5];
const MOST_HELD = 5;
const USUAL_SHARE = 0.02;

export interface Reading {
  /** When it was heard, and how many readings there were by then. */
  readonly motorAtUs: number;
  readonly motorSequence: number;
}

/** When the last cycles were, and how many there have been; one for all limbs. */
export class CycleTimes {
  newest = 0;
  readonly #us = new Float64Array(CYCLES_KEPT);

  note(nowUs: number): void {
    this.#us[++this.newest % CYCLES_KEPT] = nowUs;
  }

  us(cycle: number): number {
    return this.#us[cycle % CYCLES_KEPT] ?? Number.NaN;
  }
}

export class ReadingTime {
  /** From the readings before to those taken; NaN: not known. */
  seconds = Number.NaN;
  /** Of the readings, loop time. */
  #atUs = Number.NEGATIVE_INFINITY;
  #sequence = 0;
  /** Time from one reading to the next. */
  #usualUs = Number.NaN;
  #held = 0;
  /** Readings per cycle. */
  #rate = 0;
  /** The cycle whose question the newest reading answers, when that was, whether it was counted, and for how many cycles answers have lagged. */
  #asked = 0;
  #askedUs = Number.NEGATIVE_INFINITY;
  #counted = false;
  #lagging = 0;
  /** How many readings its joints have more than the one with the fewest, and for how many cycles it has been another number. */
  #ahead = 0;
  #mixedFor = 0;
  /** Readings that are still to come before their times are known again. */
  #unsettled = 0;

  constructor(
    private readonly cycles: CycleTimes,
    /** Of the limb's joints in the profile: all of them are needed for one momentum. */
    private readonly places: readonly number[],
  ) {}

  /** Once per cycle. @returns whether there are new readings of all joints */
  take(joints: readonly Reading[]): boolean {
    let atUs = Infinity;
    let sequence = Infinity;
    let sum = 0;
    for (const place of this.places) {
      const joint = joints[place];
      atUs = Math.min(atUs, joint?.motorAtUs ?? Number.NaN);
      sequence = Math.min(sequence, joint?.motorSequence ?? Number.NaN);
      sum += joint?.motorSequence ?? Number.NaN;
    }
    const elapsedUs = atUs - this.#atUs;
    this.#rate += ((elapsedUs > 0 ? sequence - this.#sequence : 0) - this.#rate) * USUAL_SHARE;
    if (elapsedUs <= 0 || sequence === this.#sequence || this.#mixed(sum - this.places.length * sequence)) return false;
    this.#atUs = atUs;
    const betweenUs = this.#betweenUs(sequence - this.#sequence);
    const regular = this.#inRhythm(elapsedUs, sequence);
    // Before the very first reading there was no gap.
    this.#unsettled = elapsedUs > GAP_US && elapsedUs < Infinity ? UNSETTLED_READINGS : Math.max(0, this.#unsettled - 1);
    const known = this.#unsettled === 0 && betweenUs <= GAP_US && (betweenUs > 0 || regular);
    this.seconds = known ? (betweenUs > 0 ? betweenUs : elapsedUs) / US_PER_S : Number.NaN;
    return true;
  }

  /**
   * One joint's new reading beside another's old one is no momentum: the old one's answer is waited for.
   * @param ahead how many readings more than the fewest the limb's joints have together; another one stays when one was lost
   */
  #mixed(ahead: number): boolean {
    this.#mixedFor = ahead === this.#ahead || this.#rate < ASKED_RATE ? 0 : this.#mixedFor + 1;
    if (this.#mixedFor > 0 && this.#mixedFor < LOST_CYCLES) return true;
    this.#ahead = ahead;
    this.#mixedFor = 0;
    return false;
  }

  /** @returns from the cycle in which the drives were asked for the readings before to the one for these; 0: not known */
  #betweenUs(readings: number): number {
    const newest = this.cycles.newest - 1;
    const asked = this.#asked + readings;
    const counted = this.#rate >= ASKED_RATE && asked <= newest && newest - asked < CYCLES_KEPT;
    this.#lagging = counted && asked < newest ? this.#lagging + 1 : 0;
    const known = counted && this.#lagging < LOST_CYCLES;
    const both = known && this.#counted;
    this.#counted = known;
    this.#asked = known ? asked : newest;
    const beforeUs = this.#askedUs;
    this.#askedUs = this.cycles.us(this.#asked);
    return both ? this.#askedUs - beforeUs : 0;
  }

  /** Are these readings as far from the last ones as readings usually are? */
  #inRhythm(elapsedUs: number, sequence: number): boolean {
    const eachUs = elapsedUs / (sequence - this.#sequence);
    this.#sequence = sequence;
    if (!(eachUs > 0 && eachUs < Infinity)) return false;
    const usualUs = Number.isNaN(this.#usualUs) ? eachUs : this.#usualUs;
    this.#usualUs = usualUs + USUAL_SHARE * (eachUs - usualUs);
    const regular = elapsedUs <= GAP_US && eachUs >= LEAST_OF_USUAL * usualUs && eachUs <= MOST_OF_USUAL * usualUs;
    this.#held = regular ? 0 : this.#held + 1;
    return regular || (this.#held > MOST_HELD && elapsedUs <= GAP_US);
  }
}
