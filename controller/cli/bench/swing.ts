/** A person who swings a joint to and fro as he likes, about where he has it, as strongly as that takes. */
import { clamp, cos, sin } from '../../../protocols/math.ts';
import { degToRad, radToDeg } from '../../../protocols/units.ts';
import type { Body } from '../../../sim/body/body.ts';

export interface SwingOrder {
  /** In the profile. */
  readonly joint: number;
  readonly hz: number;
  /** 0: he holds it still. */
  readonly amplitudeDeg: number;
  /** undefined: where the joint is when it begins. */
  readonly middleDeg?: number;
  /** Of his own control of his limb. */
  readonly stiffnessNmPerRad: number;
  readonly dampingNmsPerRad: number;
}

/** He comes to the middle, and then the movement grows; own values. */
const [TO_MIDDLE_SEC, GROWN_SEC] = [3, 8];
/** By so much at most he corrects the size of his movement from one swing to the next. */
const CORRECTED = 1.3;
const TWO_PI = 2 * Math.PI;

export class Swing {
  readonly #beginsRad: number;
  readonly #middleRad: number;
  #sec = 0;
  /** Of the size that he intends, so that it becomes the size that was ordered. */
  #gain = 1;
  #seen = { least: Infinity, most: -Infinity };

  constructor(
    private readonly body: Body,
    private readonly order: SwingOrder,
  ) {
    this.#beginsRad = body.positionRad(order.joint);
    this.#middleRad = order.middleDeg === undefined ? this.#beginsRad : degToRad(order.middleDeg);
  }

  /** Half of the way from end to end, in the swing that is under way. */
  get amplitudeDeg(): number {
    return radToDeg((this.#seen.most - this.#seen.least) / 2);
  }

  /** Once per control cycle. */
  go(elapsedSec: number): void {
    const { joint, hz, stiffnessNmPerRad, dampingNmsPerRad } = this.order;
    const swingsBefore = Math.floor(hz * this.#sec);
    this.#sec += elapsedSec;
    const positionRad = this.body.positionRad(joint);
    if (Math.floor(hz * this.#sec) > swingsBefore) this.#correct(positionRad);
    this.#seen.least = Math.min(this.#seen.least, positionRad);
    this.#seen.most = Math.max(this.#seen.most, positionRad);
    const omega = TWO_PI * hz;
    const amplitudeRad = this.#gain * this.#orderedRad;
    const wishRad = this.#beginsRad + (this.#middleRad - this.#beginsRad) * Math.min(1, this.#sec / TO_MIDDLE_SEC) + amplitudeRad * sin(omega * this.#sec);
    const wishRadPerSec = amplitudeRad * omega * cos(omega * this.#sec);
    this.body.setPushNm(joint, stiffnessNmPerRad * (wishRad - positionRad) + dampingNmsPerRad * (wishRadPerSec - this.body.velocityRadPerSec(joint)));
  }

  /** By now. */
  get #orderedRad(): number {
    return degToRad(this.order.amplitudeDeg) * Math.min(1, this.#sec / GROWN_SEC);
  }

  #correct(positionRad: number): void {
    // On his way to the middle he tells nothing of the size.
    const told = this.order.amplitudeDeg !== 0 && this.#sec > TO_MIDDLE_SEC + 1 / this.order.hz;
    if (told) this.#gain *= clamp((2 * Math.abs(this.#orderedRad)) / (this.#seen.most - this.#seen.least), 1 / CORRECTED, CORRECTED);
    this.#seen = { least: positionRad, most: positionRad };
  }
}

/** Root of a mean square. */
export class Rms {
  #sum = 0;
  #count = 0;

  add(value: number): void {
    this.#sum += value * value;
    this.#count++;
  }

  get value(): number {
    return Math.sqrt(this.#sum / this.#count);
  }
}
