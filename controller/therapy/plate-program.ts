/**
 * The way of a foot on its plate, in one stride from its own strike. It stands for 60 % of it and goes back with the ground, at one
 * speed, so that both feet go together while both stand; then it swings forward by two steps along a minimum-jerk path (T. Flash,
 * N. Hogan, J. Neurosci. 5 (1985) 1688-1703), lifted over the ground. Ground that rises by so much per step goes down under the
 * hips as it goes back. So speed = step length · cadence / 60 holds by construction, with both feet's steps counted.
 */
import { legOnPlate, type LegPose, type PlatePose } from '../../protocols/footplate-kinematics.ts';
import type { LegGeometry } from '../../protocols/kinematics.ts';
import { clamp, cos, minimumJerk, sin } from '../../protocols/math.ts';
import { plateKinds, type PlateKind } from '../../protocols/footplate-profile.ts';
import { toRangeRad, type FootplateProfile, type PlateJoint, type RangeRad } from '../../protocols/profile.ts';
import type { TrainingMode } from '../../protocols/training-mode.ts';
import { degToRad } from '../../protocols/units.ts';
import type { ReferencePoint } from './gait-reference.ts';
import { TOE_OFF } from './soften.ts';

/** The reference keeps this distance from the permitted range, so that tracking error does not meet its end. Own value. */
const RANGE_MARGIN_RAD = degToRad(2);
/** Peaks of a minimum-jerk movement of 1 in a time of 1, and of the lift 64·(u(1−u))³ over it. */
const STEEPEST_BEND = 5.7735;
const LIFT_BEND = 24;
/** The plate is level from here on until the heel rises, and both ends of the stride are as at the strike; of a stride. Own values, after the foot's angle in slow gait (J. Perry, Gait Analysis, 1992). */
const FLAT = [0.12, 0.4] as const;
/** Of its length, how far a leg may be stretched. Own value. */
const REACH = 0.985;
/**
 * Down a stair the heel of the foot that is left behind rises: on a level plate the ankle of who sits would be bent by 55°, which it does not do,
 * so that his calf lifts him off the saddle, and then the other leg is pulled straight. Own values: the ankle where the foot leaves, and how steep a plate gets.
 */
const ANKLE_LEAVES_RAD = degToRad(20);
const HEEL_MOST_RAD = degToRad(40);
const SEC_PER_MIN = 60;

/** One foot's steps over its ground. */
export interface StepShape {
  stepM: number;
  /** Over level ground, or over the edge of a stair. */
  liftM: number;
  /** Of the ground, from one foot's strike to the other's. */
  riseM: number;
  /** Of the plate's own tilting, 1 = as in the profile. */
  tilt: number;
  /** By which the heel rises further to leave. */
  heelRad: number;
  /** Added to it: the slope of the ground. */
  pitchRad: number;
  /** Of the whole pattern, rad of each drum. */
  foreAftRad: number;
  verticalRad: number;
}

export const emptyStep = (): StepShape => ({ stepM: 0, liftM: 0, riseM: 0, tilt: 0, heelRad: 0, pitchRad: 0, foreAftRad: 0, verticalRad: 0 });

/** How a therapist has scaled and shifted one joint. */
export interface PlateWish {
  readonly scale: number;
  readonly offsetRad: number;
}

export interface ShapedFoot {
  readonly foreAft: { readonly wish: PlateWish };
  readonly vertical: { readonly wish: PlateWish; readonly bounds: RangeRad };
  readonly pitch: { readonly wish: PlateWish };
  readonly step: StepShape;
}

/** How much of the plates' slope the way has, and how much of a stair each step goes up. */
export interface PlateGround {
  readonly slope: number;
  readonly stairs: number;
}

const LEVEL: PlateGround = { slope: 0, stairs: 0 };
const GROUNDS: Readonly<Partial<Record<TrainingMode, PlateGround>>> = { slopeWalk: { slope: 1, stairs: 0 }, stairsUp: { slope: 0, stairs: 1 }, stairsDown: { slope: 0, stairs: -1 } };
export const groundOf = (mode: TrainingMode): PlateGround => GROUNDS[mode] ?? LEVEL;

/** A place, its change with the phase, and the change of that. */
interface Course {
  at: number;
  slope: number;
  bend: number;
}

export function plateBounds({ softRangeDeg }: Pick<PlateJoint, 'softRangeDeg'>, permitted: RangeRad = toRangeRad(softRangeDeg)): RangeRad {
  const margin = Math.min(RANGE_MARGIN_RAD, (permitted.max - permitted.min) / 2);
  return { min: permitted.min + margin, max: permitted.max - margin };
}

export class PlateProgram {
  readonly #therapy: FootplateProfile['therapy'];
  /** Longer ones would pull him off his saddle. */
  readonly #stepMostM: number;
  readonly #leads: Readonly<Record<PlateKind, number>>;
  readonly #course: Course = { at: 0, slope: 0, bend: 0 };
  readonly #swing: Course = { at: 0, slope: 0, bend: 0 };
  readonly #leg: LegGeometry;
  /** Of the hips, where the saddle is lowest. */
  readonly #seatM: number;
  readonly #plate: PlatePose = { forwardM: 0, upM: 0, pitchRad: 0 };
  readonly #pose: LegPose = { hipRad: 0, kneeRad: 0, ankleRad: 0 };

  /** @param heightM of who stands on the plates; his saddle sinks no lower than the profile says, and his legs reach no farther */
  constructor({ therapy, joints, geometry }: FootplateProfile, heightM: number) {
    const legM = (geometry.thighFraction + geometry.shankFraction) * heightM;
    this.#leg = { thighM: geometry.thighFraction * heightM, shankM: geometry.shankFraction * heightM };
    this.#seatM = geometry.saddleLowestFraction * legM;
    this.#therapy = therapy;
    this.#stepMostM = (legM * Math.sqrt(REACH * REACH - geometry.saddleLowestFraction * geometry.saddleLowestFraction)) / TOE_OFF;
    const [foreAft = 1, vertical = 1, pitch = 1] = plateKinds.map((kind) => joints.find((joint) => joint.kind === kind)?.leadMPerRad ?? 1);
    this.#leads = { foreAft, vertical, pitch };
  }

  /**
   * How many strides per second a speed asks for, but no more than the greatest cadence, nor than throws a foot harder than it may be.
   * @param step mean of both feet
   */
  stridesPerSec(speedMps: number, { stepM, liftM, riseM }: Pick<StepShape, 'stepM' | 'liftM' | 'riseM'>): number {
    const { cadenceMostPerMin, footAccelerationMps2 } = this.#therapy;
    const wayM = Math.max(STEEPEST_BEND * 2 * stepM, LIFT_BEND * liftM + STEEPEST_BEND * 2 * Math.abs(riseM));
    const thrown = (1 - TOE_OFF) * Math.sqrt(footAccelerationMps2 / wayM);
    return Math.min(speedMps / (2 * stepM), cadenceMostPerMin / SEC_PER_MIN, thrown);
  }

  /**
   * Of what a therapist has chosen, the steps of both feet over one ground: it rises by the mean of theirs. A foot is lifted no
   * higher than its plate goes, whatever the ground adds. Fills each foot's `step`, and `mean`.
   */
  shape(feet: readonly ShapedFoot[], { slope, stairs }: PlateGround, mean: StepShape): void {
    const { stepLengthM, stepHeightM, stairMostM, stairClearanceM } = this.#therapy;
    const climbs = Math.abs(stairs);
    mean.stepM = mean.pitchRad = mean.liftM = 0;
    for (const { foreAft, vertical, pitch, step } of feet) {
      step.stepM = Math.min(foreAft.wish.scale * stepLengthM, this.#stepMostM);
      step.liftM = vertical.wish.scale * stepHeightM;
      step.tilt = (1 - climbs) * pitch.wish.scale;
      step.pitchRad = pitch.wish.offsetRad;
      step.foreAftRad = foreAft.wish.offsetRad;
      step.verticalRad = vertical.wish.offsetRad;
      mean.stepM += step.stepM / feet.length;
      mean.liftM += step.liftM / feet.length;
      mean.pitchRad += step.pitchRad / feet.length;
    }
    mean.riseM = slope * mean.stepM * (sin(mean.pitchRad) / cos(mean.pitchRad)) + stairs * Math.min(mean.liftM, stairMostM);
    mean.liftM = 0;
    for (const { vertical, step } of feet) {
      const roomM = this.#leads.vertical * (vertical.bounds.max - step.verticalRad) - 2 * TOE_OFF * Math.abs(mean.riseM);
      step.riseM = mean.riseM;
      step.liftM = clamp(roomM, 0, step.liftM + climbs * (stairClearanceM - step.liftM));
      mean.liftM += step.liftM / feet.length;
      step.heelRad = stairs < 0 ? climbs * this.#heelRad(step) : 0;
    }
  }

  /** As far as the ankle of who sits would be bent too far where his foot leaves. */
  #heelRad({ stepM, riseM, foreAftRad, verticalRad, pitchRad }: Readonly<StepShape>): number {
    this.#plate.forwardM = this.#leads.foreAft * foreAftRad - TOE_OFF * stepM;
    this.#plate.upM = this.#leads.vertical * verticalRad - 2 * TOE_OFF * riseM;
    this.#plate.pitchRad = pitchRad;
    return clamp(legOnPlate(this.#leg, this.#seatM, this.#plate, this.#pose).ankleRad - ANKLE_LEAVES_RAD, 0, HEEL_MOST_RAD);
  }

  /**
   * Where a joint should be. @param phase from this foot's own strike, 0 … 1 @param perSec strides per second. Fills `out`
   */
  at(kind: PlateKind, phase: number, perSec: number, shape: Readonly<StepShape>, bounds: RangeRad, out: ReferencePoint): ReferencePoint {
    const course = kind === 'pitch' ? this.#pitch(phase, shape) : kind === 'foreAft' ? this.#along(phase, shape.stepM) : this.#up(phase, shape);
    const lead = this.#leads[kind];
    const wanted = course.at / lead + (kind === 'pitch' ? shape.pitchRad : kind === 'foreAft' ? shape.foreAftRad : shape.verticalRad);
    out.positionRad = clamp(wanted, bounds.min, bounds.max);
    const inside = wanted === out.positionRad;
    out.velocityRadPerSec = inside ? (course.slope * perSec) / lead : 0;
    out.accelerationRadPerSec2 = inside ? (course.bend * perSec * perSec) / lead : 0;
    return out;
  }

  /** With the ground, which goes back by two steps in a stride, and forward by two steps over it. */
  #along(phase: number, stepM: number): Course {
    const course = this.#course;
    const swing = this.#swingAt(phase);
    course.at = stepM * (TOE_OFF - 2 * phase + 2 * swing.at);
    course.slope = stepM * (2 * swing.slope - 2);
    course.bend = stepM * 2 * swing.bend;
    return course;
  }

  /** Along ground that rises with it, from the lowest place of that on, and lifted on the way. */
  #up(phase: number, { riseM, liftM }: Readonly<StepShape>): Course {
    const course = this.#along(phase, riseM);
    course.at += TOE_OFF * Math.abs(riseM);
    const u = (phase - TOE_OFF) / (1 - TOE_OFF);
    if (u <= 0) return course;
    const [w, slope, share] = [u * (1 - u), 1 - 2 * u, 1 - TOE_OFF];
    course.at += liftM * 64 * w * w * w;
    course.slope += (liftM * 192 * w * w * slope) / share;
    course.bend += (liftM * 384 * w * (slope * slope - w)) / (share * share);
    return course;
  }

  /** Toes up at the strike, level while the other foot swings, heel up to leave. */
  #pitch(phase: number, shape: Readonly<StepShape>): Course {
    const course = this.#tilted(phase, shape.tilt);
    const stands = phase < TOE_OFF;
    const heel = minimumJerkBetween(this.#swing, phase, stands ? FLAT[0] : TOE_OFF, stands ? TOE_OFF : 1);
    const sign = stands ? -shape.heelRad : shape.heelRad;
    course.at += sign * heel.at - (stands ? 0 : shape.heelRad);
    course.slope += sign * heel.slope;
    course.bend += sign * heel.bend;
    return course;
  }

  #tilted(phase: number, tilt: number): Course {
    const { strikePitchDeg, leavePitchDeg } = this.#therapy;
    const [strike, leave] = [tilt * degToRad(strikePitchDeg), -tilt * degToRad(leavePitchDeg)];
    const [level, rising] = FLAT;
    if (phase < level) return this.#between(phase, 0, level, strike, 0);
    if (phase < rising) return this.#between(phase, level, rising, 0, 0);
    if (phase < TOE_OFF) return this.#between(phase, rising, TOE_OFF, 0, leave);
    return this.#between(phase, TOE_OFF, 1, leave, strike);
  }

  #between(phase: number, from: number, to: number, before: number, after: number): Course {
    const course = this.#course;
    minimumJerkBetween(course, phase, from, to);
    course.at = before + (after - before) * course.at;
    course.slope *= after - before;
    course.bend *= after - before;
    return course;
  }

  #swingAt(phase: number): Course {
    return minimumJerkBetween(this.#swing, phase, TOE_OFF, 1);
  }
}

/** A minimum-jerk movement of 1 between two phases. Fills `out` */
function minimumJerkBetween(out: Course, phase: number, from: number, to: number): Course {
  const share = to - from;
  const u = clamp((phase - from) / share, 0, 1);
  out.at = minimumJerk(u);
  out.slope = (30 * u * u * (1 - u) * (1 - u)) / share;
  out.bend = (60 * u * (1 - u) * (1 - 2 * u)) / (share * share);
  return out;
}
