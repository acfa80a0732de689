/**
 * Does a drive give the torque that it is told? Its reply may answer any of the last commands, more of them after a silence,
 * so the torque that it reports must lie in the span that these ask for where the joint is now, or, of a drive that is told a torque
 * alone, asked for where the joint was when the host made one of them. Some drives move a set-point on until the next one comes. A drive that ignores a
 * changed command, or takes only part of it, leaves the span. Sooner still it leaves the one command that it uses to answer
 * (`answers.ts`).
 */
import { emptyJointCommand, type JointCommand } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import { degToRad } from '../../protocols/units.ts';
import { Answers } from './answers.ts';
import { driveTorqueNm } from './envelope.ts';
import type { JointLimits } from './limits.ts';
import type { TrustedJoint } from './trusted-joint.ts';

/** Own values: resolution of frames and gains leaves 0.5 Nm; a torque loop of a real motor lags and ripples. */
const TORQUE_NM = 5;
/** For a drive that closes another loop than that of torque, which only tends to the impedance that it is told. */
const OTHER_LOOP_NM = 15;
const LASTING_SHARE = 0.3; // own value, of the tolerance above: on average less is left, because lag and ripple change their sign
const NEW_SHARE = 0.2; // of a new reading in that average: some five readings
/**
 * Own values: each second of motion at 250 Hz in which nothing was astray teaches what the drive itself leaves on average, for
 * it leaves more in faster gait. Three times the most is out of the ordinary, and no less than 0.6 Nm, twice what the steps
 * of a drive's frames left at most in sessions without a fault.
 */
const LEARNING_READINGS = 250;
const FADING_READINGS = 25; // what was astray is gone from the average by then
const MOVING_RAD_PER_SEC = 0.3;
const USUAL_FACTOR = 3;
const LEAST_LASTING_NM = 0.6;
/** Commands on their way: one written, one that acts, one answered; no more than a drive may be silent for, at 250 Hz. */
const [LEAST_UNANSWERED, MOST_UNANSWERED] = [3, 12];
/** Own values: a stall of the computer leaves a line or an adapter behind by a cycle or two, each for a tenth of a second. */
const [LINGERING_UNANSWERED, LINGERING_READINGS] = [5, 25];
const STANDING_RAD_PER_SEC = degToRad(3); // own value: a slower joint stands

/** A command in a ring of the last ones. */
class Told {
  readonly command = emptyJointCommand();
  before: Told = this;
  after: Told = this;
}

export class Obedience {
  astray = false;
  /** On average it is further off than one reading may be, and its joint moves: it cannot be braked. One that stands is carried. */
  outOfControl = false;
  /** How far the torque lies outside the span, on average over the last readings, Nm. */
  residualNm = 0;
  #sequence = -1;
  #told = toldRing(MOST_UNANSWERED);
  #unanswered = LEAST_UNANSWERED;
  #lingers = 0; // readings until one command less is on its way
  readonly #answers: Answers;
  readonly #toleranceNm: number;
  readonly #movesOnSec: number;
  readonly #dampingPerStiffnessSec: number;
  #lastingNm: number;
  /** Greatest torque that the host tells; null: the drive itself makes a torque of the command. */
  readonly #hostMostNm: number | null;
  readonly #seen = { positionRad: Number.NaN, velocityRadPerSec: Number.NaN, trusted: true }; // as the host last saw the joint
  #usualNm = 0;
  #newNm = 0; // of the second that is not over
  #readings = 0;

  constructor(limits: JointLimits) {
    this.#toleranceNm = limits.closesTorqueLoop ? TORQUE_NM : OTHER_LOOP_NM;
    this.#movesOnSec = limits.movesOnSec;
    this.#dampingPerStiffnessSec = limits.dampingPerStiffnessSec;
    this.#lastingNm = this.#toleranceNm * LASTING_SHARE;
    this.#hostMostNm = limits.edge.rendered ? null : limits.torqueNm;
    this.#answers = new Answers(LEAST_UNANSWERED, LEAST_LASTING_NM, this.#lastingNm);
  }

  /** Once per cycle. @param command of the cycle before @param sequence of the drive's reading: an old one read again says nothing new */
  look(command: JointCommand, joint: TrustedJoint, sequence: number): void {
    this.#told = this.#told.after;
    copy(command, this.#told.command);
    if (this.#hostMostNm !== null) this.#settle(this.#told.command, joint, this.#hostMostNm);
    else if (this.#dampingPerStiffnessSec < Infinity) this.#settleDamper(this.#told.command, joint);
    if (!joint.motorFresh) {
      this.astray = false;
      this.outOfControl = false;
      this.residualNm = 0;
      this.#answers.reset();
    } else if (sequence !== this.#sequence) {
      this.#judge(joint);
      this.#leaveLess();
    } else {
      this.#unanswered = Math.min(MOST_UNANSWERED, this.#unanswered + 1);
      this.#lingers = LINGERING_READINGS;
    }
    this.#sequence = sequence;
  }

  #leaveLess(): void {
    if (this.#unanswered <= LINGERING_UNANSWERED && --this.#lingers > 0) return;
    this.#unanswered = Math.max(LEAST_UNANSWERED, this.#unanswered - 1);
    this.#lingers = LINGERING_READINGS;
  }

  /** A command becomes the torque that the host made of it. */
  #settle(command: JointCommand, joint: TrustedJoint, mostNm: number): void {
    const seen = this.#seen;
    command.torqueNm = clamp(driveTorqueNm(command, Number.isNaN(seen.positionRad) ? joint : seen), -mostNm, mostNm);
    command.stiffnessNmPerRad = command.dampingNmsPerRad = 0;
    this.#see(joint);
  }

  /** The part of a damper that the drive does not render becomes the torque that the host made of it. */
  #settleDamper(command: JointCommand, joint: TrustedJoint): void {
    const seen = this.#seen;
    const renderedNmsPerRad = Math.min(command.dampingNmsPerRad, this.#dampingPerStiffnessSec * command.stiffnessNmPerRad);
    const speed = Number.isNaN(seen.velocityRadPerSec) ? joint.velocityRadPerSec : seen.velocityRadPerSec;
    command.torqueNm += (command.dampingNmsPerRad - renderedNmsPerRad) * (command.velocityRadPerSec - speed);
    command.dampingNmsPerRad = renderedNmsPerRad;
    this.#see(joint);
  }

  #see({ positionRad, velocityRadPerSec }: TrustedJoint): void {
    this.#seen.positionRad = positionRad;
    this.#seen.velocityRadPerSec = velocityRadPerSec;
  }

  /** @param since commands that were written after it */
  #toldNm(command: JointCommand, since: number, joint: TrustedJoint): number {
    return driveTorqueNm(command, joint) + command.stiffnessNmPerRad * command.velocityRadPerSec * since * this.#movesOnSec;
  }

  #judge(joint: TrustedJoint): void {
    let least = Infinity;
    let most = -Infinity;
    let told = this.#told;
    for (let i = 0; i < this.#unanswered; i++) {
      const toldNm = this.#toldNm(told.command, i, joint);
      least = Math.min(least, toldNm);
      most = Math.max(most, toldNm);
      told = told.before;
    }
    const outsideNm = joint.torqueNm - clamp(joint.torqueNm, least, most);
    // A number that is none would stay in the average for ever.
    this.residualNm += Number.isNaN(outsideNm) ? 0 : (outsideNm - this.residualNm) * NEW_SHARE;
    this.#compare(joint, outsideNm);
    this.astray = !(Math.abs(outsideNm) <= this.#toleranceNm) || Math.abs(this.residualNm) > this.#lastingNm || this.#answers.astray;
    this.outOfControl = Math.abs(this.residualNm) > this.#toleranceNm && Math.abs(joint.velocityRadPerSec) > STANDING_RAD_PER_SEC;
    if (Math.abs(joint.velocityRadPerSec) > MOVING_RAD_PER_SEC) this.#learn();
  }

  /** After a silence it is not known which command a reading answers. */
  #compare(joint: TrustedJoint, outsideNm: number): void {
    if (Number.isNaN(outsideNm)) return;
    let told = this.#told;
    for (let i = 0; i < LEAST_UNANSWERED; i++) {
      this.#answers.compare(i, this.#unanswered > LEAST_UNANSWERED ? outsideNm : joint.torqueNm - this.#toldNm(told.command, i, joint));
      told = told.before;
    }
    this.#answers.judge();
  }

  /** Never more is let pass than before the first second. */
  #learn(): void {
    if (this.astray) {
      this.#newNm = 0;
      this.#answers.forgetNew();
      this.#readings = -FADING_READINGS;
      return;
    }
    if (this.#readings >= 0) {
      this.#newNm = Math.max(this.#newNm, Math.abs(this.residualNm));
      this.#answers.note();
    }
    if (++this.#readings < LEARNING_READINGS) return;
    this.#usualNm = Math.max(this.#usualNm, this.#newNm);
    this.#lastingNm = clamp(USUAL_FACTOR * this.#usualNm, LEAST_LASTING_NM, this.#toleranceNm * LASTING_SHARE);
    this.#newNm = this.#readings = 0;
    this.#answers.learn();
  }
}

function toldRing(length: number): Told {
  const first = new Told();
  for (let i = 1; i < length; i++) {
    const told = new Told();
    told.before = first.before;
    told.after = first;
    first.before.after = told;
    first.before = told;
  }
  return first;
}

function copy(from: JointCommand, to: JointCommand): void {
  // Without `Object.assign`, which costs more than all the rest.
  to.positionRad = from.positionRad;
  to.velocityRadPerSec = from.velocityRadPerSec;
  to.stiffnessNmPerRad = from.stiffnessNmPerRad;
  to.dampingNmsPerRad = from.dampingNmsPerRad;
  to.torqueNm = from.torqueNm;
}
