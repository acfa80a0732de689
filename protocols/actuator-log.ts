/** The part of a cycle record that tells of treadmill, body-weight support, the load under the feet, the grip of a hand, the lift of an arm robot, muscles, and brakes. Robots without them keep it empty. */
import type { DesiredCommand, EmgInputs, FootLoads, GripInputs, LiftInputs, PermittedCommand, RobotInputs, SupportInputs, TreadmillInputs } from './joints.ts';
import { EMG_CHANNELS } from './trigger.ts';

const emgFields = (of: 'Mean' | 'Peak'): [string, string][] => Array.from({ length: EMG_CHANNELS }, (_, channel) => [`emg${of}Uv${channel + 1}`, 'uV']);

/** As [key, unit], in the order in which `writeActuatorInputs` writes. */
export const actuatorInputFields: readonly (readonly [string, string])[] = [
  ['treadmillAgeUs', 'us'],
  ['beltLeftMps', 'm/s'],
  ['beltRightMps', 'm/s'],
  ['treadmillReady', 'bool'],
  ['stopRopePulled', 'bool'],
  ['treadmillFault', 'bool'],
  ['supportAgeUs', 'us'],
  ['unloadingN', 'N'],
  ['supportLocked', 'bool'],
  ['supportFault', 'bool'],
  ['leftHeelN', 'N'],
  ['leftForefootN', 'N'],
  ['rightHeelN', 'N'],
  ['rightForefootN', 'N'],
  ['gripAgeUs', 'us'],
  ['gripN', 'N'],
  ['liftAgeUs', 'us'],
  ['liftHeightM', 'm'],
  ['liftMoving', 'bool'],
  ['liftFault', 'bool'],
  ['emgSequence', '1'],
  ...emgFields('Mean'),
  ...emgFields('Peak'),
];

export const actuatorDecisionFields: readonly (readonly [string, string])[] = [
  ['desiredBeltMps', 'm/s'],
  ['desiredUnloadingN', 'N'],
  ['permittedBeltMps', 'm/s'],
  ['beltEnable', 'bool'],
  ['permittedUnloadingN', 'N'],
  ['lockSupport', 'bool'],
  ['closeBrakes', 'bool'],
  ['permittedLiftM', 'm'],
  ['liftEnable', 'bool'],
];

/** @returns the index after the last field */
export function writeActuatorInputs(row: Float64Array, start: number, { treadmill, support, feet, grip, lift, emg }: RobotInputs): number {
  let at = start;
  row[at++] = treadmill.ageUs;
  row[at++] = treadmill.leftMps;
  row[at++] = treadmill.rightMps;
  row[at++] = Number(treadmill.ready);
  row[at++] = Number(treadmill.stopRopePulled);
  row[at++] = Number(treadmill.fault);
  row[at++] = support.ageUs;
  row[at++] = support.unloadingN;
  row[at++] = Number(support.locked);
  row[at++] = Number(support.fault);
  row[at++] = feet.leftHeelN;
  row[at++] = feet.leftForefootN;
  row[at++] = feet.rightHeelN;
  row[at++] = feet.rightForefootN;
  row[at++] = grip.ageUs;
  row[at++] = grip.forceN;
  row[at++] = lift.ageUs;
  row[at++] = lift.heightM;
  row[at++] = Number(lift.moving);
  row[at++] = Number(lift.fault);
  row[at++] = emg.sequence;
  for (let channel = 0; channel < EMG_CHANNELS; channel++) row[at++] = emg.meanUv[channel] ?? 0;
  for (let channel = 0; channel < EMG_CHANNELS; channel++) row[at++] = emg.peakUv[channel] ?? 0;
  return at;
}

export function readActuatorInputs(take: () => number, { treadmill, support, feet, grip, lift, emg }: RobotInputs): void {
  treadmill.ageUs = take();
  treadmill.leftMps = take();
  treadmill.rightMps = take();
  treadmill.ready = take() !== 0;
  treadmill.stopRopePulled = take() !== 0;
  treadmill.fault = take() !== 0;
  support.ageUs = take();
  support.unloadingN = take();
  support.locked = take() !== 0;
  support.fault = take() !== 0;
  feet.leftHeelN = take();
  feet.leftForefootN = take();
  feet.rightHeelN = take();
  feet.rightForefootN = take();
  grip.ageUs = take();
  grip.forceN = take();
  lift.ageUs = take();
  lift.heightM = take();
  lift.moving = take() !== 0;
  lift.fault = take() !== 0;
  emg.sequence = take();
  for (let channel = 0; channel < EMG_CHANNELS; channel++) emg.meanUv[channel] = take();
  for (let channel = 0; channel < EMG_CHANNELS; channel++) emg.peakUv[channel] = take();
}

/** @returns the index after the last field */
export function writeActuatorDecisions(row: Float64Array, start: number, desired: DesiredCommand, permitted: PermittedCommand): number {
  let at = start;
  row[at++] = desired.beltSpeedMps ?? 0;
  row[at++] = desired.unloadingN ?? 0;
  row[at++] = permitted.beltSpeedMps;
  row[at++] = Number(permitted.beltEnable);
  row[at++] = permitted.unloadingN;
  row[at++] = Number(permitted.lockSupport);
  row[at++] = Number(permitted.closeBrakes);
  row[at++] = permitted.liftHeightM;
  row[at++] = Number(permitted.liftEnable);
  return at;
}

export const emptyActuatorInputs = (): { treadmill: TreadmillInputs; support: SupportInputs; feet: FootLoads; grip: GripInputs; lift: LiftInputs; emg: EmgInputs } => ({
  treadmill: { ageUs: Infinity, leftMps: 0, rightMps: 0, ready: false, stopRopePulled: false, fault: false },
  support: { ageUs: Infinity, unloadingN: 0, locked: false, fault: false },
  feet: { leftHeelN: 0, leftForefootN: 0, rightHeelN: 0, rightForefootN: 0 },
  grip: { ageUs: Infinity, forceN: 0 },
  lift: { ageUs: Infinity, heightM: 0, moving: false, fault: false },
  emg: { sequence: 0, meanUv: Array.from({ length: EMG_CHANNELS }, () => 0), peakUv: Array.from({ length: EMG_CHANNELS }, () => 0) },
});
