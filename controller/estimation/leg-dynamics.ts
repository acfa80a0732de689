/**
 * What gravity, inertia and friction ask of the drives: orthosis and limb of one leg as a planar chain of thigh, shank and
 * foot that hangs from an upright pelvis. Where no drive moves the ankle, the foot is fixed to the shank and its link here has
 * no mass. Segment numbers: Winter, Biomechanics and Motor Control of Human Movement (mass and length fractions, centre of
 * mass, radius of gyration).
 *
 * In the segments' own angles from the vertical, φ = hip, hip − knee, hip − knee + ankle, two segments i above j couple with
 * a·cos(φi − φj) + b·sin(φi − φj); b comes from a foot's mass in front of its ankle.
 */
import { cos, sin } from '../../protocols/math.ts';
import type { LegKind, JointProfile, GaitProfile } from '../../protocols/profile.ts';

const GRAVITY_MPS2 = 9.81;
/** Of body mass, of segment length from the proximal joint, radius of gyration of segment length about the centre of mass. */
const THIGH = { mass: 0.1, com: 0.433, gyration: 0.323 } as const;
const SHANK = { mass: 0.0465, com: 0.433, gyration: 0.302 } as const;
const FOOT = { mass: 0.0145, gyration: 0.475 } as const;
const LEG_AND_FOOT = { mass: 0.061, com: 0.606, gyration: 0.416 } as const;
/** Below the ankle, of the shank's length: where "leg and foot" of the same table puts the foot's centre of mass. */
const FOOT_BELOW = (LEG_AND_FOOT.com * LEG_AND_FOOT.mass - SHANK.com * SHANK.mass) / FOOT.mass - 1;
/** In front of the ankle, of the foot's length: its centre of mass is at half of it, and the ankle at a quarter (own value). */
const FOOT_FORWARD = 0.25;
/** Speed at which the smoothed Coulomb friction reaches 71 % (own value: below it a drive's velocity is mostly noise). */
const FRICTION_SMOOTHING_RAD_PER_SEC = 0.1;
/** Compensating all of an uncertain friction makes a drive creep; own value. */
const FRICTION_SHARE = 0.8;

export interface LegModel {
  /** Gravity torque of a segment's line per sin(angle), Nm: its own and what hangs on its end. */
  readonly thighGravityNm: number;
  readonly shankGravityNm: number;
  readonly footGravityNm: number;
  /** And per cos(angle): what lies in front of the ankle. */
  readonly footForwardNm: number;
  /** About its upper joint, what hangs on its end counted as a point there. */
  readonly thighInertiaKgM2: number;
  readonly shankInertiaKgM2: number;
  readonly footInertiaKgM2: number;
  /** Thigh with shank; it has no sine. */
  readonly couplingKgM2: number;
  readonly thighFootKgM2: number;
  readonly thighFootAcrossKgM2: number;
  readonly shankFootKgM2: number;
  readonly shankFootAcrossKgM2: number;
}

/** Height of the person an orthosis is taken to be fitted to while nobody is entered. */
const UNKNOWN_HEIGHT_M = 1.75;

/** One segment: masses and first moments about its upper joint. */
interface Link {
  readonly lengthM: number;
  readonly massKg: number;
  readonly alongKgM: number;
  readonly forwardKgM: number;
  readonly inertiaKgM2: number;
}

/** @param body null: the orthosis alone, fitted to a body of `heightM` */
export function createLegModel(profile: GaitProfile, body: { readonly bodyMassKg: number } | null, heightM = UNKNOWN_HEIGHT_M): LegModel {
  const { geometry } = profile;
  const massKg = body?.bodyMassKg ?? 0;
  const movesAnkles = profile.joints.some(({ kind }) => kind === 'ankle');
  const thigh = linkOf(massKg, THIGH, geometry.orthosisThigh, geometry.thighFraction * heightM);
  const shank = linkOf(massKg, movesAnkles ? SHANK : LEG_AND_FOOT, geometry.orthosisShank, geometry.shankFraction * heightM);
  const foot = movesAnkles ? footOf(massKg, profile, heightM) : NO_FOOT;
  const belowKneeKg = shank.massKg + foot.massKg;
  return {
    thighGravityNm: GRAVITY_MPS2 * (thigh.alongKgM + belowKneeKg * thigh.lengthM),
    shankGravityNm: GRAVITY_MPS2 * (shank.alongKgM + foot.massKg * shank.lengthM),
    footGravityNm: GRAVITY_MPS2 * foot.alongKgM,
    footForwardNm: GRAVITY_MPS2 * foot.forwardKgM,
    thighInertiaKgM2: thigh.inertiaKgM2 + belowKneeKg * thigh.lengthM * thigh.lengthM,
    shankInertiaKgM2: shank.inertiaKgM2 + foot.massKg * shank.lengthM * shank.lengthM,
    footInertiaKgM2: foot.inertiaKgM2,
    couplingKgM2: (shank.alongKgM + foot.massKg * shank.lengthM) * thigh.lengthM,
    thighFootKgM2: foot.alongKgM * thigh.lengthM,
    thighFootAcrossKgM2: foot.forwardKgM * thigh.lengthM,
    shankFootKgM2: foot.alongKgM * shank.lengthM,
    shankFootAcrossKgM2: foot.forwardKgM * shank.lengthM,
  };
}

const NO_FOOT: Link = { lengthM: 0, massKg: 0, alongKgM: 0, forwardKgM: 0, inertiaKgM2: 0 };

function linkOf(bodyKg: number, limb: { mass: number; com: number; gyration: number }, device: { massKg: number; comFraction: number; inertiaKgM2: number }, lengthM: number): Link {
  const deviceM = device.comFraction * lengthM;
  return {
    lengthM,
    massKg: bodyKg * limb.mass + device.massKg,
    alongKgM: bodyKg * limb.mass * limb.com * lengthM + device.massKg * deviceM,
    forwardKgM: 0,
    inertiaKgM2: bodyKg * limb.mass * (limb.com * limb.com + limb.gyration * limb.gyration) * lengthM * lengthM + device.inertiaKgM2 + device.massKg * deviceM * deviceM,
  };
}

function footOf(bodyKg: number, { geometry }: GaitProfile, heightM: number): Link {
  const footM = geometry.footLengthFraction * heightM;
  const [belowM, forwardM] = [FOOT_BELOW * geometry.shankFraction * heightM, FOOT_FORWARD * footM];
  const device = geometry.orthosisFoot ?? { massKg: 0, comFraction: 0, inertiaKgM2: 0 };
  const footKg = bodyKg * FOOT.mass;
  const deviceM = device.comFraction * footM;
  return {
    lengthM: footM,
    massKg: footKg + device.massKg,
    alongKgM: footKg * belowM,
    forwardKgM: footKg * forwardM + device.massKg * deviceM,
    inertiaKgM2: footKg * ((FOOT.gyration * footM) ** 2 + belowM * belowM + forwardM * forwardM) + device.inertiaKgM2 + device.massKg * deviceM * deviceM,
  };
}

export interface LegTorques {
  hipNm: number;
  kneeNm: number;
  ankleNm: number;
}

export const noLegTorques = (): LegTorques => ({ hipNm: 0, kneeNm: 0, ankleNm: 0 });

export const torqueOf = (kind: LegKind, { hipNm, kneeNm, ankleNm }: LegTorques): number => (kind === 'hip' ? hipNm : kind === 'knee' ? kneeNm : ankleNm);

/** What turns the segments, as torques of the joints between them. */
function toJoints(thighNm: number, shankNm: number, footNm: number, out: LegTorques): void {
  out.ankleNm = footNm;
  out.kneeNm = -(shankNm + footNm);
  out.hipNm = thighNm + (shankNm + footNm);
}

/** Torque that holds the leg against gravity, flexion and dorsiflexion positive. Fills `out`. */
export function gravityTorques(model: LegModel, hipRad: number, kneeRad: number, ankleRad: number, out: LegTorques): void {
  const shankRad = hipRad - kneeRad;
  const footRad = shankRad + ankleRad;
  toJoints(model.thighGravityNm * sin(hipRad), model.shankGravityNm * sin(shankRad), model.footGravityNm * sin(footRad) + model.footForwardNm * cos(footRad), out);
}

/** What a drive has to accelerate, without its own rotor, kg·m². */
export function jointInertiaKgM2(model: LegModel, kind: LegKind, kneeRad: number, ankleRad: number): number {
  if (kind === 'ankle') return model.footInertiaKgM2;
  const belowKneeKgM2 = model.shankInertiaKgM2 + model.footInertiaKgM2 + 2 * (model.shankFootKgM2 * cos(ankleRad) - model.shankFootAcrossKgM2 * sin(ankleRad));
  if (kind === 'knee') return belowKneeKgM2;
  const footRad = kneeRad - ankleRad;
  return model.thighInertiaKgM2 + belowKneeKgM2 + 2 * (model.couplingKgM2 * cos(kneeRad) + model.thighFootKgM2 * cos(footRad) + model.thighFootAcrossKgM2 * sin(footRad));
}

export interface LegMotion {
  hipRad: number;
  kneeRad: number;
  ankleRad: number;
  hipRadPerSec: number;
  kneeRadPerSec: number;
  ankleRadPerSec: number;
  hipRadPerSec2: number;
  kneeRadPerSec2: number;
  ankleRadPerSec2: number;
}

export const noLegMotion = (): LegMotion => ({ hipRad: 0, kneeRad: 0, ankleRad: 0, hipRadPerSec: 0, kneeRadPerSec: 0, ankleRadPerSec: 0, hipRadPerSec2: 0, kneeRadPerSec2: 0, ankleRadPerSec2: 0 });

export interface JointMotion {
  readonly positionRad: number;
  readonly velocityRadPerSec: number;
  readonly accelerationRadPerSec2: number;
}

export function setJointMotion(out: LegMotion, kind: LegKind, { positionRad, velocityRadPerSec, accelerationRadPerSec2 }: JointMotion): void {
  if (kind === 'hip') {
    out.hipRad = positionRad;
    out.hipRadPerSec = velocityRadPerSec;
    out.hipRadPerSec2 = accelerationRadPerSec2;
  } else if (kind === 'knee') {
    out.kneeRad = positionRad;
    out.kneeRadPerSec = velocityRadPerSec;
    out.kneeRadPerSec2 = accelerationRadPerSec2;
  } else {
    out.ankleRad = positionRad;
    out.ankleRadPerSec = velocityRadPerSec;
    out.ankleRadPerSec2 = accelerationRadPerSec2;
  }
}

/** Torque that the motion of the segments needs, without gravity and without the drives' rotors. Fills `out`. */
export function inertiaTorques(model: LegModel, motion: LegMotion, out: LegTorques): void {
  const thighSpeed = motion.hipRadPerSec;
  const shankSpeed = thighSpeed - motion.kneeRadPerSec;
  const footSpeed = shankSpeed + motion.ankleRadPerSec;
  const thighAcceleration = motion.hipRadPerSec2;
  const shankAcceleration = thighAcceleration - motion.kneeRadPerSec2;
  const footAcceleration = shankAcceleration + motion.ankleRadPerSec2;
  // Thigh above shank, thigh above foot, shank above foot: the coupling and its slope.
  const footRad = motion.kneeRad - motion.ankleRad;
  const c13 = cos(footRad);
  const s13 = sin(footRad);
  const c23 = cos(motion.ankleRad);
  const s23 = -sin(motion.ankleRad);
  const h12 = model.couplingKgM2 * cos(motion.kneeRad);
  const h13 = model.thighFootKgM2 * c13 + model.thighFootAcrossKgM2 * s13;
  const h23 = model.shankFootKgM2 * c23 + model.shankFootAcrossKgM2 * s23;
  const x12 = model.couplingKgM2 * sin(motion.kneeRad);
  const x13 = model.thighFootKgM2 * s13 - model.thighFootAcrossKgM2 * c13;
  const x23 = model.shankFootKgM2 * s23 - model.shankFootAcrossKgM2 * c23;
  const thighNm = model.thighInertiaKgM2 * thighAcceleration + h12 * shankAcceleration + h13 * footAcceleration + x12 * shankSpeed * shankSpeed + x13 * footSpeed * footSpeed;
  const shankNm = model.shankInertiaKgM2 * shankAcceleration + h12 * thighAcceleration + h23 * footAcceleration - x12 * thighSpeed * thighSpeed + x23 * footSpeed * footSpeed;
  const footNm = model.footInertiaKgM2 * footAcceleration + h13 * thighAcceleration + h23 * shankAcceleration - x13 * thighSpeed * thighSpeed - x23 * shankSpeed * shankSpeed;
  toJoints(thighNm, shankNm, footNm, out);
}

/** Torque that overcomes the orthosis' own friction at a speed: Coulomb, smoothed around standstill, and viscous. */
export function frictionTorque(joint: JointProfile, velocityRadPerSec: number): number {
  const smooth = velocityRadPerSec / Math.sqrt(velocityRadPerSec * velocityRadPerSec + FRICTION_SMOOTHING_RAD_PER_SEC * FRICTION_SMOOTHING_RAD_PER_SEC);
  return FRICTION_SHARE * (joint.coulombFrictionNm * smooth + joint.viscousFrictionNmsPerRad * velocityRadPerSec);
}
