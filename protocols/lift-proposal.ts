/** How high the robot's shoulder should be for a seated person, from his height alone: a proposal, which a person sets or not. */
import type { LiftProfile } from './actuator-profile.ts';
import { clamp } from './math.ts';

/**
 * Of body height, thighs level, trunk upright and feet on the ground: the knee's height and, over the hip, the shoulder's.
 * Standing heights of the joints from D.A. Winter, Biomechanics and Motor Control of Human Movement, after Drillis and
 * Contini (1966): knee 0.285, hip 0.530, shoulder 0.818. A wheelchair's seat differs.
 */
const SEATED_SHOULDER = 0.285 + (0.818 - 0.53);

/** @returns m over the ground, inside the range of the lift */
export const proposedLiftM = ({ heightM: { min, max } }: LiftProfile, bodyHeightM: number): number => clamp(SEATED_SHOULDER * bodyHeightM, min, max);
