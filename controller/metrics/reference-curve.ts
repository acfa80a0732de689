/** What a joint should have done over one stride or repetition, 101 points in degrees, by the class of the robot. */
import { isGait, toRangeRad, type RobotProfile } from '../../protocols/profile.ts';
import type { GaitParameters, SessionSetup } from '../../protocols/supervision.ts';
import { referenceBounds, REFERENCE_SD_DEG, referenceCurveDeg } from '../therapy/gait-reference.ts';

export interface ReferenceCurve {
  readonly meanDeg: number[];
  /** Of people; 0 where a curve is a wish and not a measurement. */
  readonly sdDeg: number;
}

/** @returns per joint of the profile */
export function referenceCurves(profile: RobotProfile, setup: SessionSetup, { speedMps, romScale, offsetRad }: Pick<GaitParameters, 'speedMps' | 'romScale' | 'offsetRad'>): ReferenceCurve[] {
  if (!isGait(profile)) throw new RangeError(`profile ${profile.id} is of no class that is known here`);
  return profile.joints.map((joint, j) => {
    const bounds = referenceBounds(joint, setup.permittedRangeRad[j] ?? toRangeRad(joint.softRangeDeg), profile.therapy.kneeReferenceMinDeg);
    return { meanDeg: referenceCurveDeg(joint.kind, speedMps, romScale[j] ?? 1, offsetRad[j] ?? 0, bounds), sdDeg: REFERENCE_SD_DEG[joint.kind] };
  });
}
