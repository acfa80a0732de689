/** What a therapist may enter, from the profile, and how much of it at once while the robot moves. */
import type { RobotProfile } from './profile.ts';
import type { SpringPart } from './supervision.ts';
import { degToRad, kmhToMps } from './units.ts';

export interface ParameterLimit {
  readonly min: number;
  readonly max: number;
  /** Largest single change while the robot moves. */
  readonly movingStep: number;
}

export interface TherapyLimits {
  readonly speedMps: ParameterLimit;
  readonly guidance: ParameterLimit;
  readonly romScale: ParameterLimit;
  readonly offsetRad: ParameterLimit;
  readonly timingShare: ParameterLimit;
  /** null: this robot carries no weight. */
  readonly unloadingKg: ParameterLimit | null;
  /** Levels, counted from 0 (no support); null: no springs carry an arm. */
  readonly springs: Readonly<Record<SpringPart, ParameterLimit>> | null;
}

/** A tenth of the full scale per change: a choice of this project, so that a slip of the finger stays small. */
const STEP_OF_FULL_SCALE = 0.1;
/** Of the cycle, either way. Own value: between stance and swing, and no joint leads or follows the others by more. */
const MOST_TIMING = 0.1;

/** Of the walk, or of the hand of an arm. */
export function paceOf(profile: RobotProfile): { readonly min: number; readonly max: number; readonly initial: number } {
  if (profile.class === 'arm') return profile.therapy.handSpeedMps;
  const { min, max, initial } = profile.therapy.speedKmh;
  return { min: kmhToMps(min), max: kmhToMps(max), initial: kmhToMps(initial) };
}

/** A hand sets them one after the other. */
const springLimit = (levelsKg: readonly number[]): ParameterLimit => ({ min: 0, max: levelsKg.length - 1, movingStep: levelsKg.length - 1 });

export function therapyLimits(profile: RobotProfile): TherapyLimits {
  const { romScale, offsetDeg } = profile.therapy;
  const pace = paceOf(profile);
  const support = profile.bodyWeightSupport;
  return {
    speedMps: { min: pace.min, max: pace.max, movingStep: STEP_OF_FULL_SCALE * pace.max },
    guidance: { min: 0, max: 1, movingStep: STEP_OF_FULL_SCALE },
    romScale: { min: romScale.min, max: romScale.max, movingStep: STEP_OF_FULL_SCALE },
    offsetRad: {
      min: degToRad(offsetDeg.min),
      max: degToRad(offsetDeg.max),
      movingStep: STEP_OF_FULL_SCALE * degToRad(offsetDeg.max - offsetDeg.min),
    },
    timingShare: { min: -MOST_TIMING, max: MOST_TIMING, movingStep: STEP_OF_FULL_SCALE * 2 * MOST_TIMING },
    unloadingKg: support === undefined ? null : { min: 0, max: support.unloadingMaxKg, movingStep: STEP_OF_FULL_SCALE * support.unloadingMaxKg },
    springs: profile.class === 'arm' && profile.springs !== undefined ? { upperArm: springLimit(profile.springs.upperArmKg), forearm: springLimit(profile.springs.forearmKg) } : null,
  };
}
