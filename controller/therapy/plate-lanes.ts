/** What walking on footplates keeps of each joint of a plate, and of each foot. */
import { emptyJointCommand, type JointCommand } from '../../protocols/joints.ts';
import { toRangeRad, type PlateJoint, type RangeRad } from '../../protocols/profile.ts';
import type { Side } from '../../protocols/supervision.ts';
import { BrakePath } from './brake.ts';
import type { GaitPlace, ReferencePoint } from './gait-reference.ts';
import { noLead, type Lead } from './laws/law.ts';
import { emptyStep, plateBounds, type PlateProgram, type PlateWish, type StepShape } from './plate-program.ts';
import { SmoothValue } from './smooth.ts';
import type { MeasuredJoint } from './therapy.ts';
import { TrainingLaws, type LawTuning } from './training-laws.ts';

export interface PlateLane {
  readonly profile: PlateJoint;
  readonly index: number;
  readonly bounds: RangeRad;
  readonly permitted: RangeRad;
  readonly romScale: SmoothValue;
  readonly offsetRad: SmoothValue;
  /** Of the stride: its part of the pattern comes so much later. */
  readonly timing: SmoothValue;
  readonly wish: { -readonly [K in keyof PlateWish]: PlateWish[K] };
  readonly reference: ReferencePoint;
  readonly plan: ReferencePoint;
  /** Fills `out` with its part of the steps, as the therapist shaped them. */
  at(place: Readonly<GaitPlace>, out: ReferencePoint): void;
  readonly lead: Lead;
  readonly brake: BrakePath;
  readonly command: JointCommand;
  /** Posture from which the steps grow and to which they return. */
  restRad: number;
  measured: MeasuredJoint;
}

export interface FootLane {
  readonly side: Side;
  readonly foreAft: PlateLane;
  readonly vertical: PlateLane;
  readonly pitch: PlateLane;
  /** These. */
  readonly joints: readonly PlateLane[];
  readonly place: Required<GaitPlace>;
  readonly laws: TrainingLaws;
  readonly guidance: SmoothValue;
  readonly step: StepShape;
  /** How far its law leads it, and not the posture that is held, 0 … 1. */
  trains: number;
  /** 0 as guided … 1 soft. */
  softness: number;
  yields: boolean;
  /** It is off the ground; in a stop: it was. */
  swings: boolean;
}

const emptyPoint = (): ReferencePoint => ({ positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 });

function createPlateLane(profile: PlateJoint, index: number, given: RangeRad | undefined, step: StepShape, program: PlateProgram): PlateLane {
  const permitted = given ?? toRangeRad(profile.softRangeDeg);
  const bounds = plateBounds(profile, permitted);
  const timing = new SmoothValue();
  return {
    profile,
    index,
    bounds,
    permitted,
    romScale: new SmoothValue(),
    offsetRad: new SmoothValue(),
    timing,
    wish: { scale: 1, offsetRad: 0 },
    reference: emptyPoint(),
    plan: emptyPoint(),
    at: ({ phase, cyclesPerSec, cyclesPerSec2 = 0 }, out) => {
      const own = phase - timing.value;
      const perSec = cyclesPerSec - timing.perSec;
      program.at(profile.kind, own - Math.floor(own), perSec, step, bounds, out);
      if (perSec > 0) out.accelerationRadPerSec2 += (out.velocityRadPerSec * cyclesPerSec2) / perSec;
    },
    lead: noLead(),
    brake: new BrakePath(),
    command: emptyJointCommand(),
    restRad: 0,
    measured: { positionRad: 0, velocityRadPerSec: 0 },
  };
}

/**
 * Own values. A plate is led with a part of its stiffness by every law, so that what a law adds may forget as slowly as for a leg. The
 * weight that stands on a plate is carried by all of them.
 */
const PLATE_TUNING: LawTuning = {
  stiffnessForgettingCycles: 8,
  torqueForgettingCycles: 4,
  learnedNmPerRad: ({ stiffnessNmPerRad }) => 0.5 * stiffnessNmPerRad,
  compensatedShare: 0,
  resistDampingShare: 0,
  carriedShare: { guided: 1, pathControl: 1, assistStiffness: 1, assistTorque: 1, resist: 1 },
};
/** No law of a plate moves it as if it were not there. */
const NO_DEVICE = { inertia: (_angles: ArrayLike<number>, _speeds: ArrayLike<number>, _accelerations: ArrayLike<number>, outNm: Float64Array): void => void outNm.fill(0) };

export function createFoot(side: Side, profiles: readonly PlateJoint[], permitted: readonly RangeRad[], program: PlateProgram): FootLane[] {
  const step = emptyStep();
  const of = (kind: PlateJoint['kind']): PlateLane | undefined => {
    const index = profiles.findIndex((joint) => joint.side === side && joint.kind === kind);
    const profile = profiles[index];
    return profile === undefined ? undefined : createPlateLane(profile, index, permitted[index], step, program);
  };
  const [foreAft, vertical, pitch] = [of('foreAft'), of('vertical'), of('pitch')];
  if (foreAft === undefined || vertical === undefined || pitch === undefined) return [];
  const lanes = [foreAft, vertical, pitch];
  return [{ side, foreAft, vertical, pitch, joints: lanes, place: { phase: 0, cyclesPerSec: 0, cyclesPerSec2: 0 }, laws: new TrainingLaws(lanes.length, NO_DEVICE, PLATE_TUNING), guidance: new SmoothValue(), step, trains: 0, softness: 0, yields: false, swings: false }];
}
