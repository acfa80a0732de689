/**
 * What gravity, inertia and friction ask of the drives: orthosis and limb of one leg as a planar double pendulum that hangs
 * from an upright pelvis, the foot fixed to the shank. Segment numbers: Winter, Biomechanics and Motor Control of Human
 * Movement (mass and length fractions, centre of mass, radius of gyration; foot and shank as one leg).
 */
import { cos, sin } from '../../protocols/math.ts';
import type { JointProfile, RobotProfile } from '../../protocols/profile.ts';

const GRAVITY_MPS2 = 9.81;
/** Of body mass, of segment length from the proximal joint, radius of gyration of segment length about the centre of mass. */
const THIGH = { mass: 0.1, com: 0.433, gyration: 0.323 } as const;
const LEG_AND_FOOT = { mass: 0.061, com: 0.606, gyration: 0.416 } as const;
/** Speed at which the smoothed Coulomb friction reaches 71 % (own value: below it a drive's velocity is mostly noise). */
const FRICTION_SMOOTHING_RAD_PER_SEC = 0.1;
/** Compensating all of an uncertain friction makes a drive creep; own value. */
const FRICTION_SHARE = 0.8;

export interface LegModel {
  /** Gravity torque of the thigh line per sin(angle), Nm: thigh's own and what hangs on the knee. */
  readonly thighGravityNm: number;
  readonly shankGravityNm: number;
  /** About the hip, the shank counted as a point at the knee. */
  readonly thighInertiaKgM2: number;
  /** About the knee. */
  readonly shankInertiaKgM2: number;
  readonly couplingKgM2: number;
}

/** Height of the person an orthosis is taken to be fitted to while nobody is entered. */
const UNKNOWN_HEIGHT_M = 1.75;

/** @param body null: the orthosis alone, fitted to a body of `heightM` */
export function createLegModel(profile: RobotProfile, body: { readonly bodyMassKg: number } | null, heightM = UNKNOWN_HEIGHT_M): LegModel {
  const { geometry } = profile;
  const massKg = body?.bodyMassKg ?? 0;
  const thighM = geometry.thighFraction * heightM;
  const shankM = geometry.shankFraction * heightM;
  const thighMoment = massKg * THIGH.mass * THIGH.com * thighM + geometry.orthosisThigh.massKg * geometry.orthosisThigh.comFraction * thighM;
  const shankMass = massKg * LEG_AND_FOOT.mass + geometry.orthosisShank.massKg;
  const shankMoment = massKg * LEG_AND_FOOT.mass * LEG_AND_FOOT.com * shankM + geometry.orthosisShank.massKg * geometry.orthosisShank.comFraction * shankM;
  return {
    thighGravityNm: GRAVITY_MPS2 * (thighMoment + shankMass * thighM),
    shankGravityNm: GRAVITY_MPS2 * shankMoment,
    thighInertiaKgM2: aboutJoint(massKg, THIGH, thighM) + ownInertia(geometry.orthosisThigh, thighM) + shankMass * thighM * thighM,
    shankInertiaKgM2: aboutJoint(massKg, LEG_AND_FOOT, shankM) + ownInertia(geometry.orthosisShank, shankM),
    couplingKgM2: shankMoment * thighM,
  };
}

const aboutJoint = (bodyKg: number, { mass, com, gyration }: { mass: number; com: number; gyration: number }, lengthM: number): number =>
  bodyKg * mass * (com * com + gyration * gyration) * lengthM * lengthM;

const ownInertia = (segment: { massKg: number; comFraction: number; inertiaKgM2: number }, lengthM: number): number =>
  segment.inertiaKgM2 + segment.massKg * (segment.comFraction * lengthM) ** 2;

export interface LegTorques {
  hipNm: number;
  kneeNm: number;
}

/** Torque that holds the leg against gravity, flexion positive. Fills `out`. */
export function gravityTorques(model: LegModel, hipRad: number, kneeRad: number, out: LegTorques): void {
  const shankNm = model.shankGravityNm * sin(hipRad - kneeRad);
  out.hipNm = model.thighGravityNm * sin(hipRad) + shankNm;
  out.kneeNm = -shankNm;
}

/** What a drive has to accelerate, without its own rotor, kg·m². */
export const hipInertiaKgM2 = (model: LegModel, kneeRad: number): number =>
  model.thighInertiaKgM2 + model.shankInertiaKgM2 + 2 * model.couplingKgM2 * cos(kneeRad);
export const kneeInertiaKgM2 = (model: LegModel): number => model.shankInertiaKgM2;

export interface LegMotion {
  hipRad: number;
  kneeRad: number;
  hipRadPerSec: number;
  kneeRadPerSec: number;
  hipRadPerSec2: number;
  kneeRadPerSec2: number;
}

/** Torque that the motion of the segments needs, without gravity and without the drives' rotors. Fills `out`. */
export function inertiaTorques(model: LegModel, motion: LegMotion, out: LegTorques): void {
  const shankSpeed = motion.hipRadPerSec - motion.kneeRadPerSec;
  const shankAcceleration = motion.hipRadPerSec2 - motion.kneeRadPerSec2;
  const along = model.couplingKgM2 * cos(motion.kneeRad);
  const across = model.couplingKgM2 * sin(motion.kneeRad);
  const thighNm = model.thighInertiaKgM2 * motion.hipRadPerSec2 + along * shankAcceleration + across * shankSpeed * shankSpeed;
  const shankNm = model.shankInertiaKgM2 * shankAcceleration + along * motion.hipRadPerSec2 - across * motion.hipRadPerSec * motion.hipRadPerSec;
  out.hipNm = thighNm + shankNm;
  out.kneeNm = -shankNm;
}

/** Torque that overcomes the orthosis' own friction at a speed: Coulomb, smoothed around standstill, and viscous. */
export function frictionTorque(joint: JointProfile, velocityRadPerSec: number): number {
  const smooth = velocityRadPerSec / Math.sqrt(velocityRadPerSec * velocityRadPerSec + FRICTION_SMOOTHING_RAD_PER_SEC * FRICTION_SMOOTHING_RAD_PER_SEC);
  return FRICTION_SHARE * (joint.coulombFrictionNm * smooth + joint.viscousFrictionNmsPerRad * velocityRadPerSec);
}
