/** What the lab desires of its joint in each state, in the place of therapy: the sliders while it runs, else a hold. */
import type { JointCommand } from '../../protocols/joints.ts';
import type { JointProfile } from '../../protocols/profile.ts';
import type { SupervisorState } from '../../protocols/supervision.ts';
import { degToRad } from '../../protocols/units.ts';
import type { LabInputs } from './lab-inputs.ts';

const SWING_HZ = 0.5;
const LOWERING_SEC = 0.5;

export class DesiredMotion {
  readonly command: JointCommand = { positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 0 };
  #swingSec = 0;
  #loweredSec = 0;
  #heldRad: number | null = null;

  constructor(private readonly joint: JointProfile) {}

  /** The joint is let go: after lowering it is not held any more. */
  get lowered(): boolean {
    return this.#loweredSec >= LOWERING_SEC;
  }

  update(state: SupervisorState, wanted: LabInputs, positionRad: number, periodSec: number): void {
    this.#loweredSec = state === 'stopping' ? this.#loweredSec + periodSec : 0;
    if (state === 'running') this.#follow(wanted, periodSec);
    else this.#hold(positionRad);
  }

  #follow(wanted: LabInputs, periodSec: number): void {
    this.#heldRad = null;
    this.#swingSec += periodSec;
    const angle = 2 * Math.PI * SWING_HZ * this.#swingSec;
    const { command } = this;
    command.positionRad = degToRad(wanted.desiredPositionDeg + wanted.desiredSwingDeg * Math.sin(angle));
    command.velocityRadPerSec = degToRad(wanted.desiredVelocityDegPerSec + 2 * Math.PI * SWING_HZ * wanted.desiredSwingDeg * Math.cos(angle));
    command.stiffnessNmPerRad = wanted.desiredStiffnessNmPerRad;
    command.dampingNmsPerRad = wanted.desiredDampingNmsPerRad;
    command.torqueNm = wanted.desiredTorqueNm;
  }

  #hold(positionRad: number): void {
    this.#heldRad ??= positionRad;
    const { command, joint } = this;
    const share = Math.max(0, 1 - this.#loweredSec / LOWERING_SEC);
    command.positionRad = this.#heldRad;
    command.velocityRadPerSec = 0;
    command.stiffnessNmPerRad = joint.stiffnessNmPerRad * share;
    command.dampingNmsPerRad = joint.dampingNmsPerRad;
    command.torqueNm = 0;
  }
}
