/**
 * A joint whose owner knows how it should move. He takes in the course that it was shown in the first strides, and from then on feels
 * in every stride where it differs. What he gives beside follows the published model of human learning that slacks: of what he gave he
 * forgets a part, and the more it was off, the more he adds, u_{i+1} = f·u_i + g·e_i (J.L. Emken, R. Benitez, A. Sideris, J.E. Bobrow,
 * D.J. Reinkensmeyer, Motor adaptation as a greedy optimization of error and effort, J. Neurophysiol. 97 (2007) 3997-4006;
 * D.J. Reinkensmeyer, E.T. Wolbrecht, J.E. Bobrow, A computational model of human-robot load sharing, IEEE EMBC 2007), part by part of the stride.
 */
import { clamp, mix } from '../../protocols/math.ts';
import { degToRad, US_PER_S } from '../../protocols/units.ts';
import { STEP_US } from '../drives/device.ts';

const STEP_S = STEP_US / US_PER_S;
const PARTS = 50;
/** A stride begins where the joint comes up through the upper share of its range, having been below the lower one: once per stride for hip and knee of gait. */
const [BEGINS_AT, BELOW] = [0.7, 0.4];
const LEAST_RANGE_RAD = degToRad(5);
/** One that takes longer than this of the one before was broken off. */
const MOST_OF_PERIOD = 1.3;
const STRIDE_S = { least: 0.6, most: 6 };
/** Own figures: he knows the pattern after so many strides, and each tells a quarter of it, so that the small ones of the start are forgotten. */
const LEARNING_STRIDES = 12;
const LEARNS = 0.25;
/** What is left of his effort from one stride to the next, as in the test of the laws; slower than either law lets go. */
const KEEPS = 0.93;
/** Own figures: what an error adds. Its speed counts more: a leg near the rhythm of its own pendulum goes a quarter of a swing behind the torque. */
const ADDS_NM_PER_RAD = 4;
const AHEAD_S = 0.4;
/** Own figures: then he keeps the beat, and follows another one slowly, so that a leg that is late is an error too. */
const [FOLLOWS_PHASE, FOLLOWS_PERIOD] = [0.15, 0.02];

export class OwnPattern {
  /** Of this stride, the one that he knows, and what he gives in it. */
  readonly #courseRad = new Float64Array(PARTS);
  readonly #knownRad = new Float64Array(PARTS);
  readonly #givesNm = new Float64Array(PARTS);
  readonly #wantsNm = new Float64Array(PARTS);
  #strides = 0;
  /** Since the stride began; NaN: none has begun. */
  #strideSec = Number.NaN;
  #periodSec = Number.NaN;
  #seen = { leastRad: Infinity, mostRad: -Infinity };
  #beginsRad = Number.NaN;
  #belowRad = Number.NaN;
  #below = false;
  #lookedSec = 0;

  constructor(private readonly mostNm: number) {}

  /** What he adds for the coming physics step; once in each. */
  torqueNm(positionRad: number): number {
    this.#lookedSec += STEP_S;
    this.#strideSec += STEP_S;
    this.#seen.leastRad = Math.min(this.#seen.leastRad, positionRad);
    this.#seen.mostRad = Math.max(this.#seen.mostRad, positionRad);
    if (positionRad < this.#belowRad) this.#below = true;
    if (this.#below && positionRad >= this.#beginsRad) this.#beginStride();
    else if (this.#lookedSec > STRIDE_S.most) this.#lookAnew();
    // A leg that stands has no stride to be off in.
    if (this.#knows && !(this.#lookedSec <= MOST_OF_PERIOD * this.#periodSec && this.#beginsRad > this.#belowRad)) return 0;
    if (this.#knows && this.#strideSec >= this.#periodSec) {
      this.#endStride();
      this.#strideSec -= this.#periodSec;
    }
    const place = PARTS * (this.#strideSec / this.#periodSec);
    if (!(place >= 0 && place < PARTS)) return 0;
    const part = Math.floor(place);
    this.#courseRad[part] = positionRad;
    return this.#between(part, place - part);
  }

  #between(part: number, share: number): number {
    const [here, next] = [this.#givesNm[part] ?? 0, this.#givesNm[(part + 1) % PARTS] ?? 0];
    return here + share * (next - here);
  }

  get #knows(): boolean {
    return this.#strides >= LEARNING_STRIDES;
  }

  #beginStride(): void {
    if (this.#knows) this.#keepBeat();
    else this.#learnBeat();
    this.#lookAnew();
  }

  #keepBeat(): void {
    const late = this.#strideSec / this.#periodSec;
    const share = late > 0.5 ? late - 1 : late;
    this.#strideSec -= FOLLOWS_PHASE * share * this.#periodSec;
    this.#periodSec *= 1 + FOLLOWS_PERIOD * share;
  }

  #learnBeat(): void {
    const sec = this.#strideSec;
    const whole = sec >= STRIDE_S.least && sec <= STRIDE_S.most;
    // The first one only tells how long a stride is.
    if (whole && sec <= MOST_OF_PERIOD * this.#periodSec) this.#endStride();
    this.#periodSec = whole ? sec : Number.NaN;
    this.#strideSec = 0;
  }

  /** Where strides begin, from what the joint did of late. */
  #lookAnew(): void {
    const { leastRad, mostRad } = this.#seen;
    const moves = mostRad - leastRad >= LEAST_RANGE_RAD;
    this.#beginsRad = moves ? leastRad + BEGINS_AT * (mostRad - leastRad) : Number.NaN;
    this.#belowRad = leastRad + BELOW * (mostRad - leastRad);
    this.#seen = { leastRad: Infinity, mostRad: -Infinity };
    this.#below = false;
    this.#lookedSec = 0;
  }

  #endStride(): void {
    if (!this.#knows) {
      this.#strides++;
      for (let k = 0; k < PARTS; k++) this.#knownRad[k] = mix(this.#knownRad[k] ?? 0, this.#courseRad[k] ?? 0, this.#strides === 1 ? 1 : LEARNS);
      return;
    }
    for (let k = 0; k < PARTS; k++) {
      const turning = (this.#offRad(k + 1) - this.#offRad(k - 1)) / ((2 * this.#periodSec) / PARTS);
      this.#wantsNm[k] = KEEPS * (this.#givesNm[k] ?? 0) + ADDS_NM_PER_RAD * (this.#offRad(k) + AHEAD_S * turning);
    }
    // What he gives has no corners.
    for (let k = 0; k < PARTS; k++) {
      const [before, here, after] = [this.#wantsNm[(k + PARTS - 1) % PARTS] ?? 0, this.#wantsNm[k] ?? 0, this.#wantsNm[(k + 1) % PARTS] ?? 0];
      this.#givesNm[k] = clamp((before + 2 * here + after) / 4, -this.mostNm, this.mostNm);
    }
  }

  #offRad(part: number): number {
    const k = (part + PARTS) % PARTS;
    return (this.#knownRad[k] ?? 0) - (this.#courseRad[k] ?? 0);
  }
}
