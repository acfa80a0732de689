/**
 * As firm as needed, part by part of the stride: R_{i+1} = f·R_i + g·W(e_i), where W is nothing inside the variability of
 * healthy strides. With f < 1 the robot relaxes faster than a patient learns, so that he cannot lean on it (J.L. Emken,
 * S.J. Harkema, J.A. Beres-Jones, C.K. Ferreira, D.J. Reinkensmeyer, Feasibility of manual teach-and-replay and continuous
 * impedance shaping for robotic locomotor training following spinal cord injury, IEEE TBME 55, 2008).
 */
import { degToRad } from '../../../protocols/units.ts';
import { setLead, type LawJoint, type LawLimb, type LawMoment, type TrainingLaw } from './law.ts';
import { StrideParts } from './stride-parts.ts';

/** Own values. */
const VARIABILITY_RAD = degToRad(3);
/** Beyond it, so much error keeps the whole of the help. */
const WHOLE_RAD = degToRad(6);

export class AssistStiffnessLaw implements TrainingLaw {
  readonly free = 0;
  /** Once it has acted. */
  led = 0;
  readonly #joints: StrideParts[] = [];

  /** @param forgettingCycles without error the help falls by a factor e in so many strides or repetitions */
  constructor(private readonly forgettingCycles: number) {}

  /** It begins with all that the therapist lets, and learns to let go. */
  begin(): void {
    for (const parts of this.#joints) parts.fill(1);
  }

  act({ joints, place }: LawLimb, { strength, elapsedSec }: LawMoment): void {
    let help = 0;
    for (let j = 0; j < joints.length; j++) {
      const joint = joints[j];
      if (joint === undefined) continue;
      const parts = (this.#joints[j] ??= wholeHelp());
      parts.lookAt(place.phase);
      parts.pull(neededShare(joint), 1 / this.forgettingCycles, place.cyclesPerSec * elapsedSec, 0, 1);
      const share = strength * parts.value;
      setLead(joint.lead, joint.plan.positionRad, joint.plan.velocityRadPerSec, share, share, share, 0);
      help += parts.mean / joints.length;
    }
    this.led = strength * help;
  }
}

/** In the long run. */
const neededShare = ({ plan, measured }: LawJoint): number => Math.min(1, Math.max(0, Math.abs(plan.positionRad - measured.positionRad) - VARIABILITY_RAD) / WHOLE_RAD);

function wholeHelp(): StrideParts {
  const parts = new StrideParts();
  parts.fill(1);
  return parts;
}
