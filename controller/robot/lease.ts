/**
 * Who may drive: one holder, told apart by an epoch that only grows. The station hands out epochs; they are checked
 * here, beside the drives, so that a late message of an earlier holder cannot move anything.
 */
import { DariError } from '../../protocols/errors.ts';

export class Lease {
  /** 0 = nobody. An expired lease keeps its epoch until the next taker, so that its age shows why the robot stopped. */
  #epoch = 0;
  #newestEpoch = 0;
  #sequence = 0;
  #renewedUs = 0;
  #expired = false;

  constructor(private readonly ttlUs: number) {}

  get epoch(): number {
    return this.#epoch;
  }

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
  }

  /** @returns false when nothing was renewed: another epoch, a sequence that does not grow, or too late */
  renew(epoch: number, sequence: number, nowUs: number): boolean {
    if (!this.holds(epoch, nowUs) || sequence <= this.#sequence) return false;
    this.#sequence = sequence;
    this.#renewedUs = nowUs;
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
