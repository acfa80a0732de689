/**
 * The orthosis is not felt: its weight and friction are carried as in every mode, and a share of what it takes to move it is
 * given by the acceleration that is seen. The whole of it would feed the noise of the speeds back.
 */
import { inertiaTorques, noLegMotion, noLegTorques, setJointMotion, torqueOf, type LegModel } from '../../estimation/leg-dynamics.ts';
import { clamp } from '../../../protocols/math.ts';
import { setLead, type LawJoint, type LawLeg, type LawMoment, type TrainingLaw } from './law.ts';

/** Own values. */
const COMPENSATED = 0.8;
const FILTER_SEC = 0.015;
/** A speed that jumps with a reading that came late is no such acceleration. */
const MOST_RAD_PER_SEC2 = 40;

export class TransparentLaw implements TrainingLaw {
  readonly led = 0;
  readonly free = 1;
  readonly #seen: SeenMotion[] = [];
  readonly #motion = noLegMotion();
  readonly #torques = noLegTorques();

  /** @param device the orthosis alone */
  constructor(private readonly device: LegModel) {}

  begin(): void {
    for (const seen of this.#seen) seen.reset();
  }

  act({ joints }: LawLeg, { elapsedSec }: LawMoment): void {
    for (let j = 0; j < joints.length; j++) {
      const joint = joints[j];
      if (joint === undefined) continue;
      const seen = (this.#seen[j] ??= new SeenMotion());
      seen.look(joint, elapsedSec);
      setJointMotion(this.#motion, joint.profile.kind, seen);
    }
    inertiaTorques(this.device, this.#motion, this.#torques);
    for (let j = 0; j < joints.length; j++) {
      const joint = joints[j];
      if (joint === undefined) continue;
      const { kind, rotorInertiaKgM2 } = joint.profile;
      const movingNm = torqueOf(kind, this.#torques) + rotorInertiaKgM2 * (this.#seen[j]?.accelerationRadPerSec2 ?? 0);
      setLead(joint.lead, joint.plan.positionRad, joint.plan.velocityRadPerSec, 0, 0, 0, COMPENSATED * movingNm);
    }
  }
}

class SeenMotion {
  positionRad = 0;
  velocityRadPerSec = Number.NaN;
  accelerationRadPerSec2 = 0;

  reset(): void {
    this.velocityRadPerSec = Number.NaN;
    this.accelerationRadPerSec2 = 0;
  }

  look({ measured }: LawJoint, elapsedSec: number): void {
    const raw = (measured.velocityRadPerSec - this.velocityRadPerSec) / elapsedSec;
    this.positionRad = measured.positionRad;
    this.velocityRadPerSec = measured.velocityRadPerSec;
    if (Number.isFinite(raw)) this.accelerationRadPerSec2 += (clamp(raw, -MOST_RAD_PER_SEC2, MOST_RAD_PER_SEC2) - this.accelerationRadPerSec2) * Math.min(1, elapsedSec / FILTER_SEC);
  }
}
