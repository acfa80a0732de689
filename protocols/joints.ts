/**
 * The records that travel through one control cycle. All joint quantities are in the joint's own coordinates:
 * SI units, flexion positive. Records are filled in place and reused (two of each kind at most), so a reader that
 * wants to keep one copies it.
 */

import type { SensedInputs } from './sensed-joint.ts';

export const driveStates = ['absent', 'disabled', 'enabled', 'fault'] as const;
/** `absent`: the drive has not answered since its link opened, or the link is down. */
export type DriveState = (typeof driveStates)[number];

/** What is known of one joint at the start of a cycle: the drive's view (motor side) and the hub's (joint side). */
export interface JointInputs {
  driveState: DriveState;
  /** The manual's error code, 0 = none. */
  driveErrorCode: number;
  motorPositionRad: number;
  motorVelocityRadPerSec: number;
  motorTorqueNm: number;
  driveTempC: number;
  /** Age of the newest accepted drive frame; Infinity before the first one. */
  driveAgeUs: number;
  /** Accepted drive frames since the link opened. */
  driveSequence: number;
  encoderPositionRad: number;
  jointTorqueNm: number;
  /** 0 = unusable … 255 = good, as the hub reports it. */
  encoderQuality: number;
}

export interface HubInputs {
  /** Age of the newest accepted hub frame; Infinity before the first one. */
  ageUs: number;
  sequence: number;
  deviceTimeUs: number;
  estopClosed: boolean;
  patientButtonPressed: boolean;
  enableRelayClosed: boolean;
  brakeEngaged: boolean;
}

/** Why the independent monitor gives the hub no answer; `none`: it sees nothing wrong. */
export const monitorReasons = ['none', 'hubSilent', 'driveSilent', 'jointUnseen', 'range', 'speed', 'torque', 'bytesLost'] as const;
export type MonitorReason = (typeof monitorReasons)[number];

/** The independent monitor as the loop sees it: a verdict and a sign of life, nothing that it works with. */
export interface MonitorInputs {
  /** Since it last showed that it looks; Infinity before the first time. */
  ageUs: number;
  reason: MonitorReason;
  /** Joint that the reason names, or −1. */
  joint: number;
}

/** What the treadmill told last; a robot without one keeps `ageUs` Infinity. */
export interface TreadmillInputs {
  /** Age of the newest accepted treadmill frame; Infinity before the first one. */
  ageUs: number;
  leftMps: number;
  rightMps: number;
  /** It would follow a set-point. */
  ready: boolean;
  stopRopePulled: boolean;
  fault: boolean;
}

/** Vertical force on each load cell, as old as what else the hub tells; a robot without such cells keeps 0. */
export interface FootLoads {
  leftHeelN: number;
  leftForefootN: number;
  rightHeelN: number;
  rightForefootN: number;
}

/** What the body-weight support told last; a robot without one keeps `ageUs` Infinity. */
export interface SupportInputs {
  ageUs: number;
  /** Measured in the rope. */
  unloadingN: number;
  /** The brake of the rope is closed. */
  locked: boolean;
  fault: boolean;
}

/** What the handle of an arm told last; a robot without one keeps `ageUs` Infinity. */
export interface GripInputs {
  ageUs: number;
  forceN: number;
}

/** What the lift of an arm robot told last; a robot without one keeps `ageUs` Infinity. */
export interface LiftInputs {
  ageUs: number;
  /** Of the robot's shoulder over the ground. */
  heightM: number;
  moving: boolean;
  fault: boolean;
}

export interface LinkInputs {
  up: boolean;
  /** Totals since the process started. */
  framesReceived: number;
  framesSent: number;
  bytesDiscarded: number;
  /** Frames the transport would not take: its queue was full or the port gone. */
  framesRefused: number;
}

/** One read of the whole robot. Nothing reads hardware later in the cycle. */
/** What muscles show, by channel: of the newest block of samples. */
export interface EmgInputs {
  /** Grows with each block. */
  sequence: number;
  /** Mean and greatest of the rectified samples, µV. */
  readonly meanUv: number[];
  readonly peakUv: number[];
}

export interface RobotInputs {
  cycle: number;
  /** Monotonic loop time. */
  nowUs: number;
  /** How late this tick began; 0 in lock-step. */
  latenessUs: number;
  readonly joints: readonly JointInputs[];
  /** Joints that are measured and never moved, in the order of the profile. */
  readonly sensed: readonly SensedInputs[];
  readonly hub: HubInputs;
  readonly treadmill: TreadmillInputs;
  readonly support: SupportInputs;
  readonly feet: FootLoads;
  readonly grip: GripInputs;
  readonly lift: LiftInputs;
  readonly emg: EmgInputs;
  readonly monitor: MonitorInputs;
  readonly links: readonly LinkInputs[];
}

/** An impedance set-point: torque = K·(q_d − q) + B·(q̇_d − q̇) + τ_ff, closed in the drive. */
export interface JointCommand {
  positionRad: number;
  velocityRadPerSec: number;
  stiffnessNmPerRad: number;
  dampingNmsPerRad: number;
  torqueNm: number;
}

/** What therapy wants. It has no way to reach a drive: only the envelope turns it into a `PermittedCommand`. */
export interface DesiredCommand {
  readonly joints: readonly JointCommand[];
  /** Absent: the belt is to stand. */
  beltSpeedMps?: number;
  /** Absent: the support is to stay as it is. */
  unloadingN?: number;
}

export const emptyJointInputs = (): JointInputs => ({
  driveState: 'absent',
  driveErrorCode: 0,
  motorPositionRad: 0,
  motorVelocityRadPerSec: 0,
  motorTorqueNm: 0,
  driveTempC: 0,
  driveAgeUs: Infinity,
  driveSequence: 0,
  encoderPositionRad: 0,
  jointTorqueNm: 0,
  encoderQuality: 0,
});

export const emptyJointCommand = (): JointCommand => ({
  positionRad: 0,
  velocityRadPerSec: 0,
  stiffnessNmPerRad: 0,
  dampingNmsPerRad: 0,
  torqueNm: 0,
});

/**
 * What becomes of the hub's enable relay, which carries the drives' power: fed with heartbeats; not fed, so that it opens
 * when they have been missing for the profile's time; or not fed and told to open at once.
 */
export type RelayOrder = 'keepClosed' | 'starve' | 'open';

/**
 * A command that the safety envelope let pass; `RobotIo.write` accepts nothing else. The private mark cannot be
 * copied by a cast, `Object.assign` or `structuredClone`, so a forged one is refused at run time too. Only
 * `controller/safety/envelope.ts` may call `mint` (the architecture test checks it).
 */
export class PermittedCommand {
  readonly #mark = true;
  /** false: the drives are told to release (zero torque, disabled). */
  enable = false;
  /** Of a treadmill: both belts. */
  beltSpeedMps = 0;
  /** false: the treadmill is to brake by itself and to take its motor's power. */
  beltEnable = false;
  /** Of a body-weight support. */
  unloadingN = 0;
  lockSupport = true;
  /** Of a lift: where the robot's shoulder is to be. */
  liftHeightM = 0;
  /** false: the lift is to stop. */
  liftEnable = false;
  /** Of a robot whose stops end in its brakes; of any other robot always false, and its brakes are left as they are. */
  closeBrakes = false;
  readonly joints: readonly JointCommand[];

  private constructor(jointCount: number) {
    this.joints = Array.from({ length: jointCount }, emptyJointCommand);
  }

  static mint(jointCount: number): PermittedCommand {
    return new PermittedCommand(jointCount);
  }

  static isGenuine(candidate: unknown): candidate is PermittedCommand {
    return typeof candidate === 'object' && candidate !== null && #mark in candidate && candidate.#mark;
  }
}
