/** What a robot does with the limbs that train, by its class. */
import type { RobotProfile } from './profile.ts';

/**
 * `guidedGait`: leads the legs along the pattern; `pathControl`: leaves them their own timing in a tunnel around it;
 * `assistStiffness`, `assistTorque`: help where it is needed, by a spring that is firmer there or by a torque that is learned;
 * `transparent`: is not felt; `resist`: makes them work against it; `replay`: leads them along what somebody showed the robot.
 */
export const gaitModes = ['guidedGait', 'pathControl', 'assistStiffness', 'assistTorque', 'transparent', 'resist', 'replay'] as const;
export type GaitMode = (typeof gaitModes)[number];
/** `passiveMotion`: leads an arm through postures; `triggered`: the same, but each movement waits until the person begins it; `free`: the person moves, the robot measures. */
export const armModes = ['passiveMotion', 'triggered'] as const;
export type ArmMode = (typeof armModes)[number];
export const measuringModes = ['free'] as const;

/** In the order of their numbers in a log, which never change. */
export const trainingModes = ['guidedGait', 'pathControl', 'assistStiffness', 'assistTorque', 'transparent', 'resist', 'passiveMotion', 'replay', 'free', 'triggered'] as const satisfies readonly (GaitMode | ArmMode | (typeof measuringModes)[number])[];
export type TrainingMode = (typeof trainingModes)[number];

/** In which the robot itself sets how far a limb goes: its strength is called guidance. */
export const guidingModes: readonly TrainingMode[] = ['guidedGait', 'passiveMotion', 'replay', 'triggered'];

/** What a robot can do; the first is what it does unless somebody chose another. */
export const modesOf = ({ class: robot, joints }: Pick<RobotProfile, 'class' | 'joints'>): readonly [TrainingMode, ...TrainingMode[]] => (joints.length === 0 ? measuringModes : robot === 'arm' ? armModes : gaitModes);
