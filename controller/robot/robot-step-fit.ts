/** Does the envelope let the profile's own gait pass? A profile that clips what it teaches is refused before anybody is in it. */
import { brakingSpeed } from '../safety/braking.ts';
import type { JointLimits } from '../safety/limits.ts';
import { armBounds, ArmProgram, UNSCALED } from '../therapy/arm-program.ts';
import { emptyStep, groundOf, plateBounds, PlateProgram } from '../therapy/plate-program.ts';
import { cadenceStepsPerMin, evaluateReference, publishedShape, referenceBounds, speedAmplitude, type ReferencePoint } from '../therapy/gait-reference.ts';
import { DariError } from '../../protocols/errors.ts';
import type { ArmProfile, FootplateProfile, GaitProfile, LegJoint } from '../../protocols/profile.ts';
import { degToRad, kmhToMps, mpsToKmh, radToDeg } from '../../protocols/units.ts';

const PHASES = 100;
const SPEEDS = 3;

/** @throws DariError `profileInvalid`: names the joint, the walking speed and the phase where its gait would be clipped */
export function assertGaitFits(profile: GaitProfile, limits: readonly JointLimits[]): void {
  const { speedKmh, kneeReferenceMinDeg } = profile.therapy;
  profile.joints.forEach((joint, j) => {
    const limit = limits[j];
    if (limit === undefined) return;
    for (let i = 0; i < SPEEDS; i++) assertJointFits(joint, limit, kmhToMps(speedKmh.min + ((speedKmh.max - speedKmh.min) * i) / (SPEEDS - 1)), kneeReferenceMinDeg);
  });
}

/**
 * The exercise at its fastest, of a person of any size that the profile admits.
 * @throws DariError `profileInvalid`: names the joint and the part of the repetition where it would be clipped
 */
export function assertProgramFits(profile: ArmProfile, limits: readonly JointLimits[]): void {
  const { handSpeedMps, patient } = profile.therapy;
  const point: ReferencePoint = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
  for (const heightM of [patient.heightM.min, patient.heightM.max]) {
    const program = new ArmProgram(profile, heightM);
    const pace = { perSec: program.repetitionsPerSec(handSpeedMps.max), perSec2: 0 };
    profile.joints.forEach((joint, j) => {
      const limit = limits[j];
      if (limit === undefined) return;
      const bounds = armBounds(joint, limit.soft);
      for (let i = 0; i < PHASES; i++) {
        const allowed = allowedRadPerSec(limit, program.at(j, i / PHASES, pace, UNSCALED, bounds, point));
        if (Math.abs(point.velocityRadPerSec) <= allowed) continue;
        throw new DariError(
          'profileInvalid',
          `The limits of ${joint.id} clip its own exercise: with ${handSpeedMps.max} m/s at the hand and at ${i} % of a repetition it needs ` +
            `${radToDeg(Math.abs(point.velocityRadPerSec)).toFixed(0)}°/s and may do ${radToDeg(allowed).toFixed(0)}°/s. Widen its speed, acceleration or soft range, or lower therapy.handSpeedMps.max.`,
        );
      }
    });
  }
}

/** Of all that a therapist may choose, what asks most of the plates. */
const GROUNDS = [
  { mode: 'levelWalk', toward: 0 },
  { mode: 'slopeWalk', toward: 1 },
  { mode: 'slopeWalk', toward: -1 },
  { mode: 'stairsUp', toward: 0 },
  { mode: 'stairsDown', toward: 0 },
] as const;

/**
 * Steps of every size and over every ground that the profile admits, at their fastest.
 * @throws DariError `profileInvalid`: names the joint, the ground and the part of the stride where the steps would be clipped
 */
export function assertStepsFit(profile: FootplateProfile, limits: readonly JointLimits[]): void {
  const { romScale, offsetDeg, speedKmh, patient } = profile.therapy;
  const program = new PlateProgram(profile, patient.heightM.max);
  const point: ReferencePoint = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
  const step = emptyStep();
  const mean = emptyStep();
  for (const { mode, toward } of GROUNDS)
    for (const scale of [romScale.min, 1, romScale.max]) {
      const level = { wish: { scale, offsetRad: 0 } };
      const pitch = { wish: { scale, offsetRad: degToRad(toward > 0 ? offsetDeg.max : toward < 0 ? offsetDeg.min : 0) } };
      profile.joints.forEach((joint, j) => {
        const limit = limits[j];
        const lift = profile.joints.findIndex(({ kind, side }) => kind === 'vertical' && side === joint.side);
        const [lifted, liftLimit] = [profile.joints[lift], limits[lift]];
        if (limit === undefined || lifted === undefined || liftLimit === undefined) return;
        program.shape([{ foreAft: level, vertical: { ...level, bounds: plateBounds(lifted, liftLimit.soft) }, pitch, step }], groundOf(mode), mean);
        const bounds = plateBounds(joint, limit.soft);
        const perSec = program.stridesPerSec(kmhToMps(speedKmh.max), mean);
        for (let i = 0; i < PHASES; i++) {
          const allowed = allowedRadPerSec(limit, program.at(joint.kind, i / PHASES, perSec, step, bounds, point));
          const ends = point.positionRad <= bounds.min || point.positionRad >= bounds.max;
          if (!ends && Math.abs(point.velocityRadPerSec) <= allowed) continue;
          throw new DariError(
            'profileInvalid',
            `The limits of ${joint.id} clip its own steps: in ${mode}, with steps of ${step.stepM.toFixed(2)} m and at ${i} % of a stride, it needs ` +
              `${radToDeg(Math.abs(point.velocityRadPerSec)).toFixed(0)}°/s at ${radToDeg(point.positionRad).toFixed(0)}° and may do ${radToDeg(allowed).toFixed(0)}°/s. Widen its speed, acceleration or soft range, or lower what therapy asks for.`,
          );
        }
      });
    }
}

/** What the envelope lets pass at this place of the soft range. */
export function allowedRadPerSec(limits: JointLimits, { positionRad, velocityRadPerSec, accelerationRadPerSec2 }: ReferencePoint): number {
  const toward = Math.sign(velocityRadPerSec);
  const left = toward > 0 ? limits.soft.max - positionRad : positionRad - limits.soft.min;
  return Math.min(limits.speedRadPerSec, brakingSpeed(limits.braking, left, toward * accelerationRadPerSec2));
}

function assertJointFits(joint: LegJoint, limits: JointLimits, speedMps: number, kneeMinDeg: number): void {
  const bounds = referenceBounds(joint, limits.soft, kneeMinDeg);
  const shape = publishedShape(speedAmplitude(joint.kind, speedMps));
  const cyclesPerSec = cadenceStepsPerMin(speedMps) / 120;
  const point: ReferencePoint = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
  for (let i = 0; i < PHASES; i++) {
    evaluateReference(joint.kind, { phase: i / PHASES, cyclesPerSec }, shape, bounds, point);
    const allowed = allowedRadPerSec(limits, point);
    if (Math.abs(point.velocityRadPerSec) <= allowed) continue;
    throw new DariError(
      'profileInvalid',
      `The limits of ${joint.id} clip its own gait: at ${mpsToKmh(speedMps).toFixed(1)} km/h and ${i} % of the stride it needs ` +
        `${radToDeg(Math.abs(point.velocityRadPerSec)).toFixed(0)}°/s and may do ${radToDeg(allowed).toFixed(0)}°/s. Widen its speed, acceleration or soft range, or lower therapy.speedKmh.max.`,
    );
  }
}
