/**
 * Judges how hard the robot holds against a person who pushes, by true torques only. Either the cuffs never carry more than
 * the profile's interaction limit and a tenth beyond what they carry at this phase when nobody pushes. Or the drive yields:
 * at the peak the motor itself pushes back with no more than that limit; what the cuffs carry above it is the weight and
 * the inertia of the orthosis, which no drive can take away. At the end of the range the wall pushes back with up to the
 * torque limit, which there wins (class C).
 */
import type { RangeRad, RobotProfile } from '../../../protocols/profile.ts';
import { degToRad } from '../../../protocols/units.ts';
import type { TruthRecord } from '../../../sim/truth.ts';

const LIMIT_TOLERANCE = 1.1;
/** Own value: the wall begins so far inside the end of the range at most. */
const WALL_RAD = degToRad(5);

export class CuffJudge {
  readonly #peakNm: Float64Array;
  readonly #backNm: Float64Array;
  readonly #atWall: boolean[];

  constructor(
    private readonly profile: RobotProfile,
    private readonly ranges: readonly RangeRad[],
  ) {
    this.#peakNm = new Float64Array(profile.joints.length);
    this.#backNm = new Float64Array(profile.joints.length);
    this.#atWall = profile.joints.map(() => false);
  }

  /** @param usualNm what the cuffs carry here when nobody pushes */
  look(joint: number, truth: TruthRecord, usualNm: number): void {
    const pushedNm = (truth.cuffTorqueNm[joint] ?? Number.NaN) - usualNm;
    if (Math.abs(pushedNm) <= (this.#peakNm[joint] ?? 0)) return;
    const range = this.ranges[joint];
    const positionRad = truth.positionRad[joint] ?? Number.NaN;
    this.#peakNm[joint] = Math.abs(pushedNm);
    this.#backNm[joint] = -(truth.motorTorqueNm[joint] ?? Number.NaN) * Math.sign(pushedNm);
    this.#atWall[joint] = range !== undefined && (positionRad > range.max - WALL_RAD || positionRad < range.min + WALL_RAD);
  }

  /** @returns a sentence per joint that was held too hard */
  findings(): string[] {
    return this.profile.joints.flatMap(({ id, interactionLimitNm, torqueLimitNm }, j) => {
      const [peakNm, backNm] = [this.#peakNm[j] ?? Number.NaN, this.#backNm[j] ?? Number.NaN];
      const yields = backNm <= (this.#atWall[j] === true ? torqueLimitNm * LIMIT_TOLERANCE : interactionLimitNm);
      if (peakNm <= interactionLimitNm * LIMIT_TOLERANCE || yields) return [];
      return [`the cuffs of ${id} carried more than ${(interactionLimitNm * LIMIT_TOLERANCE).toFixed(0)} Nm while its drive did not yield`];
    });
  }
}
