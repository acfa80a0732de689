/** The list that has to be complete before the robot may be armed; the robot itself says what is missing. */
import type { RobotProfile } from '../../protocols/profile.ts';
import type { Cause } from '../../protocols/supervision.ts';

export const readinessItems = ['estop', 'prepared', 'links', 'drives', 'hub', 'sensors', 'monitor', 'power', 'posture', 'confirmed', 'control', 'patientButton', 'recording', 'treadmill', 'support'] as const;
export type ReadinessItem = (typeof readinessItems)[number];

/** Causes that are an item's; what is found nowhere here belongs to `drives`, where somebody has to look anyway. */
const causesOf: Readonly<Record<ReadinessItem, readonly Cause[]>> = {
  estop: ['estopOpen'],
  prepared: ['notPrepared'],
  links: ['linkDown', 'linkNoisy'],
  drives: ['driveSilent', 'driveFault', 'driveNotEnabled', 'driveOverTemperature', 'overload'],
  hub: ['hubSilent', 'hubFrozen'],
  sensors: ['implausibleInput', 'sensorDisagreement', 'sensorStuck', 'torqueSensorFault', 'speedOutOfRange'],
  monitor: ['monitorDisagrees'],
  power: ['enableRelayOpen', 'brakeEngaged'],
  posture: ['outsideSoftRange', 'positionOutOfRange'],
  confirmed: ['notConfirmed'],
  control: ['operatorLost', 'stationLost', 'operatorStop'],
  patientButton: ['patientButton'],
  recording: ['recorderFailed', 'noSession'],
  treadmill: ['treadmillFault', 'treadmillDesync'],
  support: ['supportFault'],
};

/** Without these no robot of any kind is armed. */
const core: ReadonlySet<ReadinessItem> = new Set(['estop', 'prepared', 'drives', 'hub', 'sensors', 'monitor', 'power', 'confirmed']);

export interface ReadinessRow {
  readonly item: ReadinessItem;
  readonly core: boolean;
  /** null: nothing is missing. */
  readonly cause: Cause | null;
}

/** What is missing first, otherwise in the order above. */
export function readinessRows(blockers: readonly Cause[], profile: Pick<RobotProfile, 'treadmill' | 'bodyWeightSupport'>): ReadinessRow[] {
  const has = (item: ReadinessItem): boolean => (item === 'treadmill' ? profile.treadmill !== undefined : item === 'support' ? profile.bodyWeightSupport !== undefined : true);
  const known = new Set(Object.values(causesOf).flat());
  const rows = readinessItems.filter(has).map((item) => {
    const own = blockers.find((cause) => causesOf[item].includes(cause) || (item === 'drives' && !known.has(cause)));
    return { item, core: core.has(item), cause: own ?? null };
  });
  return [...rows.filter(({ cause }) => cause !== null), ...rows.filter(({ cause }) => cause === null)];
}
