/**
 * What a patient's own muscles do, joint by joint, on top of passive tissue: nothing, take part, or resist stretch. The
 * controller knows nothing of it.
 */
import type { Random } from '../../protocols/random.ts';
import type { JointMuscles, MuscledJoint } from './joint-muscles.ts';
import { Spasticity } from './spasticity.ts';
import { PersonMuscles } from './person-muscles.ts';
import type { SimulatedPatient } from './simulated-patient.ts';
import { TakingPart } from './taking-part.ts';

export type Muscles =
  | { readonly kind: 'passive' }
  /** `effortNm`: what he gives at most to each joint. */
  | { readonly kind: 'active'; readonly effortNm: number }
  /** `gain`: from mild to severe. */
  | { readonly kind: 'spastic'; readonly gain: 1 | 2 | 3 }
  /** As a file describes him. */
  | { readonly kind: 'person'; readonly patient: SimulatedPatient };

/** @returns null for a relaxed joint */
export function createMuscles(muscles: Muscles, joint: MuscledJoint, random: Random): JointMuscles | null {
  switch (muscles.kind) {
    case 'passive':
      return null;
    case 'active':
      return new TakingPart(muscles.effortNm, joint.kind, random);
    case 'person':
      return new PersonMuscles(muscles.patient, joint, random);
    case 'spastic':
      break;
  }
  return new Spasticity(muscles.gain, joint.kind);
}
