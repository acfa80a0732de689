/**
 * Torque of a relaxed person's hip, knee and ankle (muscle and tissue stretched, nothing voluntary), flexion and dorsiflexion positive.
 * Source: R. Riener, T. Edrich, Identification of passive elastic joint moments in the lower extremities, J.
 * Biomechanics 32 (1999) 539-544. The last knee term is e^(2.220 - 0.150 k); copies that print 1.50 are wrong.
 */
import { clamp, exp } from '../../protocols/math.ts';
import { radToDeg } from '../../protocols/units.ts';

/** The exponentials describe the anatomical range; beyond it they are held, or they would explode. */
const HIP_RANGE_DEG = { min: -30, max: 120 };
const KNEE_RANGE_DEG = { min: -8, max: 140 };
const ANKLE_RANGE_DEG = { min: -40, max: 35 };
/** A foot lifter holds the ankle at a right angle. */
export const LIFTED_ANKLE_RAD = 0;

/** @returns Nm on the hip */
export function passiveHipTorqueNm(hipRad: number, kneeRad: number): number {
  const h = clamp(radToDeg(hipRad), HIP_RANGE_DEG.min, HIP_RANGE_DEG.max);
  const k = clamp(radToDeg(kneeRad), KNEE_RANGE_DEG.min, KNEE_RANGE_DEG.max);
  return exp(1.4655 - 0.0034 * k - 0.075 * h) - exp(1.3403 - 0.0226 * k + 0.0305 * h) + 8.072;
}

/** The source counts plantarflexion positive: its calf muscle is stretched by a falling angle of the ankle and by a straight knee. */
const plantarflexionDeg = (ankleRad: number): number => -clamp(radToDeg(ankleRad), ANKLE_RANGE_DEG.min, ANKLE_RANGE_DEG.max);

/** @returns Nm on the knee */
export function passiveKneeTorqueNm(hipRad: number, kneeRad: number, ankleRad = LIFTED_ANKLE_RAD): number {
  const ankleDeg = plantarflexionDeg(ankleRad);
  const h = clamp(radToDeg(hipRad), HIP_RANGE_DEG.min, HIP_RANGE_DEG.max);
  const k = clamp(radToDeg(kneeRad), KNEE_RANGE_DEG.min, KNEE_RANGE_DEG.max);
  const stretched = exp(1.8 - 0.046 * ankleDeg - 0.0352 * k + 0.0217 * h);
  const bent = exp(-3.971 - 0.0004 * ankleDeg + 0.0495 * k - 0.0128 * h);
  return stretched - bent - 4.82 + exp(2.22 - 0.15 * k);
}

/** @returns Nm on the ankle */
export function passiveAnkleTorqueNm(kneeRad: number, ankleRad: number): number {
  const k = clamp(radToDeg(kneeRad), KNEE_RANGE_DEG.min, KNEE_RANGE_DEG.max);
  const a = plantarflexionDeg(ankleRad);
  return -(exp(2.1016 - 0.0843 * a - 0.0176 * k) - exp(-7.9763 + 0.1949 * a + 0.0008 * k) - 1.792);
}
