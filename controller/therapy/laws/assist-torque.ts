/**
 * The torque that the patient lacks, learned part by part of the stride: u = Yâ + K_P·x̃ + K_D·ẋ̃, and â forgets, so that he
 * is left what he can do himself (E.T. Wolbrecht, V. Chan, D.J. Reinkensmeyer, J.E. Bobrow, Optimizing compliant, model-based
 * robotic assistance to promote neurorehabilitation, IEEE TNSRE 16, 2008). Y are straight lines between the parts.
 */
import type { JointProfile } from '../../../protocols/profile.ts';
import { setLead, type LawLimb, type LawMoment, type TrainingLaw } from './law.ts';
import { StrideParts } from './stride-parts.ts';

/** Own values. An error's speed counts too, so that the torque comes when it is needed. */
const LEAD_SEC = 0.2;
/** Of the torque between limb and device that is allowed. */
const MOST_SHARE = 0.6;
/** Of the profile's stiffness and damping: enough to feel where the limb should be. */
const SPRING_SHARE = 0.15;

export class AssistTorqueLaw implements TrainingLaw {
  readonly free = 0;
  readonly led = 0;
  readonly #joints: StrideParts[] = [];

  /** @param forgettingCycles without error the torque falls by a factor e in so many strides or repetitions @param learnedNmPerRad in the long run, per radian of lasting error */
  constructor(
    private readonly forgettingCycles: number,
    private readonly learnedNmPerRad: (joint: JointProfile) => number,
  ) {}

  begin(): void {
    for (const parts of this.#joints) parts.fill(0);
  }

  act({ joints, place }: LawLimb, { strength, elapsedSec }: LawMoment): void {
    for (let j = 0; j < joints.length; j++) {
      const joint = joints[j];
      if (joint === undefined) continue;
      const { plan, measured, profile, lead } = joint;
      const parts = (this.#joints[j] ??= new StrideParts());
      const errorRad = plan.positionRad - measured.positionRad + LEAD_SEC * (plan.velocityRadPerSec - measured.velocityRadPerSec);
      const mostNm = MOST_SHARE * profile.interactionLimitNm;
      parts.lookAt(place.phase);
      parts.pull(this.learnedNmPerRad(profile) * errorRad, 1 / this.forgettingCycles, place.cyclesPerSec * elapsedSec, -mostNm, mostNm);
      const share = strength * SPRING_SHARE;
      setLead(lead, plan.positionRad, plan.velocityRadPerSec, share, share, 0, strength * parts.value);
    }
  }
}
