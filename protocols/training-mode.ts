/** What a robot does with the limbs that train, by its class. */
import type { RobotProfile } from './profile.ts';

/**
 * Of legs and arms. `pathControl`: leaves them their own timing in a tunnel around their pattern; `assistStiffness`, `assistTorque`: help
 * where it is needed, by a spring that is firmer there or by a torque that is learned; `transparent`: is not felt; `resist`: makes them
 * work against it.
 */
const limbModes = ['pathControl', 'assistStiffness', 'assistTorque', 'transparent', 'resist'] as const;
/** `guidedGait`: leads the legs along the pattern; `replay`, of arms too: along what somebody showed the robot. */
export const gaitModes = ['guidedGait', ...limbModes, 'replay'] as const;
export type GaitMode = (typeof gaitModes)[number];
/** A belt does not wait for a step: only legs that walk on none have steps that do. */
const steppingModes = [...gaitModes, 'triggered'] as const;
/** `passiveMotion`: leads an arm through postures; `triggered`: leads, but each movement of an arm and each step waits until the person begins it; `free`: the person moves, the robot measures. */
export const armModes = ['passiveMotion', 'triggered', ...limbModes, 'replay'] as const;
export type ArmMode = (typeof armModes)[number];
/**
 * Of two arms. `mirrorMotion`: leads both along one path, each as the other's image in a mirror; the others: the person moves one arm,
 * and the other follows, as its image or, in parallel, the same way in space.
 */
const pairModes = ['mirrorMotion', 'leftLeads', 'rightLeads', 'leftLeadsParallel', 'rightLeadsParallel'] as const;
export const bimanualModes = [...pairModes, ...limbModes, 'replay'] as const;
export type BimanualMode = (typeof bimanualModes)[number];
export const measuringModes = ['free'] as const;

/** Footplates lead feet over level ground, over ground as steep as the plates are set (their pitch offset), up stairs and down. */
export const plateModes = ['levelWalk', 'slopeWalk', 'stairsUp', 'stairsDown'] as const;
export type PlateMode = (typeof plateModes)[number];
/** Over level ground, helped or step by step; a plate is never let loose, so none of them leaves it to the person. */
export const footplateModes = [...plateModes, 'pathControl', 'assistStiffness', 'assistTorque', 'triggered'] as const;

/** In the order of their numbers in a log, which never change. */
export const trainingModes = [
  'guidedGait', 'pathControl', 'assistStiffness', 'assistTorque', 'transparent', 'resist', 'passiveMotion', 'replay', 'free', 'triggered',
  ...plateModes, ...pairModes,
] as const satisfies readonly (GaitMode | ArmMode | BimanualMode | PlateMode | (typeof measuringModes)[number])[];
export type TrainingMode = (typeof trainingModes)[number];

/** In which the robot itself sets how far a limb goes: its strength is called guidance. */
export const guidingModes: readonly TrainingMode[] = ['guidedGait', 'passiveMotion', 'replay', 'triggered', ...plateModes, 'mirrorMotion'];

/** What a robot can do; the first is what it does unless somebody chose another. */
export function modesOf({ class: robot, joints, treadmill }: Pick<RobotProfile, 'class' | 'joints' | 'treadmill'>): readonly [TrainingMode, ...TrainingMode[]] {
  if (joints.length === 0) return measuringModes;
  if (robot === 'footplate') return footplateModes;
  if (robot !== 'arm') return treadmill === undefined ? steppingModes : gaitModes;
  return joints.some(({ side }) => side !== joints[0]?.side) ? bimanualModes : armModes;
}
