/**
 * The laws of the training modes for one leg. A change of mode fades from one to the other, and the sum of their springs,
 * dampers and torques is one spring, one damper and one torque again, so that no torque steps.
 */
import type { LegModel } from '../estimation/leg-dynamics.ts';
import { minimumJerk } from '../../protocols/math.ts';
import { gaitModes, type GaitMode, type TrainingMode } from '../../protocols/training-mode.ts';
import { AssistStiffnessLaw } from './laws/assist-stiffness.ts';
import { AssistTorqueLaw } from './laws/assist-torque.ts';
import { GuidedLaw } from './laws/guided.ts';
import { noLead, type LawJoint, type LawLeg, type LawMoment, type Lead, type TrainingLaw } from './laws/law.ts';
import { PathControlLaw } from './laws/path-control.ts';
import { ResistLaw } from './laws/resist.ts';
import { TransparentLaw } from './laws/transparent.ts';

/** Own value: long against a step of a stiff leg, short against a therapist's patience. */
export const FADE_SEC = 2;

const createLaw: Readonly<Record<GaitMode, (device: LegModel) => TrainingLaw>> = {
  guidedGait: () => new GuidedLaw(),
  pathControl: () => new PathControlLaw(),
  assistStiffness: () => new AssistStiffnessLaw(),
  assistTorque: () => new AssistTorqueLaw(),
  transparent: (device) => new TransparentLaw(device),
  resist: () => new ResistLaw(),
  // The plan is another one, the law the same.
  replay: () => new GuidedLaw(),
};

/** How the leg stands while the pattern is not whole. */
export interface Standing extends LawMoment {
  /** 0 = at rest … 1 = full pattern. */
  blend: number;
  /** With which the posture is held, of full stiffness. */
  firmness: number;
}

interface ActiveLaw {
  readonly mode: GaitMode;
  readonly law: TrainingLaw;
  /** 0 = does not act … 1 = acts alone. */
  share: number;
  /** What it was when the last fade began. */
  shareBefore: number;
}

export class TrainingLaws {
  /** Of each joint of the leg, in their order. */
  readonly leads: readonly Lead[];
  /** How far the leg is led now, 0 … 1. */
  led = 0;
  /** And how far it moves as it likes. */
  free = 0;
  readonly #laws: readonly ActiveLaw[];
  #mode: TrainingMode = 'guidedGait';
  /** Of the fade to the mode, 0 … 1. */
  #along = 1;

  /** @param device the orthosis alone */
  constructor(joints: number, device: LegModel) {
    this.#laws = gaitModes.map((mode) => ({ mode, law: createLaw[mode](device), share: 0, shareBefore: 0 }));
    this.leads = Array.from({ length: joints }, noLead);
  }

  /** The drives were off: the mode begins without a fade. */
  begin(mode: TrainingMode): void {
    for (const active of this.#laws) {
      active.share = Number(active.mode === mode);
      if (active.share === 1) active.law.begin();
    }
    this.#mode = mode;
    this.#along = 1;
  }

  /** Once per cycle: fills `leads`. */
  act(leg: LawLeg, mode: TrainingMode, standing: Standing): void {
    if (mode !== this.#mode) this.#change(mode);
    this.#fade(standing);
    this.led = this.free = 0;
    for (const lead of this.leads) clear(lead);
    for (const { law, share } of this.#laws) {
      if (share === 0) continue;
      law.act(leg, standing);
      this.led += share * law.led;
      this.free += share * law.free;
      for (let j = 0; j < this.leads.length; j++) add(this.leads[j], leg.joints[j], share);
    }
    for (let j = 0; j < this.leads.length; j++) conclude(this.leads[j], leg.joints[j], standing);
  }

  #change(mode: TrainingMode): void {
    this.#mode = mode;
    this.#along = 0;
    for (const active of this.#laws) {
      active.shareBefore = active.share;
      if (active.mode === mode && active.share === 0) active.law.begin();
    }
  }

  #fade({ elapsedSec }: Standing): void {
    if (this.#along === 1) return;
    this.#along = Math.min(1, this.#along + elapsedSec / FADE_SEC);
    const faded = minimumJerk(this.#along);
    for (const active of this.#laws) active.share = active.shareBefore + faded * (Number(active.mode === this.#mode) - active.shareBefore);
  }
}

function clear(sum: Lead): void {
  sum.positionRad = sum.velocityRadPerSec = sum.stiffnessShare = sum.dampingShare = sum.carriedShare = sum.torqueNm = 0;
}

/** Targets are weighed by the springs and dampers that pull to them. */
function add(sum: Lead | undefined, joint: LawJoint | undefined, share: number): void {
  if (sum === undefined || joint === undefined) return;
  const { lead } = joint;
  sum.stiffnessShare += share * lead.stiffnessShare;
  sum.positionRad += share * lead.stiffnessShare * lead.positionRad;
  sum.dampingShare += share * lead.dampingShare;
  sum.velocityRadPerSec += share * lead.dampingShare * lead.velocityRadPerSec;
  sum.carriedShare += share * lead.carriedShare;
  sum.torqueNm += share * lead.torqueNm;
}

/** With what holds the posture. Where nothing pulls, the plan stands. */
function conclude(sum: Lead | undefined, joint: LawJoint | undefined, { blend, firmness }: Standing): void {
  if (sum === undefined || joint === undefined) return;
  const { positionRad, velocityRadPerSec } = joint.plan;
  const heldShare = (1 - blend) * firmness;
  const pulledRad = blend * sum.positionRad + heldShare * positionRad;
  const pulledRadPerSec = blend * sum.velocityRadPerSec + heldShare * velocityRadPerSec;
  sum.stiffnessShare = blend * sum.stiffnessShare + heldShare;
  sum.dampingShare = blend * sum.dampingShare + heldShare;
  sum.carriedShare = blend * sum.carriedShare + heldShare;
  sum.torqueNm *= blend;
  sum.positionRad = sum.stiffnessShare > 0 ? pulledRad / sum.stiffnessShare : positionRad;
  sum.velocityRadPerSec = sum.dampingShare > 0 ? pulledRadPerSec / sum.dampingShare : velocityRadPerSec;
}
