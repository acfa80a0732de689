/** The limb works against the robot: a damper without a target, and a weak spring to the posture at rest. */
import { setLead, type LawLimb, type LawMoment, type TrainingLaw } from './law.ts';

/** Own value, at full strength: 12 Nm/rad at a hip and 3 Nm/rad at a shoulder of the profiles that come with Dari. */
const STIFFNESS_SHARE = 0.03;

export class ResistLaw implements TrainingLaw {
  readonly free = 1;
  readonly led = 0;

  /** @param dampingShare at full strength */
  constructor(private readonly dampingShare: number) {}

  begin(): void {}

  act({ joints }: LawLimb, { strength }: LawMoment): void {
    for (const { restRad, lead } of joints) setLead(lead, restRad, 0, strength * STIFFNESS_SHARE, strength * this.dampingShare, 0, 0);
  }
}
