/** The leg works against the robot: a damper without a target, and a weak spring to the posture at rest. */
import { setLead, type LawLeg, type LawMoment, type TrainingLaw } from './law.ts';

/** Own values, at full strength: 5 Nms/rad and 12 Nm/rad with the profiles that come with Dari. */
const DAMPING_SHARE = 1;
const STIFFNESS_SHARE = 0.03;

export class ResistLaw implements TrainingLaw {
  readonly free = 1;
  readonly led = 0;

  begin(): void {}

  act({ joints }: LawLeg, { strength }: LawMoment): void {
    for (const { restRad, lead } of joints) setLead(lead, restRad, 0, strength * STIFFNESS_SHARE, strength * DAMPING_SHARE, 0, 0);
  }
}
