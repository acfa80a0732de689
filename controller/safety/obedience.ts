/**
 * Does a drive give the torque that it is told? Its reply may answer any of the last commands, so the torque that it
 * reports must lie in the span that these ask for where the joint is now. A drive that ignores a changed command, or takes
 * only part of it, leaves the span.
 */
import { emptyJointCommand, type JointCommand } from '../../protocols/joints.ts';
import { driveTorqueNm } from './envelope.ts';
import type { JointLimits } from './limits.ts';
import type { TrustedJoint } from './trusted-joint.ts';

/** Commands on their way: one written, one that acts, one answered. */
const COMMANDS = 3;
/** Own values: resolution of frames and gains leaves 0.5 Nm; a torque loop of a real motor lags and ripples. */
const TORQUE_NM = 5;
/** For a drive that closes another loop than that of torque, which only tends to the impedance that it is told. */
const OTHER_LOOP_NM = 15;

export class Obedience {
  astray = false;
  readonly #commands: readonly JointCommand[] = Array.from({ length: COMMANDS }, emptyJointCommand);
  readonly #toleranceNm: number;
  #newest = 0;

  constructor(limits: JointLimits) {
    this.#toleranceNm = limits.closesTorqueLoop ? TORQUE_NM : OTHER_LOOP_NM;
  }

  /** Once per cycle. @param command of the cycle before */
  look(command: JointCommand, joint: TrustedJoint): void {
    this.#newest = (this.#newest + 1) % COMMANDS;
    copy(command, this.#commands[this.#newest]);
    let least = Infinity;
    let most = -Infinity;
    for (const told of this.#commands) {
      const toldNm = driveTorqueNm(told, joint);
      least = Math.min(least, toldNm);
      most = Math.max(most, toldNm);
    }
    this.astray = joint.motorFresh && !(joint.torqueNm >= least - this.#toleranceNm && joint.torqueNm <= most + this.#toleranceNm);
  }
}

/** Without `Object.assign`, which costs more than all the rest. */
function copy(from: JointCommand, to: JointCommand | undefined): void {
  if (to === undefined) return;
  to.positionRad = from.positionRad;
  to.velocityRadPerSec = from.velocityRadPerSec;
  to.stiffnessNmPerRad = from.stiffnessNmPerRad;
  to.dampingNmsPerRad = from.dampingNmsPerRad;
  to.torqueNm = from.torqueNm;
}
