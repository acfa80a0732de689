/** Does the envelope let the profile's own gait pass? A profile that clips what it teaches is refused before anybody is in it. */
import { brakingSpeed } from '../safety/braking.ts';
import type { JointLimits } from '../safety/limits.ts';
import { armBounds, ArmProgram, UNSCALED } from '../therapy/arm-program.ts';
import { cadenceStepsPerMin, evaluateReference, PUBLISHED_SHAPE, referenceBounds, speedAmplitude, type ReferencePoint } from '../therapy/gait-reference.ts';
import { DariError } from '../../protocols/errors.ts';
import type { ArmProfile, GaitProfile, LegJoint } from '../../protocols/profile.ts';
import { kmhToMps, mpsToKmh, radToDeg } from '../../protocols/units.ts';

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

/** What the envelope lets pass at this place of the soft range. */
export function allowedRadPerSec(limits: JointLimits, { positionRad, velocityRadPerSec, accelerationRadPerSec2 }: ReferencePoint): number {
  const toward = Math.sign(velocityRadPerSec);
  const left = toward > 0 ? limits.soft.max - positionRad : positionRad - limits.soft.min;
  return Math.min(limits.speedRadPerSec, brakingSpeed(limits.braking, left, toward * accelerationRadPerSec2));
}

function assertJointFits(joint: LegJoint, limits: JointLimits, speedMps: number, kneeMinDeg: number): void {
  const bounds = referenceBounds(joint, limits.soft, kneeMinDeg);
  const shape = { ...PUBLISHED_SHAPE, amplitude: speedAmplitude(joint.kind, speedMps) };
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
