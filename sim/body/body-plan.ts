/** What `Body` has to know of a robot and the person in it, whatever its class. */
import type { AnyJoint, LimbKind } from '../../protocols/profile.ts';

export interface Cuff {
  readonly name: string;
  /** Device and person. */
  readonly bodies: readonly [string, string];
}

/** Sets the torque of relaxed tissue on each human joint. */
export type Tissue = (positionsRad: Float64Array, appliedNm: Float64Array) => void;

export interface BodyPlan {
  /** MJCF. @param integrator RK4 for energy checks; implicitfast otherwise */
  xml(timestepS: number, integrator?: 'implicitfast' | 'RK4'): string;
  readonly cuffs: readonly Cuff[];
  /** Each with the stiffness and the damping of the profile. */
  readonly cuffStiffnessNPerM: number;
  readonly cuffDampingNsPerM: number;
  deviceJoint(joint: AnyJoint): string;
  humanJoint(joint: AnyJoint): string;
  /** What that is a joint of. */
  limbKind(joint: AnyJoint): LimbKind;
  /** Where the person's joints are when the device stands so; absent: each as the one beside it. */
  lay?(deviceRad: ArrayLike<number>): readonly (readonly [name: string, place: number])[];
  /** @param indexOf place of a joint in the engine's vectors */
  tissue(indexOf: (name: string) => number): Tissue;
  /** Where each joint is at first, those that are only measured behind the driven ones, person and device. */
  readonly restRad: readonly number[];
  /** Parts of the device that springs lift, arm by arm. */
  readonly lifted: readonly { readonly upperArm: string; readonly forearm: string }[];
}
