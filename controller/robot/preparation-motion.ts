/**
 * Moves the joints of an empty robot: slowly, under its own weight's compensation, through an envelope with the limits of
 * homing. Every motion begins where the joints are, and ends with a fading hold that lowers the orthosis.
 */
import type { DeviceModel, JointMotion } from '../estimation/device-model.ts';
import { frictionTorque } from '../estimation/leg-dynamics.ts';
import { createDevice } from './robot-class.ts';
import { Envelope } from '../safety/envelope.ts';
import { GuidedLimits } from '../safety/guided-limits.ts';
import type { JointLimits } from '../safety/limits.ts';
import type { TrustedJoint } from '../safety/trusted-joint.ts';
import { emptyJointCommand, type DesiredCommand, type PermittedCommand } from '../../protocols/joints.ts';
import { clamp, minimumJerk } from '../../protocols/math.ts';
import type { JointProfile, RobotProfile } from '../../protocols/profile.ts';
import { degToRad } from '../../protocols/units.ts';

/** Own values, as in guided gait: the orthosis is neither jerked nor dropped. */
const POWER_UP_SEC = 0.5;
const LOWER_SEC = 1;
const HELD_DAMPING = 0.7;

interface Lane {
  readonly profile: JointProfile;
  readonly index: number;
  targetRad: number;
  targetRadPerSec: number;
  /** Beside what the model of the robot asks for. */
  pushNm: number;
}

export class PreparationMotion {
  /** Minted by the envelope; reused every cycle. */
  readonly permitted: PermittedCommand;
  readonly #lanes: readonly Lane[];
  readonly #device: DeviceModel;
  readonly #guided: GuidedLimits;
  readonly #envelope: Envelope;
  readonly #desired: DesiredCommand;
  readonly #periodSec: number;
  #power = 0;

  /** @param seen the joints that the profile only measures, in its order and kept up to date */
  constructor(profile: RobotProfile, limits: readonly JointLimits[], seen: readonly JointMotion[]) {
    const { joints, homing } = profile;
    this.#periodSec = 1 / profile.controlRateHz;
    this.#lanes = joints.map((joint, index) => ({ profile: joint, index, targetRad: 0, targetRadPerSec: 0, pushNm: 0 }));
    this.#device = createDevice(profile, seen);
    this.#guided = new GuidedLimits(limits, degToRad(homing.speedDegPerSec), homing.torqueNm);
    this.#envelope = new Envelope(this.#guided.limits, this.#periodSec);
    this.#desired = { joints: joints.map(emptyJointCommand) };
    this.permitted = this.#envelope.permitted;
  }

  /** The orthosis is fully held. */
  get holds(): boolean {
    return this.#power === 1;
  }

  /** Nothing holds it any more. */
  get lowered(): boolean {
    return this.#power === 0;
  }

  targetRad(index: number): number {
    return this.#lanes[index]?.targetRad ?? Number.NaN;
  }

  /** Torque that the empty orthosis itself asks of this joint where it is, Nm. */
  gravityNm(index: number, joints: readonly TrustedJoint[]): number {
    return this.#device.gravityNm(index, joints);
  }

  /** What the empty orthosis has for this joint to accelerate, without the drive's rotor. */
  inertiaKgM2(index: number, joints: readonly TrustedJoint[]): number {
    return this.#device.inertiaKgM2(index, joints);
  }

  /** Everything is to be held where it is. */
  begin(joints: readonly TrustedJoint[]): void {
    this.#guided.begin(joints);
    for (const lane of this.#lanes) {
      lane.targetRad = joints[lane.index]?.positionRad ?? 0;
      lane.targetRadPerSec = lane.pushNm = 0;
    }
  }

  /** @param pushNm what the joint needs beside the model of the robot, such as for a friction that is greater */
  aim(index: number, targetRad: number, targetRadPerSec: number, pushNm = 0): void {
    const lane = this.#lanes[index];
    if (lane === undefined) return;
    lane.targetRad = targetRad;
    lane.targetRadPerSec = targetRadPerSec;
    lane.pushNm = pushNm;
  }

  /** Drives enabled; the hold grows once they are seen to be. */
  hold(joints: readonly TrustedJoint[], supported: boolean): PermittedCommand {
    if (supported) this.#power = Math.min(1, this.#power + this.#periodSec / POWER_UP_SEC);
    return this.#command(joints);
  }

  /** The hold fades; then the drives are released. */
  lower(joints: readonly TrustedJoint[]): PermittedCommand {
    this.#power = Math.max(0, this.#power - this.#periodSec / LOWER_SEC);
    return this.#power === 0 ? this.release(joints) : this.#command(joints);
  }

  release(joints: readonly TrustedJoint[]): PermittedCommand {
    this.#power = 0;
    this.#envelope.apply(this.#desired, joints, false);
    return this.permitted;
  }

  #command(joints: readonly TrustedJoint[]): PermittedCommand {
    this.#guided.narrow(joints);
    const power = minimumJerk(this.#power);
    for (const lane of this.#lanes) {
      const command = this.#desired.joints[lane.index];
      if (command === undefined) continue;
      const { profile, targetRadPerSec, pushNm } = lane;
      const gravityNm = this.gravityNm(lane.index, joints);
      const stiffness = power * profile.stiffnessNmPerRad;
      const damping = 2 * HELD_DAMPING * Math.sqrt(stiffness * (this.inertiaKgM2(lane.index, joints) + profile.rotorInertiaKgM2));
      const velocityRadPerSec = joints[lane.index]?.velocityRadPerSec ?? 0;
      command.positionRad = lane.targetRad;
      command.velocityRadPerSec = targetRadPerSec;
      command.stiffnessNmPerRad = stiffness;
      command.dampingNmsPerRad = power * profile.dampingNmsPerRad;
      // What the drive cannot damp itself, rendered from here as in guided gait.
      const rest = clamp(damping - command.dampingNmsPerRad, 0, damping);
      command.torqueNm = power * (gravityNm + frictionTorque(profile, targetRadPerSec) + pushNm) + rest * (targetRadPerSec - velocityRadPerSec);
    }
    this.#envelope.apply(this.#desired, joints, true);
    return this.permitted;
  }
}
