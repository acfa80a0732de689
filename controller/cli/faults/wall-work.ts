/**
 * Whether a drive has held a joint off its mechanical stop as far as its torque reaches (R1, class C): from the end of the permitted range to
 * the stop it may take from the limb the work of its torque limit over that way, and no more. An ankle that may be held with 40 Nm
 * goes to its stop when a person pushes it with 60.
 */
import { toRangeRad, type RangeRad, type RobotProfile } from '../../../protocols/profile.ts';
import type { TruthRecord } from '../../../sim/truth.ts';

/** Own value, as for a joint that yields in a stop: the rest is dead time, and that a wall rises toward its stop. */
const SPENT_SHARE = 0.75;

export class WallWork {
  /** On the way out, by the motor; of this excursion. */
  readonly #workJ: Float64Array;
  readonly #lastRad: Float64Array;
  readonly #stops: readonly RangeRad[];

  constructor(
    private readonly profile: RobotProfile,
    private readonly ranges: readonly RangeRad[],
  ) {
    this.#workJ = new Float64Array(profile.joints.length);
    this.#lastRad = new Float64Array(profile.joints.length).fill(Number.NaN);
    this.#stops = profile.joints.map(({ mechanicalStopDeg }) => toRangeRad(mechanicalStopDeg));
  }

  /** After every physics step. @returns it is at its stop, and all that its drive may take was taken */
  spent(j: number, truth: TruthRecord): boolean {
    const [range, stop, limitNm] = [this.ranges[j], this.#stops[j], this.profile.joints[j]?.torqueLimitNm ?? Number.NaN];
    const positionRad = truth.positionRad[j] ?? Number.NaN;
    const wayRad = positionRad - (this.#lastRad[j] ?? Number.NaN);
    this.#lastRad[j] = positionRad;
    if (range === undefined || stop === undefined) return false;
    const outward = Number(positionRad > range.max) - Number(positionRad < range.min);
    if (outward === 0) this.#workJ[j] = 0;
    else if (outward * wayRad > 0 && positionRad >= stop.min && positionRad <= stop.max) this.#workJ[j] = (this.#workJ[j] ?? Number.NaN) - wayRad * (truth.motorTorqueNm[j] ?? Number.NaN);
    const mostRad = outward > 0 ? stop.max - range.max : range.min - stop.min;
    return outward !== 0 && (this.#workJ[j] ?? Number.NaN) >= SPENT_SHARE * limitNm * mostRad;
  }
}
