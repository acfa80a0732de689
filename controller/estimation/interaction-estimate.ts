/** Who finds what the person adds, by the class of the robot. */
import { isArm, isDriven, isFootplate, isGait, type RobotProfile } from '../../protocols/profile.ts';
import type { SessionSetup } from '../../protocols/supervision.ts';
import { ArmInteraction } from './arm-interaction.ts';
import { NOTHING_SEEN } from './device-model.ts';
import { nothingDriven } from './nothing-driven.ts';
import { PlateInteraction } from './plate-interaction.ts';
import { InteractionTorque, type InteractionEstimate } from './interaction-torque.ts';

/** @param setup null: the robot is empty @param seen the joints that the profile only measures, in its order and kept up to date */
export function createInteractionEstimate(profile: RobotProfile, setup: SessionSetup | null, seen = NOTHING_SEEN): InteractionEstimate {
  if (isGait(profile)) return new InteractionTorque(profile, setup);
  if (isArm(profile) && !isDriven(profile)) return nothingDriven();
  if (isArm(profile)) return new ArmInteraction(profile, setup, seen);
  if (isFootplate(profile)) return new PlateInteraction(profile, setup);
  throw new RangeError(`profile ${profile.id} is of no class that is known here`);
}
