/**
 * The exercise of an arm: from posture to posture and back to the first, each movement a minimum-jerk one (T. Flash, N. Hogan,
 * J. Neurosci. 5 (1985) 1688-1703) along a straight line between the joints' angles. One round is a repetition. How long a
 * movement takes follows from the way of the hand. Two arms do the same at the same time, each the other's image in a mirror.
 */
import { armLengths, armPoints, noArmPoints } from '../../protocols/arm-kinematics.ts';
import { armsOf, type OneArm } from '../../protocols/arm-profile.ts';
import { clamp, minimumJerk } from '../../protocols/math.ts';
import { toRangeRad, type ArmJoint, type ArmProfile, type RangeRad } from '../../protocols/profile.ts';
import { degToRad } from '../../protocols/units.ts';
import type { ReferencePoint } from './gait-reference.ts';

/** The reference keeps this distance from the permitted range, so that tracking error does not meet its end. */
const RANGE_MARGIN_RAD = degToRad(2);
/** Own value, about a forearm: a joint turns no faster than moves a hand at this lever, whether the hand goes far or not. */
export const LEVER_M = 0.3;
const WAY_POINTS = 20;
/** A phase so near to the end of a movement is at it. */
const BOUNDARY = 1e-9;

/** How a therapist has scaled and shifted one joint, and how fast that changes. */
export interface JointScale {
  readonly scale: number;
  readonly scalePerSec: number;
  readonly offsetRad: number;
  readonly offsetRadPerSec: number;
  /** How much later than the others it does its part, as a share of the repetition. */
  readonly timing: number;
  readonly timingPerSec: number;
}

export const UNSCALED: JointScale = { scale: 1, scalePerSec: 0, offsetRad: 0, offsetRadPerSec: 0, timing: 0, timingPerSec: 0 };

/** How fast the phase goes, per second and per second squared. */
export interface Pace {
  readonly perSec: number;
  readonly perSec2: number;
}

export function armBounds({ softRangeDeg }: Pick<ArmJoint, 'softRangeDeg'>, permitted: RangeRad = toRangeRad(softRangeDeg)): RangeRad {
  // A range too narrow for its margins leaves the middle.
  const margin = Math.min(RANGE_MARGIN_RAD, (permitted.max - permitted.min) / 2);
  return { min: permitted.min + margin, max: permitted.max - margin };
}

export class ArmProgram {
  /** Way of the hand in one repetition, m. */
  readonly wayM: number;
  /** In the order of one arm's joints. */
  readonly #posturesRad: readonly Float64Array[];
  /** Of each joint of the profile: where it stands in its arm. */
  readonly #places: readonly number[];
  readonly #homeRad: Float64Array;
  /** Phase at which each movement ends. */
  readonly #ends: readonly number[];

  constructor(profile: ArmProfile, heightM: number) {
    this.#posturesRad = profile.therapy.posturesDeg.map((posture) => Float64Array.from(posture, degToRad));
    this.#homeRad = Float64Array.from(profile.joints, ({ homePositionDeg }) => degToRad(homePositionDeg));
    const arms = armsOf(profile.joints);
    this.#places = profile.joints.map((_, j) => arms.map(({ places }) => places.indexOf(j)).find((place) => place >= 0) ?? -1);
    const ways = this.#posturesRad.map((_, i) => wayM(profile, arms[0], heightM, this.#posture(i), this.#posture(i + 1)));
    this.wayM = ways.reduce((sum, way) => sum + way, 0);
    let soFarM = 0;
    this.#ends = ways.map((way, i) => (i === ways.length - 1 ? 1 : (soFarM += way) / this.wayM));
  }

  repetitionsPerSec(handSpeedMps: number): number {
    return handSpeedMps / this.wayM;
  }

  /** Where a joint should be. @param joint of the profile @param allPhase of the repetition, 0 … 1. Fills `out` */
  at(joint: number, allPhase: number, { perSec, perSec2 }: Pace, joints: JointScale, bounds: RangeRad, out: ReferencePoint): ReferencePoint {
    const ownPhase = allPhase - joints.timing;
    const phase = ownPhase === 1 ? 1 : ownPhase - Math.floor(ownPhase);
    let move = 0;
    while (move < this.#ends.length - 1 && phase >= (this.#ends[move] ?? 1)) move++;
    const begin = move === 0 ? 0 : (this.#ends[move - 1] ?? 0);
    const share = (this.#ends[move] ?? 1) - begin;
    const u = clamp((phase - begin) / share, 0, 1);
    const [s, slope, bend] = [minimumJerk(u), 30 * u * u * (1 - u) * (1 - u), 60 * u * (1 - u) * (1 - 2 * u)];
    const [uPerSec, uPerSec2] = [(perSec - joints.timingPerSec) / share, perSec2 / share];
    const home = this.#homeRad[joint] ?? Number.NaN;
    const place = this.#places[joint] ?? -1;
    const [from, to] = [(this.#posture(move)[place] ?? Number.NaN) - home, (this.#posture(move + 1)[place] ?? Number.NaN) - home];
    const wanted = (way: number): number => home + joints.scale * way + joints.offsetRad;
    const [fromRad, toRad] = [clamp(wanted(from), bounds.min, bounds.max), clamp(wanted(to), bounds.min, bounds.max)];
    const drift = (way: number, rad: number): number => (wanted(way) === rad ? joints.scalePerSec * way + joints.offsetRadPerSec : 0);
    out.positionRad = fromRad + (toRad - fromRad) * s;
    out.velocityRadPerSec = (toRad - fromRad) * slope * uPerSec + (1 - s) * drift(from, fromRad) + s * drift(to, toRad);
    out.accelerationRadPerSec2 = (toRad - fromRad) * (bend * uPerSec * uPerSec + slope * uPerSec2);
    return out;
  }

  /** Phase, up to 1, at which the movement ends that is at work or begins there. */
  endOfMove(phase: number): number {
    return this.#ends[this.#moveAt(phase)] ?? 1;
  }

  /** Of torques at the joints, what acts along the movement that is at work or begins there, Nm. */
  along(phase: number, torqueNm: ArrayLike<number>): number {
    const move = this.#moveAt(phase);
    const from = this.#posture(move);
    const to = this.#posture(move + 1);
    let sum = 0;
    let square = 0;
    for (let j = 0; j < from.length; j++) {
      const way = (to[j] ?? 0) - (from[j] ?? 0);
      sum += way * (torqueNm[j] ?? Number.NaN);
      square += way * way;
    }
    return sum / Math.sqrt(square);
  }

  #moveAt(phase: number): number {
    let move = 0;
    while (move < this.#ends.length - 1 && phase >= (this.#ends[move] ?? 1) - BOUNDARY) move++;
    return move;
  }

  #posture(i: number): Float64Array {
    return this.#posturesRad[i % this.#posturesRad.length] ?? this.#homeRad;
  }
}

/** Of the hand's tip, but not less than the greatest turn at a lever. */
function wayM(profile: ArmProfile, arm: OneArm | undefined, heightM: number, fromRad: Float64Array, toRad: Float64Array): number {
  const lengths = armLengths(profile.geometry, heightM);
  const side = arm?.side ?? 'right';
  const points = noArmPoints();
  let [x, y, z] = [Number.NaN, Number.NaN, Number.NaN];
  let sumM = 0;
  for (let i = 0; i <= WAY_POINTS; i++) {
    const [tx = 0, ty = 0, tz = 0] = armPoints(lengths, side, fromRad.map((from, j) => from + ((toRad[j] ?? from) - from) * (i / WAY_POINTS)), points).tipM;
    if (i > 0) sumM += Math.sqrt((tx - x) ** 2 + (ty - y) ** 2 + (tz - z) ** 2);
    [x, y, z] = [tx, ty, tz];
  }
  const mostRad = fromRad.reduce((most, from, j) => Math.max(most, Math.abs((toRad[j] ?? from) - from)), 0);
  return Math.max(sumM, LEVER_M * mostRad);
}
