/** What a joint should have done over one stride or repetition, 101 points in degrees, by the class of the robot. */
import { plateKinds } from '../../protocols/footplate-profile.ts';
import { isArm, isFootplate, isGait, toRangeRad, type ArmProfile, type FootplateProfile, type RobotProfile } from '../../protocols/profile.ts';
import { sides, type GaitParameters, type SessionSetup } from '../../protocols/supervision.ts';
import { radToDeg } from '../../protocols/units.ts';
import { armBounds, ArmProgram, UNSCALED } from '../therapy/arm-program.ts';
import { emptyStep, groundOf, plateBounds, PlateProgram } from '../therapy/plate-program.ts';
import { curveDeg, publishedShape, REFERENCE_SD_DEG, referenceBounds, referenceCurveDeg, shownSeries } from '../therapy/gait-reference.ts';
import { CURVE_POINTS } from './strides.ts';

export interface ReferenceCurve {
  readonly meanDeg: number[];
  /** Of people; 0 where a curve is a wish and not a measurement. */
  readonly sdDeg: number;
}

type Pattern = Pick<GaitParameters, 'mode' | 'speedMps' | 'romScale' | 'offsetRad' | 'timingShare'>;

/** @returns per joint of the profile */
export function referenceCurves(profile: RobotProfile, setup: SessionSetup, pattern: Pattern): ReferenceCurve[] {
  const { mode, speedMps, romScale, offsetRad, timingShare } = pattern;
  if (isArm(profile)) return armCurves(profile, setup, pattern);
  if (isFootplate(profile)) return plateCurves(profile, setup, pattern);
  if (!isGait(profile)) throw new RangeError(`profile ${profile.id} is of no class that is known here`);
  return profile.joints.map((joint, j) => {
    const bounds = referenceBounds(joint, setup.permittedRangeRad[j] ?? toRangeRad(joint.softRangeDeg), profile.therapy.kneeReferenceMinDeg);
    const shown = mode === 'replay' ? shownSeries(setup.trajectory, joint.id) : null;
    if (shown !== null) return { meanDeg: curveDeg(shown, publishedShape(romScale[j] ?? 1, offsetRad[j] ?? 0, timingShare?.[j] ?? 0), bounds), sdDeg: 0 };
    return { meanDeg: referenceCurveDeg(joint.kind, speedMps, romScale[j] ?? 1, offsetRad[j] ?? 0, bounds, timingShare?.[j] ?? 0), sdDeg: REFERENCE_SD_DEG[joint.kind] };
  });
}

function armCurves(profile: ArmProfile, { heightM, permittedRangeRad }: SessionSetup, { romScale, offsetRad, timingShare }: Pattern): ReferenceCurve[] {
  const program = new ArmProgram(profile, heightM);
  const point = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
  const still = { perSec: 0, perSec2: 0 };
  return profile.joints.map((joint, j) => {
    const bounds = armBounds(joint, permittedRangeRad[j]);
    const scale = { ...UNSCALED, scale: romScale[j] ?? 1, offsetRad: offsetRad[j] ?? 0, timing: timingShare?.[j] ?? 0 };
    return { meanDeg: Array.from({ length: CURVE_POINTS }, (_, i) => radToDeg(program.at(j, i / (CURVE_POINTS - 1), still, scale, bounds, point).positionRad)), sdDeg: 0 };
  });
}

function plateCurves(profile: FootplateProfile, { heightM, permittedRangeRad }: SessionSetup, { mode = 'levelWalk', romScale, offsetRad, timingShare }: Pattern): ReferenceCurve[] {
  const program = new PlateProgram(profile, heightM);
  const point = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
  const lanes = profile.joints.map((joint, j) => ({ joint, wish: { scale: romScale[j] ?? 1, offsetRad: offsetRad[j] ?? 0 }, bounds: plateBounds(joint, permittedRangeRad[j]) }));
  const feet = sides.flatMap((side) => {
    const [foreAft, vertical, pitch] = plateKinds.map((kind) => lanes.find(({ joint }) => joint.side === side && joint.kind === kind));
    return foreAft === undefined || vertical === undefined || pitch === undefined ? [] : [{ side, foreAft, vertical, pitch, step: emptyStep() }];
  });
  program.shape(feet, groundOf(mode), emptyStep());
  return lanes.map(({ joint, bounds }, j) => {
    const later = timingShare?.[j] ?? 0;
    const step = feet.find(({ side }) => side === joint.side)?.step ?? emptyStep();
    return { meanDeg: Array.from({ length: CURVE_POINTS }, (_, i) => radToDeg(program.at(joint.kind, wrapped(i / (CURVE_POINTS - 1) - later), 0, step, bounds, point).positionRad)), sdDeg: 0 };
  });
}

const wrapped = (phase: number): number => phase - Math.floor(phase);
