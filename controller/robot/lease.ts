/**
 * Who may drive: one holder, told apart by an epoch that only grows. The station hands out epochs; they are checked
 * here, beside the drives, so that a late message of an earlier holder cannot move anything.
 *
 * A lease lives on answers: the holder is sent a number that nobody can guess, at a steady pace, and a renewal counts
 * only when it brings back the newest or the one before. A sender that is stuck, and repeats itself, renews nothing, and
 * what was long on its way proves nothing about now.
 */
import { DariError } from '../../protocols/errors.ts';
import type { Random } from '../../protocols/random.ts';
import { US_PER_MS } from '../../protocols/units.ts';

/** A quarter of the usual lease: three may be lost. */
export const CHALLENGE_PERIOD_US = 500 * US_PER_MS;
const CHALLENGE_VALUES = 2 ** 32;

interface Challenge {
  value: number;
  issuedUs: number;
  /** Not answered yet. */
  open: boolean;
}

export class Lease {
  /** 0 = nobody. An expired lease keeps its epoch until the next taker, so that its age shows why the robot stopped. */
  #epoch = 0;
  #newestEpoch = 0;
  #sequence = 0;
  #renewedUs = 0;
  #expired = false;
  #newest: Challenge = { value: 0, issuedUs: -Infinity, open: false };
  #previous: Challenge = { value: 0, issuedUs: -Infinity, open: false };

  /** @param random so that no challenge can be foreseen */
  constructor(
    private readonly ttlUs: number,
    private readonly random: Random,
  ) {}

  get epoch(): number {
    return this.#epoch;
  }

  /** The newest that the holder has not answered; null: none. */
  get openChallenge(): number | null {
    return this.#newest.open ? this.#newest.value : null;
  }

  /** @returns the next challenge for the holder when it is time for one, else null */
  challenge(nowUs: number): number | null {
    if (!this.holds(this.#epoch, nowUs) || nowUs - this.#newest.issuedUs < CHALLENGE_PERIOD_US) return null;
    const next = this.#previous;
    this.#previous = this.#newest;
    this.#newest = next;
    next.value = this.random.int(CHALLENGE_VALUES);
    next.issuedUs = nowUs;
    next.open = true;
    return next.value;
  }

  /** Since the newest challenge that was answered was sent; from the taking on before the first. */
  ageUs(nowUs: number): number {
    return this.#epoch === 0 ? Infinity : Math.max(0, nowUs - this.#renewedUs);
  }

  /** @throws DariError `leaseRefused` for an epoch that is not newer, or while the robot moves */
  take(epoch: number, nowUs: number, moving: boolean): void {
    if (epoch <= this.#newestEpoch) throw new DariError('leaseRefused', `Control number ${epoch} is older than ${this.#newestEpoch}. Take control again.`);
    if (moving) throw new DariError('leaseRefused', 'The robot is moving, so control cannot change hands. Stop it first, then take control.');
    this.#newestEpoch = epoch;
    this.#epoch = epoch;
    this.#sequence = 0;
    this.#renewedUs = nowUs;
    this.#expired = false;
    for (const challenge of [this.#newest, this.#previous]) {
      challenge.issuedUs = -Infinity;
      challenge.open = false;
    }
  }

  /** @returns false when nothing was renewed: another epoch, a sequence that does not grow, too late, or no answer to an open challenge */
  renew(epoch: number, sequence: number, challenge: number, nowUs: number): boolean {
    if (!this.holds(epoch, nowUs) || !(sequence > this.#sequence)) return false;
    const answered = [this.#newest, this.#previous].find(({ value, open }) => open && value === challenge);
    if (answered === undefined) return false;
    answered.open = false;
    this.#sequence = sequence;
    this.#renewedUs = Math.max(this.#renewedUs, answered.issuedUs);
    return true;
  }

  release(epoch: number): boolean {
    if (epoch === 0 || epoch !== this.#epoch) return false;
    this.#epoch = 0;
    return true;
  }

  holds(epoch: number, nowUs: number): boolean {
    return epoch !== 0 && epoch === this.#epoch && !this.#expired && nowUs - this.#renewedUs <= this.ttlUs;
  }

  /** @throws DariError `leaseRefused` when `epoch` does not hold the robot now */
  require(epoch: number, nowUs: number): void {
    if (this.holds(epoch, nowUs)) return;
    const why = this.#epoch === 0 ? 'Nobody is in control' : epoch === this.#epoch ? 'Control was lost because it was not renewed in time' : 'Someone else is in control';
    throw new DariError('leaseRefused', `${why}. Take control, then try again.`);
  }

  /** @returns true once, when the holder has just been silent for too long */
  expire(nowUs: number): boolean {
    if (this.#epoch === 0 || this.#expired || nowUs - this.#renewedUs <= this.ttlUs) return false;
    this.#expired = true;
    return true;
  }
}
