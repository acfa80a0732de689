/** The impedance law for drives without one: closed by the host at the loop's rate on the motor's own encoder. */
import type { JointCommand } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import type { DriveSeat } from './drive.ts';

/**
 * τ = K·(q_d − q) + B·(q̇_d − q̇) + τ_ff in joint coordinates, within the joint's torque limit. Gains are held to what
 * the profile calls stable for this drive at this rate.
 * @returns null for a command or a state without meaning (not finite): the drive is then released
 */
export function hostImpedanceNm(joint: DriveSeat, command: Readonly<JointCommand>, positionRad: number, velocityRadPerSec: number): number | null {
  const stiffness = Math.min(command.stiffnessNmPerRad, joint.drive.stiffnessMaxNmPerRad);
  const damping = Math.min(command.dampingNmsPerRad, joint.drive.dampingMaxNmsPerRad);
  const torqueNm = stiffness * (command.positionRad - positionRad) + damping * (command.velocityRadPerSec - velocityRadPerSec) + command.torqueNm;
  return Number.isFinite(torqueNm) ? clamp(torqueNm, -joint.torqueLimitNm, joint.torqueLimitNm) : null;
}
