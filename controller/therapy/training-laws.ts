/**
 * The laws of the training modes for one limb. A change of mode fades from one to the other, and the sum of their springs,
 * dampers and torques is one spring, one damper and one torque again, so that no torque steps.
 */
import { minimumJerk } from '../../protocols/math.ts';
import type { JointProfile } from '../../protocols/profile.ts';
import type { TrainingMode } from '../../protocols/training-mode.ts';
import { AssistStiffnessLaw } from './laws/assist-stiffness.ts';
import { AssistTorqueLaw } from './laws/assist-torque.ts';
import { GuidedLaw } from './laws/guided.ts';
import { noLead, type LawJoint, type LawLimb, type LawMoment, type Lead, type TrainingLaw } from './laws/law.ts';
import { PathControlLaw } from './laws/path-control.ts';
import { ResistLaw } from './laws/resist.ts';
import { TransparentLaw, type DeviceInertia } from './laws/transparent.ts';

/** Own value: long against a step of a stiff limb, short against a therapist's patience. */
export const FADE_SEC = 2;

export const lawNames = ['guided', 'pathControl', 'assistStiffness', 'assistTorque', 'transparent', 'resist'] as const;
export type LawName = (typeof lawNames)[number];

/** Modes that lead a limb differ by where they lead it; the others have a law of their own. */
const ownLaws: Readonly<Partial<Record<TrainingMode, LawName>>> = {
  pathControl: 'pathControl',
  assistStiffness: 'assistStiffness',
  assistTorque: 'assistTorque',
  transparent: 'transparent',
  resist: 'resist',
};
export const lawOf = (mode: TrainingMode): LawName => ownLaws[mode] ?? 'guided';

/** What is chosen for a kind of limb and of robot. */
export interface LawTuning {
  /** Without error the help falls by a factor e in so many strides or repetitions. */
  readonly stiffnessForgettingCycles: number;
  readonly torqueForgettingCycles: number;
  /** Torque that an error teaches in the long run. */
  readonly learnedNmPerRad: (joint: JointProfile) => number;
  /** Of what it takes to move the device, what the transparent law gives. */
  readonly compensatedShare: number;
  /** Of the profile's damping, at full strength. */
  readonly resistDampingShare: number;
  /** Of the limb's own weight, what a law carries at least; the transparent one is told (`Standing`). */
  readonly carriedShare: Readonly<Record<Exclude<LawName, 'transparent'>, number>>;
}

const createLaw: Readonly<Record<LawName, (device: DeviceInertia, joints: number, tuning: LawTuning) => TrainingLaw>> = {
  guided: () => new GuidedLaw(),
  pathControl: () => new PathControlLaw(),
  assistStiffness: (_device, _joints, { stiffnessForgettingCycles }) => new AssistStiffnessLaw(stiffnessForgettingCycles),
  assistTorque: (_device, _joints, { torqueForgettingCycles, learnedNmPerRad }) => new AssistTorqueLaw(torqueForgettingCycles, learnedNmPerRad),
  transparent: (device, joints, { compensatedShare }) => new TransparentLaw(device, joints, compensatedShare),
  resist: (_device, _joints, { resistDampingShare }) => new ResistLaw(resistDampingShare),
};

/** How the limb stands while the pattern is not whole. */
export interface Standing extends LawMoment {
  /** 0 = at rest … 1 = full pattern. */
  blend: number;
  /** With which the posture is held, of full stiffness. */
  firmness: number;
  /** Of the limb's own weight, what is carried at least where the transparent law acts alone. */
  transparentCarriedShare: number;
}

/** What all laws together ask of a joint. */
export interface LeadSum extends Lead {
  /** Of the limb's own weight, what the robot carries; all of it while it only holds. */
  weightShare: number;
}

interface ActiveLaw {
  readonly name: LawName;
  readonly law: TrainingLaw;
  readonly carriedShare: number;
  /** 0 = does not act … 1 = acts alone. */
  share: number;
  /** What it was when the last fade began. */
  shareBefore: number;
}

export class TrainingLaws {
  /** Of each joint of the limb, in their order. */
  readonly leads: readonly LeadSum[];
  /** How far the limb is led now, 0 … 1. */
  led = 0;
  /** And how far it moves as it likes. */
  free = 0;
  readonly #laws: readonly ActiveLaw[];
  #name: LawName = 'guided';
  /** Of the fade to the law, 0 … 1. */
  #along = 1;

  constructor(joints: number, device: DeviceInertia, tuning: LawTuning) {
    this.#laws = lawNames.map((name) => ({ name, law: createLaw[name](device, joints, tuning), carriedShare: name === 'transparent' ? 0 : tuning.carriedShare[name], share: 0, shareBefore: 0 }));
    this.leads = Array.from({ length: joints }, () => ({ ...noLead(), weightShare: 0 }));
  }

  /** The drives were off: the law begins without a fade. */
  begin(name: LawName): void {
    for (const active of this.#laws) {
      active.share = Number(active.name === name);
      if (active.share === 1) active.law.begin();
    }
    this.#name = name;
    this.#along = 1;
  }

  /** Once per cycle: fills `leads`. */
  act(limb: LawLimb, name: LawName, standing: Standing): void {
    if (name !== this.#name) this.#change(name);
    this.#fade(standing);
    this.led = this.free = 0;
    for (const lead of this.leads) clear(lead);
    for (const active of this.#laws) {
      const { law, share } = active;
      if (share === 0) continue;
      law.act(limb, standing);
      this.led += share * law.led;
      this.free += share * law.free;
      const leastShare = active.name === 'transparent' ? standing.transparentCarriedShare : active.carriedShare;
      for (let j = 0; j < this.leads.length; j++) add(this.leads[j], limb.joints[j], share, leastShare);
    }
    for (let j = 0; j < this.leads.length; j++) conclude(this.leads[j], limb.joints[j], standing);
  }

  #change(name: LawName): void {
    this.#name = name;
    this.#along = 0;
    for (const active of this.#laws) {
      active.shareBefore = active.share;
      if (active.name === name && active.share === 0) active.law.begin();
    }
  }

  #fade({ elapsedSec }: Standing): void {
    if (this.#along === 1) return;
    this.#along = Math.min(1, this.#along + elapsedSec / FADE_SEC);
    const faded = minimumJerk(this.#along);
    for (const active of this.#laws) active.share = active.shareBefore + faded * (Number(active.name === this.#name) - active.shareBefore);
  }
}

function clear(sum: LeadSum): void {
  sum.positionRad = sum.velocityRadPerSec = sum.stiffnessShare = sum.dampingShare = sum.carriedShare = sum.weightShare = sum.torqueNm = 0;
}

/** Targets are weighed by the springs and dampers that pull to them. @param leastShare of the weight */
function add(sum: LeadSum | undefined, joint: LawJoint | undefined, share: number, leastShare: number): void {
  if (sum === undefined || joint === undefined) return;
  const { lead } = joint;
  sum.stiffnessShare += share * lead.stiffnessShare;
  sum.positionRad += share * lead.stiffnessShare * lead.positionRad;
  sum.dampingShare += share * lead.dampingShare;
  sum.velocityRadPerSec += share * lead.dampingShare * lead.velocityRadPerSec;
  sum.carriedShare += share * lead.carriedShare;
  sum.weightShare += share * Math.max(lead.carriedShare, leastShare);
  sum.torqueNm += share * lead.torqueNm;
}

/** With what holds the posture. Where nothing pulls, the plan stands. */
function conclude(sum: LeadSum | undefined, joint: LawJoint | undefined, { blend, firmness }: Standing): void {
  if (sum === undefined || joint === undefined) return;
  const { positionRad, velocityRadPerSec } = joint.plan;
  const heldShare = (1 - blend) * firmness;
  const pulledRad = blend * sum.positionRad + heldShare * positionRad;
  const pulledRadPerSec = blend * sum.velocityRadPerSec + heldShare * velocityRadPerSec;
  sum.stiffnessShare = blend * sum.stiffnessShare + heldShare;
  sum.dampingShare = blend * sum.dampingShare + heldShare;
  sum.carriedShare = blend * sum.carriedShare + heldShare;
  sum.weightShare = blend * sum.weightShare + 1 - blend;
  sum.torqueNm *= blend;
  sum.positionRad = sum.stiffnessShare > 0 ? pulledRad / sum.stiffnessShare : positionRad;
  sum.velocityRadPerSec = sum.dampingShare > 0 ? pulledRadPerSec / sum.dampingShare : velocityRadPerSec;
}
