/**
 * Is it the joint encoder that is wrong where motor and encoder differ? One that stood or jumped is in doubt for as long as they
 * do, and puts its motor in none. But one that stood and then goes against its motor does not stand: one of the two has turned its sign.
 */
import { US_PER_S } from '../../protocols/units.ts';

/** Own value, longer than a stop and its hold: a stopped joint's motor stands, and an encoder that stood before and drifts now is no witness against it. */
const STOOD_US = 2 * US_PER_S;
/** Own values: no encoder drifts so fast, and noise goes the other way with the next reading. */
const AGAINST_RAD_PER_SEC = 1;
const AGAINST_READINGS = 2;

export class EncoderDoubt {
  doubted = false;
  /** Nobody knows which of the two is wrong. */
  turned = false;
  /** When the encoder was last seen to stand although it should not. */
  #stoodUs = Number.NEGATIVE_INFINITY;
  #stood = false;
  #jumped = false;
  /** Its last readings that went against a motor that moves. */
  #against = 0;

  /** A new reading. @param wayRad from the one before @param motorRadPerSec no number: not known; then nothing is against it */
  look(wayRad: number, silenceUs: number, motorRadPerSec: number): void {
    const radPerSec = Math.min(Math.abs(motorRadPerSec), (-Math.sign(motorRadPerSec) * wayRad * US_PER_S) / silenceUs);
    this.#against = radPerSec > AGAINST_RAD_PER_SEC ? this.#against + 1 : 0;
  }

  /** Whenever both are known, of one moment. @param jumps, stands as it was last read */
  judge(isApart: boolean, jumps: boolean, stands: boolean, atUs: number): void {
    if (stands) this.#stoodUs = atUs;
    this.turned = isApart && (this.turned || (this.#stood && this.#against >= AGAINST_READINGS));
    this.#stood = !this.turned && (atUs - this.#stoodUs < STOOD_US || (this.#stood && isApart));
    this.#jumped = jumps || (this.#jumped && isApart);
    this.doubted = this.#stood || this.#jumped;
  }
}
