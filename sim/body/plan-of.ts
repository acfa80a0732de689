/** The body that belongs to a robot, by its class. */
import { isArm, isFootplate, isGait, type RobotProfile } from '../../protocols/profile.ts';
import { armPlan } from './arm-plan.ts';
import type { BodyPlan } from './body-plan.ts';
import type { Patient } from './human.ts';
import { legPlan } from './leg-plan.ts';
import { platePlan } from './plate-plan.ts';

export function planOf(profile: RobotProfile, patient: Patient): BodyPlan {
  if (isGait(profile)) return legPlan(profile, patient);
  if (isArm(profile)) return armPlan(profile, patient);
  if (isFootplate(profile)) return platePlan(profile, patient);
  throw new RangeError(`profile ${profile.id} is of no class that can be simulated`);
}
