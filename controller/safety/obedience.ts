/**
 * Does a drive give the torque that it is told? Its reply may answer any of the last commands, so the torque that it
 * reports must lie in the span that these ask for where the joint is now. A drive that ignores a changed command, or takes
 * only part of it, leaves the span.
 */
import { emptyJointCommand, type JointCommand } from '../../protocols/joints.ts';
import { driveTorqueNm } from './envelope.ts';
import type { JointLimits } from './limits.ts';
import type { TrustedJoint } from './trusted-joint.ts';

/** Own values: resolution of frames and gains leaves 0.5 Nm; a torque loop of a real motor lags and ripples. */
const TORQUE_NM = 5;
/** For a drive that closes another loop than that of torque, which only tends to the impedance that it is told. */
const OTHER_LOOP_NM = 15;

export class Obedience {
  astray = false;
  /** On their way: one written, one that acts, one answered. */
  readonly #commands = [emptyJointCommand(), emptyJointCommand(), emptyJointCommand()] as const;
  readonly #toleranceNm: number;

  constructor(limits: JointLimits) {
    this.#toleranceNm = limits.closesTorqueLoop ? TORQUE_NM : OTHER_LOOP_NM;
  }

  /** Once per cycle. @param command of the cycle before */
  look(command: JointCommand, joint: TrustedJoint): void {
    const [newest, before, oldest] = this.#commands;
    copy(before, oldest);
    copy(newest, before);
    copy(command, newest);
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
function copy(from: JointCommand, to: JointCommand): void {
  to.positionRad = from.positionRad;
  to.velocityRadPerSec = from.velocityRadPerSec;
  to.stiffnessNmPerRad = from.stiffnessNmPerRad;
  to.dampingNmsPerRad = from.dampingNmsPerRad;
  to.torqueNm = from.torqueNm;
}
