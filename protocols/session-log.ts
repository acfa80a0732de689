/**
 * What one cycle record holds. One table of fields is the single source for the shared-memory row, the Protobuf schema
 * inside the session file, the telemetry channels and the replay comparison. A row is a plain Float64Array, so −0, NaN
 * and ±∞ survive. States, actions, causes and commands are stored as their index in `supervision.ts`.
 */
import { actuatorDecisionFields, actuatorInputFields, emptyActuatorInputs } from './actuator-log.ts';
import type { GameRecord } from './game.ts';
import { emptyJointInputs, type DesiredCommand, type PermittedCommand, type RobotInputs } from './joints.ts';
import { sensedJointsOf, type RobotProfile } from './profile.ts';
import { emptySensedInputs, sensedDecisionFields, sensedInputFields, type SensedDecision } from './sensed-joint.ts';
import type { StopFigures } from './stop-figures.ts';
import type { Action, Cause, OperatorCommand, SupervisorState } from './supervision.ts';
import type { TrainingMode } from './training-mode.ts';

export const SESSION_LOG_VERSION = 1;

export type FieldGroup = 'cycle' | 'joint' | 'link' | 'sensed';
/** `input` and `intent` go into a decision, `decision` comes out of it and is compared by replay. */
export type FieldRole = 'input' | 'intent' | 'decision';

export interface CycleField {
  readonly key: string;
  readonly group: FieldGroup;
  readonly role: FieldRole;
  readonly unit: string;
}

const fields = (group: FieldGroup, role: FieldRole, entries: readonly (readonly [string, string])[]): CycleField[] =>
  entries.map(([key, unit]) => ({ key, group, role, unit }));

export const cycleFields: readonly CycleField[] = [
  ...fields('cycle', 'input', [
    ['cycle', '1'],
    ['nowUs', 'us'],
    ['latenessUs', 'us'],
    ['hubAgeUs', 'us'],
    ['hubSequence', '1'],
    ['hubDeviceTimeUs', 'us'],
    ['estopClosed', 'bool'],
    ['patientButtonPressed', 'bool'],
    ['enableRelayClosed', 'bool'],
    ['brakeEngaged', 'bool'],
    ['monitorAgeUs', 'us'],
    ['monitorReason', 'monitorReasons'],
    ['monitorJoint', 'index or -1'],
  ]),
  ...fields('cycle', 'input', actuatorInputFields),
  ...fields('cycle', 'intent', [
    ['sessionOpen', 'bool'],
    ['stationConnected', 'bool'],
    ['recorderHealthy', 'bool'],
    ['leaseEpoch', '1'],
    ['leaseAgeUs', 'us'],
    ['holdAgeUs', 'us'],
    ['prepared', 'bool'],
    ['preparing', 'bool'],
    ['command', 'operatorCommands+1'],
    ['commandSequence', '1'],
    ['mode', 'trainingModes'],
    ['speedMps', 'm/s'],
    ['guidanceLeft', '1'],
    ['guidanceRight', '1'],
    ['unloadingKg', 'kg'],
    ['springUpperArm', 'level'],
    ['springForearm', 'level'],
    ['liftTargetM', 'm'],
  ]),
  ...fields('cycle', 'decision', [
    ['state', 'supervisorStates'],
    ['action', 'actions'],
    ['cause', 'causes'],
    ['causeJoint', 'index or -1'],
    ['readyBlocker', 'causes'],
    ['phase', 'gait cycle 0..1, left heel strike = 0'],
    ['blend', '0..1'],
    ['stepsLeft', '1'],
    ['stepsRight', '1'],
    ['distanceM', 'm'],
    ['walkTimeUs', 'us'],
    ['upTimeUs', 'us'],
    ['assessmentStep', 'index or -1'],
    ['promptNm', 'Nm'],
    ['enable', 'bool'],
  ]),
  ...fields('cycle', 'decision', actuatorDecisionFields),
  ...fields('joint', 'input', [
    ['driveState', 'driveStates'],
    ['driveErrorCode', '1'],
    ['motorPositionRad', 'rad'],
    ['motorVelocityRadPerSec', 'rad/s'],
    ['motorTorqueNm', 'Nm'],
    ['driveTempC', 'Cel'],
    ['driveAgeUs', 'us'],
    ['driveSequence', '1'],
    ['encoderPositionRad', 'rad'],
    ['jointTorqueNm', 'Nm'],
    ['encoderQuality', '0..255'],
  ]),
  ...fields('joint', 'intent', [
    ['romScale', '1'],
    ['offsetRad', 'rad'],
    ['timingShare', '1'],
  ]),
  ...fields('joint', 'decision', [
    ['referencePositionRad', 'rad'],
    ['desiredPositionRad', 'rad'],
    ['desiredVelocityRadPerSec', 'rad/s'],
    ['desiredStiffnessNmPerRad', 'Nm/rad'],
    ['desiredDampingNmsPerRad', 'Nm.s/rad'],
    ['desiredTorqueNm', 'Nm'],
    ['permittedPositionRad', 'rad'],
    ['permittedVelocityRadPerSec', 'rad/s'],
    ['permittedStiffnessNmPerRad', 'Nm/rad'],
    ['permittedDampingNmsPerRad', 'Nm.s/rad'],
    ['permittedTorqueNm', 'Nm'],
    ['limitedBy', 'bit mask, limitReasons'],
  ]),
  ...fields('link', 'input', [
    ['linkUp', 'bool'],
    ['framesReceived', '1'],
    ['framesSent', '1'],
    ['bytesDiscarded', 'byte'],
    ['framesRefused', '1'],
  ]),
  ...fields('sensed', 'input', sensedInputFields),
  ...fields('sensed', 'decision', sensedDecisionFields),
];

/** Bits of `limitedBy`: what the envelope did to a joint's desired command. */
export const limitReasons = ['position', 'velocity', 'torque', 'torqueRate', 'stiffness', 'released'] as const;
export type LimitReason = (typeof limitReasons)[number];

/** What an operator wants, as the loop sees it in one cycle. */
export interface Intent {
  sessionOpen: boolean;
  stationConnected: boolean;
  recorderHealthy: boolean;
  /** 0 = nobody holds the robot. */
  leaseEpoch: number;
  leaseAgeUs: number;
  /** Since the button of a hold-to-run motion was last known to be held; Infinity when it is not held. */
  holdAgeUs: number;
  /** Self-test and homing have been passed since the controller started, and nothing has made them void. */
  prepared: boolean;
  /** Self-test or homing is at work, or waits for a person. */
  preparing: boolean;
  /** Acted on once, when `commandSequence` changes. */
  command: OperatorCommand | 'none';
  commandSequence: number;
  mode: TrainingMode;
  speedMps: number;
  guidanceLeft: number;
  guidanceRight: number;
  unloadingKg: number;
  springUpperArm: number;
  springForearm: number;
  /** Where a person holds the lift to; 0: nobody does. */
  liftTargetM: number;
  readonly romScale: number[];
  readonly offsetRad: number[];
  readonly timingShare: number[];
}

export interface JointDecision {
  referencePositionRad: number;
  limitedBy: number;
}

/** What one step decided. */
export interface StepOutput {
  state: SupervisorState;
  action: Action;
  cause: Cause;
  /** Joint that the cause names, or −1. */
  causeJoint: number;
  /** Why arming is refused now; `none` when it would be accepted. */
  readyBlocker: Cause;
  phase: number;
  /** 0 = at rest … 1 = full gait amplitude. */
  blend: number;
  stepsLeft: number;
  stepsRight: number;
  distanceM: number;
  walkTimeUs: number;
  upTimeUs: number;
  /** As in `AssessmentProgress`; −1 and 0 in a training. */
  assessmentStep: number;
  promptNm: number;
  readonly joints: readonly JointDecision[];
  readonly sensed: readonly SensedDecision[];
  readonly desired: DesiredCommand;
  readonly permitted: PermittedCommand;
}

/** Where each field stands in a row: cycle fields first, then per driven joint, per link, and per joint that is only measured. */
export interface CycleLayout {
  readonly jointCount: number;
  readonly linkCount: number;
  readonly sensedCount: number;
  readonly width: number;
  readonly cycle: readonly CycleField[];
  readonly joint: readonly CycleField[];
  readonly link: readonly CycleField[];
  readonly sensed: readonly CycleField[];
}

export function cycleLayout(jointCount: number, linkCount: number, sensedCount = 0): CycleLayout {
  const of = (group: FieldGroup): CycleField[] => cycleFields.filter((field) => field.group === group);
  const [cycle, joint, link, sensed] = [of('cycle'), of('joint'), of('link'), of('sensed')];
  const width = cycle.length + jointCount * joint.length + linkCount * link.length + sensedCount * sensed.length;
  return { jointCount, linkCount, sensedCount, cycle, joint, link, sensed, width };
}

export const layoutOf = (profile: RobotProfile): CycleLayout => cycleLayout(profile.joints.length, profile.links.length, sensedJointsOf(profile).length);

/** Where in a row the numbers of one field stand. */
export interface FieldPlace {
  readonly start: number;
  /** From one joint or link to the next. */
  readonly stride: number;
  readonly count: number;
}

/** @returns null for a field that no row has */
export function fieldPlace(layout: CycleLayout, key: string): FieldPlace | null {
  const { cycle, joint, link, sensed, jointCount, linkCount, sensedCount } = layout;
  const groups: readonly (readonly [readonly CycleField[], number])[] = [[cycle, 1], [joint, jointCount], [link, linkCount], [sensed, sensedCount]];
  let from = 0;
  for (const [group, count] of groups) {
    const at = group.findIndex((field) => field.key === key);
    if (at >= 0) return { start: from + at, stride: group.length, count };
    from += count * group.length;
  }
  return null;
}

/** Index in a row of a field; `index` is the number of the joint or link. */
export function fieldOffset(layout: CycleLayout, key: string, index = 0): number {
  const place = fieldPlace(layout, key);
  if (place === null) throw new RangeError(`no cycle field is called ${key}`);
  return place.start + index * place.stride;
}

/** Fresh records to fill. */
export function emptyInputs(jointCount: number, linkCount: number, sensedCount = 0): RobotInputs {
  return {
    cycle: 0,
    nowUs: 0,
    latenessUs: 0,
    joints: Array.from({ length: jointCount }, emptyJointInputs),
    sensed: Array.from({ length: sensedCount }, emptySensedInputs),
    hub: { ageUs: Infinity, sequence: 0, deviceTimeUs: 0, estopClosed: false, patientButtonPressed: false, enableRelayClosed: false, brakeEngaged: false },
    monitor: { ageUs: Infinity, reason: 'none', joint: -1 },
    ...emptyActuatorInputs(),
    links: Array.from({ length: linkCount }, () => ({ up: false, framesReceived: 0, framesSent: 0, bytesDiscarded: 0, framesRefused: 0 })),
  };
}

export const inputsOf = (profile: RobotProfile): RobotInputs => emptyInputs(profile.joints.length, profile.links.length, sensedJointsOf(profile).length);

export function emptyIntent(jointCount: number): Intent {
  return {
    sessionOpen: false,
    stationConnected: false,
    recorderHealthy: true,
    leaseEpoch: 0,
    leaseAgeUs: Infinity,
    holdAgeUs: Infinity,
    prepared: false,
    preparing: false,
    command: 'none',
    commandSequence: 0,
    mode: 'guidedGait',
    speedMps: 0,
    guidanceLeft: 0,
    guidanceRight: 0,
    unloadingKg: 0,
    springUpperArm: 0,
    springForearm: 0,
    liftTargetM: 0,
    romScale: Array.from({ length: jointCount }, () => 1),
    offsetRad: Array.from({ length: jointCount }, () => 0),
    timingShare: Array.from({ length: jointCount }, () => 0),
  };
}

/** Events stand beside the cycles: parameter changes, state changes, session marks, how stops went. */
export interface SessionEvent {
  readonly atUs: number;
  readonly kind: 'parameter' | 'state' | 'lease' | 'link' | 'session' | 'note' | 'stop' | 'game';
  /** For `parameter`: what changed, e.g. `speedMps` or `romScale.kneeLeft`; for `state`: the new state; for `stop`: the state in which it was measured. */
  readonly subject: string;
  readonly oldValue?: string;
  readonly newValue?: string;
  readonly cause?: Cause;
  readonly actor?: string;
  readonly reason?: string;
  /** For `stop`. */
  readonly stop?: StopFigures;
  /** For `game`; recorded in a channel of its own. */
  readonly game?: GameRecord;
}
