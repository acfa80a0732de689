/**
 * What has to be in order before a mode of training may be armed. A mode is one row of the table: the core, which no mode can
 * do without and nobody can skip, and what this mode needs besides. The robot itself finds what is missing, by the lines of
 * its failsafe table that block arming; a test holds both together.
 */
import type { RobotProfile } from './profile.ts';
import type { Cause } from './supervision.ts';
import type { TrainingMode } from './training-mode.ts';

export const readinessItems = ['estop', 'prepared', 'links', 'drives', 'hub', 'sensors', 'monitor', 'power', 'posture', 'confirmed', 'control', 'patientButton', 'recording', 'treadmill', 'support', 'lift'] as const;
export type ReadinessItem = (typeof readinessItems)[number];

/** Without these no robot of any kind is armed: it can be stopped, it knows where it is, and somebody has looked at the patient. */
export const coreItems = ['estop', 'prepared', 'drives', 'hub', 'sensors', 'monitor', 'power', 'confirmed'] as const satisfies readonly ReadinessItem[];

/** Besides the core; of what a robot has. */
const walking: readonly ReadinessItem[] = ['links', 'posture', 'control', 'patientButton', 'recording', 'treadmill', 'support', 'lift'];
const seated: readonly ReadinessItem[] = ['links', 'posture', 'control', 'patientButton', 'recording', 'lift'];
export const modeNeeds: Readonly<Record<TrainingMode, readonly ReadinessItem[]>> = {
  // A pattern is led through the permitted range, on the belt and in the harness; the same legs walk the same way in the other modes.
  guidedGait: walking,
  pathControl: walking,
  assistStiffness: walking,
  assistTorque: walking,
  transparent: walking,
  resist: walking,
  replay: walking,
  free: ['links'],
  passiveMotion: seated,
  triggered: seated,
  levelWalk: walking,
  slopeWalk: walking,
  stairsUp: walking,
  stairsDown: walking,
  mirrorMotion: seated,
  leftLeads: seated,
  rightLeads: seated,
  leftLeadsParallel: seated,
  rightLeadsParallel: seated,
};

/** Causes that are an item's; what is found nowhere here belongs to `drives`, where somebody has to look anyway. */
const causesOf: Readonly<Record<ReadinessItem, readonly Cause[]>> = {
  estop: ['estopOpen'],
  prepared: ['notPrepared'],
  links: ['linkDown', 'linkNoisy'],
  drives: ['driveSilent', 'driveFault', 'driveNotEnabled', 'driveOverTemperature', 'overload', 'stanceTooHeavy'],
  hub: ['hubSilent', 'hubFrozen'],
  sensors: ['sensorSilent', 'sensorServoOn', 'implausibleInput', 'sensorDisagreement', 'sensorStuck', 'torqueSensorFault', 'speedOutOfRange'],
  monitor: ['monitorDisagrees'],
  power: ['enableRelayOpen', 'brakeEngaged', 'brakesOpen'],
  posture: ['outsideSoftRange', 'positionOutOfRange'],
  confirmed: ['notConfirmed'],
  control: ['operatorLost', 'stationLost', 'operatorStop'],
  patientButton: ['patientButton'],
  recording: ['recorderFailed', 'noSession'],
  treadmill: ['treadmillFault', 'treadmillDesync'],
  support: ['supportFault'],
  lift: ['liftFault', 'liftMoving'],
};

export const itemOf = (cause: Cause): ReadinessItem => readinessItems.find((item) => causesOf[item].includes(cause)) ?? 'drives';

export const isCore = (item: ReadinessItem): boolean => coreItems.some((core) => core === item);

/** In the order above. */
export function itemsOf(mode: TrainingMode, { treadmill, bodyWeightSupport, armLift }: Pick<RobotProfile, 'treadmill' | 'bodyWeightSupport' | 'armLift'>): readonly ReadinessItem[] {
  const drives: Partial<Record<ReadinessItem, boolean>> = { treadmill: treadmill !== undefined, support: bodyWeightSupport !== undefined, lift: armLift !== undefined };
  return readinessItems.filter((item) => (isCore(item) || modeNeeds[mode].includes(item)) && drives[item] !== false);
}
