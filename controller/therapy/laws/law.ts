/** What a mode of training is, as a leg or an arm sees it: one law per mode, all through the same envelope. */
import type { JointProfile } from '../../../protocols/profile.ts';
import type { GaitPlace, ReferencePoint } from '../gait-reference.ts';

/** What a law asks of one joint beside carrying the device. Shares are of the profile's stiffness and damping. */
export interface Lead {
  positionRad: number;
  velocityRadPerSec: number;
  stiffnessShare: number;
  dampingShare: number;
  /** Of the limb's own weight and of the torque of the wanted motion, what the robot gives. */
  carriedShare: number;
  /** On top of all that. */
  torqueNm: number;
}

/** A joint that trains. */
export interface LawJoint {
  readonly profile: JointProfile;
  readonly measured: { readonly positionRad: number; readonly velocityRadPerSec: number };
  /** Where the pattern is now. */
  readonly plan: ReferencePoint;
  /** Posture from which the pattern grows. */
  readonly restRad: number;
  /** Fills `out` with where its path is at a place of the pattern. */
  at(place: Readonly<GaitPlace>, out: ReferencePoint): void;
  /** What the law of the moment asks; filled by it. */
  readonly lead: Lead;
}

export interface LawLimb {
  /** From the trunk outward. */
  readonly joints: readonly LawJoint[];
  readonly place: GaitPlace;
}

/** What is the same for all joints of a limb in a cycle; handed on as one, because a number that crosses a call goes to the heap. */
export interface LawMoment {
  /** 0 … 1, of the therapist. */
  strength: number;
  elapsedSec: number;
}

/** Of one limb. It may remember what the limb did. */
export interface TrainingLaw {
  /** How far the limb is led now, 0: it moves as it likes … 1: as the pattern does. */
  readonly led: number;
  /** How far what the person does with the limb is his own, 0 … 1: then the robot neither leads nor helps it. */
  readonly free: number;
  /** It has not acted for a while: what it remembers is only a beginning. */
  begin(): void;
  /** Once per cycle: fills the joints' `lead`. */
  act(limb: LawLimb, moment: LawMoment): void;
}

export const noLead = (): Lead => ({ positionRad: 0, velocityRadPerSec: 0, stiffnessShare: 0, dampingShare: 0, carriedShare: 0, torqueNm: 0 });

export function setLead(lead: Lead, positionRad: number, velocityRadPerSec: number, stiffnessShare: number, dampingShare: number, carriedShare: number, torqueNm: number): void {
  lead.positionRad = positionRad;
  lead.velocityRadPerSec = velocityRadPerSec;
  lead.stiffnessShare = stiffnessShare;
  lead.dampingShare = dampingShare;
  lead.carriedShare = carriedShare;
  lead.torqueNm = torqueNm;
}
