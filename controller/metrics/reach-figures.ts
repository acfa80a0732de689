/**
 * What a person did with an arm that is measured: how far each joint and the hand went, and how often he reached. A reach is
 * a movement of the hand that begins above one speed, ends below a slower one, and goes somewhere (own definition); the
 * hand's path is smoothed first, because the steps of an encoder would add up to a way that nobody went.
 */
import { armLengths, armPoints, noArmPoints, type ArmLengths } from '../../protocols/arm-kinematics.ts';
import type { ReachMetrics } from '../../protocols/api.ts';
import { sensedJointsOf, type ArmProfile } from '../../protocols/profile.ts';
import { fieldOffset, layoutOf } from '../../protocols/session-log.ts';
import type { SessionSetup, Side } from '../../protocols/supervision.ts';
import { radToDeg, US_PER_S } from '../../protocols/units.ts';
import { Mean } from './joint-statistics.ts';

/** Own values: below the slowest reach that is meant, above what a resting hand sways. */
const BEGINS_MPS = 0.1;
const ENDS_MPS = 0.05;
const LEAST_M = 0.05;
const LEAST_SEC = 0.2;
/** Time constant of the hand's smoothed place. */
const SMOOTH_S = 0.04;
/** What was not recorded is not bridged. */
const LONGEST_GAP_SEC = 0.1;

export class ReachFigures {
  readonly #positions: readonly number[];
  readonly #trusted: readonly number[];
  readonly #now: number;
  readonly #grip: number;
  readonly #gripAge: number;
  readonly #lengths: ArmLengths;
  readonly #side: Side;
  readonly #ids: readonly string[];
  readonly #minRad: Float64Array;
  readonly #maxRad: Float64Array;
  readonly #anglesRad: Float64Array;
  readonly #points = noArmPoints();
  readonly #handM = new Float64Array(3);
  readonly #fromM = new Float64Array(3);
  readonly #leastM = new Float64Array(3).fill(Infinity);
  readonly #mostM = new Float64Array(3).fill(-Infinity);
  readonly #reachSec = new Mean();
  readonly #peakMps = new Mean();
  #lastUs = Number.NaN;
  /** Where the hand is was known in the row before. */
  #known = false;
  #farthestM = 0;
  #gripN = -1;
  #pathM = 0;
  #movingSec = 0;
  #distrustedSec = 0;
  #reaches = 0;
  #sinceSec = -1;
  #fastestMps = 0;

  constructor(profile: ArmProfile, { heightM }: Pick<SessionSetup, 'heightM'>) {
    const layout = layoutOf(profile);
    const sensed = sensedJointsOf(profile);
    this.#positions = sensed.map((_, i) => fieldOffset(layout, 'sensedPositionRad', i));
    this.#trusted = sensed.map((_, i) => fieldOffset(layout, 'sensedTrusted', i));
    this.#now = fieldOffset(layout, 'nowUs');
    this.#grip = fieldOffset(layout, 'gripN');
    this.#gripAge = fieldOffset(layout, 'gripAgeUs');
    this.#lengths = armLengths(profile.geometry, heightM);
    this.#side = sensed[0]?.side ?? 'right';
    this.#ids = sensed.map(({ id }) => id);
    this.#minRad = new Float64Array(sensed.length).fill(Infinity);
    this.#maxRad = new Float64Array(sensed.length).fill(-Infinity);
    this.#anglesRad = new Float64Array(sensed.length);
  }

  row(rows: Float64Array, start: number): void {
    const nowUs = rows[start + this.#now] ?? Number.NaN;
    if (Number.isFinite(rows[start + this.#gripAge])) this.#gripN = Math.max(this.#gripN, rows[start + this.#grip] ?? -1);
    const elapsedSec = (nowUs - this.#lastUs) / US_PER_S;
    this.#lastUs = nowUs;
    const follows = elapsedSec > 0 && elapsedSec <= LONGEST_GAP_SEC;
    if (!this.#trusted.every((column) => rows[start + column] === 1)) {
      this.#distrustedSec += follows ? elapsedSec : 0;
      this.#sinceSec = -1;
      this.#known = false;
      return;
    }
    this.#positions.forEach((column, i) => {
      const rad = rows[start + column] ?? 0;
      this.#anglesRad[i] = rad;
      this.#minRad[i] = Math.min(this.#minRad[i] ?? rad, rad);
      this.#maxRad[i] = Math.max(this.#maxRad[i] ?? rad, rad);
    });
    const { tipM } = armPoints(this.#lengths, this.#side, this.#anglesRad, this.#points);
    if (!follows || !this.#known) this.#handM.set(tipM);
    else this.#follow(tipM, elapsedSec);
    this.#known = true;
    this.#widen();
  }

  result(): ReachMetrics {
    const known = this.#farthestM > 0;
    return {
      reaches: this.#reaches,
      movingSec: this.#movingSec,
      handPathM: this.#pathM,
      farthestM: known ? this.#farthestM : null,
      spanM: known ? [0, 1, 2].map((axis) => (this.#mostM[axis] ?? 0) - (this.#leastM[axis] ?? 0)) : null,
      meanReachSec: this.#reachSec.value,
      meanPeakMps: this.#peakMps.value,
      gripN: this.#gripN < 0 ? null : this.#gripN,
      distrustedSec: this.#distrustedSec,
      joints: this.#ids.map((jointId, i) => ({ jointId, minDeg: known ? radToDeg(this.#minRad[i] ?? 0) : null, maxDeg: known ? radToDeg(this.#maxRad[i] ?? 0) : null })),
    };
  }

  #follow(tipM: Float64Array, elapsedSec: number): void {
    const share = elapsedSec / (elapsedSec + SMOOTH_S);
    let squared = 0;
    for (let axis = 0; axis < 3; axis++) {
      const step = share * ((tipM[axis] ?? 0) - (this.#handM[axis] ?? 0));
      this.#handM[axis] = (this.#handM[axis] ?? 0) + step;
      squared += step * step;
    }
    const stepM = Math.sqrt(squared);
    this.#judge(stepM / elapsedSec, stepM, elapsedSec);
  }

  #judge(speedMps: number, stepM: number, elapsedSec: number): void {
    if (this.#sinceSec < 0) {
      if (speedMps < BEGINS_MPS) return;
      this.#sinceSec = 0;
      this.#fastestMps = 0;
      this.#fromM.set(this.#handM);
    }
    this.#sinceSec += elapsedSec;
    this.#pathM += stepM;
    this.#movingSec += elapsedSec;
    this.#fastestMps = Math.max(this.#fastestMps, speedMps);
    if (speedMps > ENDS_MPS) return;
    if (this.#sinceSec >= LEAST_SEC && apartM(this.#handM, this.#fromM) >= LEAST_M) {
      this.#reaches++;
      this.#reachSec.add(this.#sinceSec);
      this.#peakMps.add(this.#fastestMps);
    }
    this.#sinceSec = -1;
  }

  #widen(): void {
    this.#farthestM = Math.max(this.#farthestM, apartM(this.#handM, SHOULDER_M));
    for (let axis = 0; axis < 3; axis++) {
      const m = this.#handM[axis] ?? 0;
      this.#leastM[axis] = Math.min(this.#leastM[axis] ?? m, m);
      this.#mostM[axis] = Math.max(this.#mostM[axis] ?? m, m);
    }
  }
}

const SHOULDER_M = new Float64Array(3);

function apartM(a: Float64Array, b: Float64Array): number {
  let squared = 0;
  for (let axis = 0; axis < 3; axis++) squared += ((a[axis] ?? 0) - (b[axis] ?? 0)) ** 2;
  return Math.sqrt(squared);
}
