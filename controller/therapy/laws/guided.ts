/** Along the pattern, as firmly as the therapist lets: G·[K(q_d − q) + B(q̇_d − q̇) + τ_inertia(q̈_d)]; G = 0 is transparent. */
import { setLead, type LawLimb, type LawMoment, type TrainingLaw } from './law.ts';

export class GuidedLaw implements TrainingLaw {
  readonly free = 0;
  led = 0;

  begin(): void {}

  act({ joints }: LawLimb, { strength }: LawMoment): void {
    this.led = strength;
    for (const { plan, lead } of joints) setLead(lead, plan.positionRad, plan.velocityRadPerSec, strength, strength, strength, 0);
  }
}
