/**
 * What its own drive says of a joint, as the independent monitor hears it: the second witness beside the hub's encoder. Of
 * the motor's angle only the way since both were last believed counts, so that no calibration goes in.
 */
import { US_PER_S } from '../../protocols/units.ts';
import { APART_RAD, HEARD_US } from './monitor-limits.ts';

export class MonitoredMotor {
  /** NaN: its drive does not tell. */
  torqueNm = Number.NaN;
  /** NaN, too. */
  radPerSec = Number.NaN;
  /** When its drive last spoke, since the relay closed; −Infinity: not yet. */
  heardUs = Number.NEGATIVE_INFINITY;
  /** NaN: its drive does not tell. */
  #positionRad = Number.NaN;
  /** The joint's encoder was so far ahead of it. */
  #aheadRad = Number.NaN;

  /** @param radPerSec and positionRad in the joint's direction; NaN: it does not tell */
  hear(torqueNm: number, radPerSec: number, positionRad: number, nowUs: number): void {
    this.heardUs = nowUs;
    this.torqueNm = torqueNm;
    this.radPerSec = radPerSec;
    this.#positionRad = positionRad;
  }

  /** It has no power any more: whatever was last heard is nothing. */
  forget(): void {
    this.hear(Number.NaN, Number.NaN, Number.NaN, Number.NEGATIVE_INFINITY);
  }

  /** The encoder is believed. */
  agree(encoderRad: number): void {
    this.#aheadRad = encoderRad - this.#positionRad;
  }

  /** Where it says that the joint is. */
  get jointRad(): number {
    return this.#positionRad + this.#aheadRad;
  }

  /** It can say where the joint is. */
  tells(nowUs: number): boolean {
    return nowUs - this.heardUs <= HEARD_US && !Number.isNaN(this.jointRad);
  }

  /** It has not gone the encoder's way. */
  contradicts(encoderRad: number, nowUs: number): boolean {
    return this.tells(nowUs) && Math.abs(encoderRad - this.jointRad) > APART_RAD + (Math.abs(this.radPerSec) * HEARD_US) / US_PER_S;
  }
}
