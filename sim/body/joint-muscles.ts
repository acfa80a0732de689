/** What the body has to know of the muscles around a joint. */
import type { JointProfile, LimbKind } from '../../protocols/profile.ts';
import type { Prompt } from './prompt.ts';

/** Where muscles sit. */
export interface MuscledJoint extends Pick<JointProfile, 'id' | 'side'> {
  readonly kind: LimbKind;
}

export interface JointMuscles {
  /** Torque on the human joint for the coming physics step, flexion positive; once per `STEP_US`. */
  torqueNm(velocityRadPerSec: number, positionRad: number): number;
  /** Beside a wrist: of the hand around a handle. */
  readonly gripN?: number;
  /** Somebody speaks to him; null: he may do as he likes again. Absent: these muscles obey nobody. */
  hear?(prompt: Prompt | null): void;
}
