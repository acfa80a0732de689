/** The object dictionary of a virtual CiA 402 drive: what a typical servo drive has, with its defaults. */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { DEVICE_NAME_INDEX, MODE, modeBit, OD, SOFTWARE_VERSION_INDEX, type CanopenObject } from '../../protocols/wire/cia402.ts';
import { PDO_ON_EVENT, PDO_ON_SYNC, pdoEntry, SDO_ABORT } from '../../protocols/wire/canopen.ts';
import type { PdoDefaults } from './canopen-node.ts';
import { ObjectDictionary, type OdEntry } from './object-dictionary.ts';

/** CiA 402, servo drive. */
const DEVICE_TYPE = 0x0002_0192;
const HARDWARE_VERSION_INDEX = 0x1009;
const REVISION = 0x0001_0000;
const SERIAL_NUMBER = 42;
const FAULT_ON_LOSS = 1;
const QUICK_STOP_RAMP = 2;
const MODES: readonly number[] = [MODE.profilePosition, MODE.profileVelocity, MODE.profileTorque, MODE.homing, MODE.cyclicPosition, MODE.cyclicVelocity, MODE.cyclicTorque];
/** Homing at the place where the motor is; 35 is the older number of 37. */
const HOMING_METHODS: readonly number[] = [0, 35, 37];
const NO_FOLLOWING_WINDOW = 0xffff_ffff;
const MOST_TORQUE = 0xffff;

const OTHER = {
  shutdownOption: { index: 0x605b, sub: 0, bytes: 2, signed: true },
  disableOption: { index: 0x605c, sub: 0, bytes: 2, signed: true },
  haltOption: { index: 0x605d, sub: 0, bytes: 2, signed: true },
  faultReactionOption: { index: 0x605e, sub: 0, bytes: 2, signed: true },
  positionDemand: { index: 0x6062, sub: 0, bytes: 4, signed: true },
  positionInternal: { index: 0x6063, sub: 0, bytes: 4, signed: true },
  followingWindow: { index: 0x6065, sub: 0, bytes: 4, signed: false },
  velocityDemand: { index: 0x606b, sub: 0, bytes: 4, signed: true },
  torqueDemand: { index: 0x6074, sub: 0, bytes: 2, signed: true },
  ratedCurrent: { index: 0x6075, sub: 0, bytes: 4, signed: false },
  current: { index: 0x6078, sub: 0, bytes: 2, signed: true },
  homeOffset: { index: 0x607c, sub: 0, bytes: 4, signed: true },
  softLimitLow: { index: 0x607d, sub: 1, bytes: 4, signed: true },
  softLimitHigh: { index: 0x607d, sub: 2, bytes: 4, signed: true },
  motionProfile: { index: 0x6086, sub: 0, bytes: 2, signed: true },
  homingMethod: { index: 0x6098, sub: 0, bytes: 1, signed: true },
  interpolationValue: { index: 0x60c2, sub: 1, bytes: 1, signed: false },
  interpolationExponent: { index: 0x60c2, sub: 2, bytes: 1, signed: true },
  digitalInputs: { index: 0x60fd, sub: 0, bytes: 4, signed: false },
  digitalOutputs: { index: 0x60fe, sub: 1, bytes: 4, signed: false },
} as const satisfies Record<string, CanopenObject>;

const entryOf = ({ index, sub, bytes }: CanopenObject): number => pdoEntry(index, sub, 8 * bytes);

/** The predefined connection set as CORC's drives have it: status on change, actual values on SYNC, targets at once. */
export const CIA402_PDOS: { readonly rpdo: readonly PdoDefaults[]; readonly tpdo: readonly PdoDefaults[] } = {
  rpdo: [OD.controlword, OD.targetPosition, OD.targetVelocity, OD.targetTorque].map((object) => ({ type: PDO_ON_EVENT, entries: [entryOf(object)] })),
  tpdo: [
    { type: PDO_ON_EVENT, entries: [entryOf(OD.statusword)] },
    { type: PDO_ON_SYNC, entries: [entryOf(OD.position), entryOf(OD.velocity)] },
    { type: PDO_ON_SYNC, entries: [entryOf(OD.torque)] },
    { type: PDO_ON_EVENT, entries: [entryOf(OTHER.digitalInputs)] },
  ],
};

/** Makes entries of one kind. */
const makers = (dictionary: ObjectDictionary) => ({
  fixed: (object: CanopenObject, value = 0): OdEntry => dictionary.add(object, { value }),
  actual: (object: CanopenObject): OdEntry => dictionary.add(object, { pdo: 'tx' }),
  setting: (object: CanopenObject, value: number, low = -Infinity, high = Infinity): OdEntry => dictionary.add(object, { access: 'rw', value, low, high }),
  target: (object: CanopenObject): OdEntry => dictionary.add(object, { access: 'rw', pdo: 'both' }),
});

const identity = (dictionary: ObjectDictionary, drive: DriveProfileOf<'cia402'>) => {
  const { fixed } = makers(dictionary);
  fixed(OD.deviceType, DEVICE_TYPE);
  dictionary.addText(DEVICE_NAME_INDEX, drive.model);
  dictionary.addText(HARDWARE_VERSION_INDEX, 'virtual');
  dictionary.addText(SOFTWARE_VERSION_INDEX, '1.0.0');
  dictionary.addCount(OD.vendorId.index, 4);
  fixed(OD.revision, REVISION);
  return {
    vendorId: fixed(OD.vendorId, drive.vendorId),
    productCode: fixed(OD.productCode, drive.productCode),
    serialNumber: fixed(OD.serialNumber, drive.serialNumber ?? SERIAL_NUMBER),
  };
};

/** @param onControlword also called with the same word again: a rising edge needs a falling one */
const control = (dictionary: ObjectDictionary, onControlword: (value: number) => void) => {
  const { actual, fixed, setting, target } = makers(dictionary);
  fixed(OD.supportedModes, MODES.reduce((sum, mode) => sum + modeBit(mode), 0));
  setting(OTHER.shutdownOption, 0, 0, 0);
  setting(OTHER.disableOption, 0, 0, 0);
  setting(OTHER.haltOption, 1, 1, 1);
  dictionary.addCount(OTHER.digitalOutputs.index, 1);
  return {
    abortConnection: setting(OD.abortConnection, FAULT_ON_LOSS, 0, 3),
    errorCode: actual(OD.errorCode),
    controlword: dictionary.add(OD.controlword, { access: 'rw', pdo: 'both', onWrite: onControlword }),
    statusword: actual(OD.statusword),
    quickStopOption: setting(OD.quickStopOption, QUICK_STOP_RAMP, 0, 6),
    faultReactionOption: setting(OTHER.faultReactionOption, QUICK_STOP_RAMP, 0, 2),
    mode: dictionary.add(OD.mode, { access: 'rw', pdo: 'both', check: (mode) => (mode === 0 || MODES.includes(mode) ? 0 : SDO_ABORT.value) }),
    modeDisplay: actual(OD.modeDisplay),
    digitalInputs: actual(OTHER.digitalInputs),
    digitalOutputs: target(OTHER.digitalOutputs),
  };
};

const values = (dictionary: ObjectDictionary) => {
  const { actual, target } = makers(dictionary);
  return {
    positionDemand: actual(OTHER.positionDemand),
    positionInternal: actual(OTHER.positionInternal),
    position: actual(OD.position),
    velocityDemand: actual(OTHER.velocityDemand),
    velocity: actual(OD.velocity),
    torqueDemand: actual(OTHER.torqueDemand),
    torque: actual(OD.torque),
    current: actual(OTHER.current),
    targetPosition: target(OD.targetPosition),
    targetVelocity: target(OD.targetVelocity),
    targetTorque: target(OD.targetTorque),
    torqueOffset: target(OD.torqueOffset),
  };
};

const settings = (dictionary: ObjectDictionary, drive: DriveProfileOf<'cia402'>) => {
  const { setting } = makers(dictionary);
  const unitsPerRadPerSec = drive.velocityUnitsPerTurnPerSec / (2 * Math.PI);
  const perSec2 = (radPerSec2: number): number => Math.max(1, Math.round(radPerSec2 * unitsPerRadPerSec));
  dictionary.addCount(OTHER.softLimitLow.index, 2);
  dictionary.addCount(OTHER.interpolationValue.index, 2);
  setting(OTHER.motionProfile, 0, 0, 0);
  setting(OTHER.interpolationExponent, -3, -3, -3);
  setting(OTHER.ratedCurrent, 1_000, 1);
  setting(OD.ratedTorque, Math.round((1_000 * drive.ratedTorqueNm) / drive.gearRatio), 1);
  return {
    followingWindow: setting(OTHER.followingWindow, NO_FOLLOWING_WINDOW),
    maxTorque: setting(OD.maxTorque, Math.min(MOST_TORQUE, Math.round((1_000 * drive.peakTorqueNm) / drive.ratedTorqueNm))),
    homeOffset: setting(OTHER.homeOffset, 0),
    softLimitLow: setting(OTHER.softLimitLow, -0x8000_0000),
    softLimitHigh: setting(OTHER.softLimitHigh, 0x7fff_ffff),
    maxProfileVelocity: setting(OD.maxProfileVelocity, Math.round(drive.velocityRangeRadPerSec * unitsPerRadPerSec)),
    maxMotorSpeed: setting(OD.maxMotorSpeed, Math.round((drive.velocityRangeRadPerSec * drive.gearRatio * 60) / (2 * Math.PI))),
    profileVelocity: setting(OD.profileVelocity, perSec2(1)),
    profileAcceleration: setting(OD.profileAcceleration, perSec2(10), 1),
    profileDeceleration: setting(OD.profileDeceleration, perSec2(10), 1),
    quickStopDeceleration: setting(OD.quickStopDeceleration, perSec2(50), 1),
    torqueSlope: setting(OD.torqueSlope, 1_000, 1),
    homingMethod: dictionary.add(OTHER.homingMethod, { access: 'rw', value: 37, check: (method) => (HOMING_METHODS.includes(method) ? 0 : SDO_ABORT.value) }),
    interpolationValue: setting(OTHER.interpolationValue, 4, 1),
  };
};

export function createCia402Objects(drive: DriveProfileOf<'cia402'>, onControlword: (value: number) => void) {
  const dictionary = new ObjectDictionary();
  return { dictionary, ...identity(dictionary, drive), ...control(dictionary, onControlword), ...values(dictionary), ...settings(dictionary, drive) };
}

export type Cia402Objects = ReturnType<typeof createCia402Objects>;
