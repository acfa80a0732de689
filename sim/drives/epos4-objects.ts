/**
 * The object dictionary of a virtual EPOS4 (maxon "EPOS4 Firmware Specification"; defaults of the tuning are our own).
 * Without a CAN bus there are no PDOs, and 1016h and 6007h do nothing.
 */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { SDO_ABORT } from '../../protocols/wire/canopen.ts';
import { DEVICE_NAME_INDEX, MODE, modeBit, OD, type CanopenObject } from '../../protocols/wire/cia402.ts';
import { EPOS4_OD, EPOS4_RPM, MAXON_VENDOR_ID } from '../../protocols/wire/epos4.ts';
import { ObjectDictionary, type OdEntry } from './object-dictionary.ts';

type Epos4Profile = DriveProfileOf<'epos4'>;

/** CiA 402, servo drive. */
const DEVICE_TYPE = 0x0002_0192;
/** Software version 0160h. */
const REVISION = 0x0160_0000;
const SERIAL_NUMBER = 0x6209_5659;
const MODES: readonly number[] = [MODE.profilePosition, MODE.profileVelocity, MODE.homing, MODE.cyclicPosition, MODE.cyclicVelocity, MODE.cyclicTorque];
const NOMINAL_CURRENT_MA = 5_000;
const FRAME_TIMEOUT_MS = 500;
/** 115 200 baud. */
const BIT_RATE_CODE = 5;
const QUICK_STOP_RAMP = 2;
const MOST_RPM = 50_000;
const RAMP_RPM_PER_SEC = 10_000;
const FOLLOWING_WINDOW_COUNTS = 2_000;
const SUPPLY_DECIVOLTS = 480;
const HISTORY = 5;
const MA_PER_A = 1_000;

const object = (bytes: 1 | 2 | 4, index: number, sub = 0, signed = false): CanopenObject => ({ index, sub, bytes, signed });

export interface Epos4Rules {
  onControlword(value: number): void;
  /** Some settings are locked while the power stage is on. @returns an abort code, or 0 */
  whilePowered(): number;
}

/** Makes entries of one kind; some settings are locked while the power stage is on. */
const makers = (dictionary: ObjectDictionary, rules: Epos4Rules) => ({
  actual: (what: CanopenObject, value = 0): OdEntry => dictionary.add(what, { value }),
  setting: (what: CanopenObject, value: number, low = -Infinity, high = Infinity): OdEntry => dictionary.add(what, { access: 'rw', value, low, high }),
  locked: (what: CanopenObject, value: number, low = -Infinity, high = Infinity): OdEntry => dictionary.add(what, { access: 'rw', value, low, high, check: () => rules.whilePowered() }),
});
type Makers = ReturnType<typeof makers>;

const COUNTS: readonly (readonly [index: number, count: number])[] = [[0x1018, 4], [0x2200, 1], [0x3001, 5], [0x30d1, 2], [0x30d2, 1], [0x30d3, 1], [0x3201, 1], [0x607d, 2], [0x60c2, 2]];

const device = (dictionary: ObjectDictionary, { actual, setting }: Makers, profile: Epos4Profile) => {
  for (const [index, count] of COUNTS) dictionary.addCount(index, count);
  actual(OD.deviceType, DEVICE_TYPE);
  dictionary.addText(DEVICE_NAME_INDEX, 'EPOS4');
  actual(OD.revision, REVISION);
  setting(EPOS4_OD.nodeId, profile.address, 1, 127);
  setting(EPOS4_OD.rs232BitRate, BIT_RATE_CODE, 0, BIT_RATE_CODE);
  setting(EPOS4_OD.usbFrameTimeout, FRAME_TIMEOUT_MS);
  actual(EPOS4_OD.supplyVoltage, SUPPLY_DECIVOLTS);
  setting(OD.consumerHeartbeat, 0);
  setting(OD.producerHeartbeat, 0);
  setting(OD.abortConnection, 1, 0, 3);
  const history = Array.from({ length: HISTORY }, (_, k) => actual(object(4, 0x1003, k + 1)));
  return {
    history,
    historyCount: dictionary.add(object(1, 0x1003), { access: 'rw', high: 0, onWrite: () => history.forEach((entry) => (entry.value = 0)) }),
    errorRegister: actual(OD.errorRegister),
    vendorId: actual(OD.vendorId, MAXON_VENDOR_ID),
    productCode: actual(OD.productCode, profile.productCode),
    serialNumber: actual(OD.serialNumber, SERIAL_NUMBER),
    frameTimeout: setting(EPOS4_OD.rs232FrameTimeout, FRAME_TIMEOUT_MS, 1),
  };
};

const motor = ({ actual, locked }: Makers, profile: Epos4Profile) => {
  const ratedMicroNm = Math.round((1e6 * profile.ratedTorqueNm) / profile.gearRatio);
  locked(EPOS4_OD.polePairs, 7, 1, 255);
  actual(OD.ratedTorque, ratedMicroNm);
  locked(EPOS4_OD.torqueConstant, Math.round((ratedMicroNm * MA_PER_A) / NOMINAL_CURRENT_MA), 1);
  return {
    /** 0.1 s */
    windingTimeConstant: locked(EPOS4_OD.windingTimeConstant, 300, 1),
    nominalCurrent: locked(EPOS4_OD.nominalCurrent, NOMINAL_CURRENT_MA, 1),
    outputCurrentLimit: locked(EPOS4_OD.outputCurrentLimit, Math.round((NOMINAL_CURRENT_MA * profile.peakTorqueNm) / profile.ratedTorqueNm), 0),
    current: actual(EPOS4_OD.current),
    currentAveraged: actual(EPOS4_OD.currentAveraged),
    torqueAveraged: actual(EPOS4_OD.torqueAveraged),
    velocityAveraged: actual(EPOS4_OD.velocityAveraged),
    temperature: actual(EPOS4_OD.powerStageTemperature),
  };
};

const control = (dictionary: ObjectDictionary, { actual, setting }: Makers, rules: Epos4Rules) => {
  actual(OD.supportedModes, MODES.reduce((sum, mode) => sum + modeBit(mode), 0));
  return {
    errorCode: actual(OD.errorCode),
    controlword: dictionary.add(OD.controlword, { access: 'rw', onWrite: (value) => rules.onControlword(value) }),
    statusword: actual(OD.statusword),
    quickStopOption: setting(OD.quickStopOption, QUICK_STOP_RAMP, 0, 6),
    faultReactionOption: setting(EPOS4_OD.faultReactionOption, QUICK_STOP_RAMP, 0, 2),
    mode: dictionary.add(OD.mode, { access: 'rw', value: MODE.profilePosition, check: (mode) => (MODES.includes(mode) ? 0 : SDO_ABORT.value) }),
    modeDisplay: actual(OD.modeDisplay, MODE.profilePosition),
  };
};

const motion = ({ actual, locked, setting }: Makers, profile: Epos4Profile) => {
  const mostRpm = Math.ceil((profile.velocityRangeRadPerSec * profile.gearRatio * 60) / (2 * Math.PI));
  setting(EPOS4_OD.motionProfile, 0, 0, 0);
  setting(EPOS4_OD.interpolationIndex, -3, -3, -3);
  locked(EPOS4_OD.siUnitVelocity, EPOS4_RPM, EPOS4_RPM, EPOS4_RPM);
  return {
    positionDemand: actual(EPOS4_OD.positionDemand),
    position: actual(OD.position),
    followingWindow: setting(EPOS4_OD.followingWindow, FOLLOWING_WINDOW_COUNTS),
    velocity: actual(OD.velocity),
    targetTorque: setting(OD.targetTorque, 0),
    torque: actual(OD.torque),
    targetPosition: setting(OD.targetPosition, 0),
    softLimitLow: setting(EPOS4_OD.softLimitLow, -0x8000_0000),
    softLimitHigh: setting(EPOS4_OD.softLimitHigh, 0x7fff_ffff),
    maxProfileVelocity: setting(OD.maxProfileVelocity, MOST_RPM, 1),
    maxMotorSpeed: setting(OD.maxMotorSpeed, mostRpm, 1),
    profileVelocity: setting(OD.profileVelocity, 1_000, 1),
    profileAcceleration: setting(OD.profileAcceleration, RAMP_RPM_PER_SEC, 1),
    profileDeceleration: setting(OD.profileDeceleration, RAMP_RPM_PER_SEC, 1),
    quickStopDeceleration: setting(OD.quickStopDeceleration, RAMP_RPM_PER_SEC, 1),
    torqueOffset: setting(OD.torqueOffset, 0),
    interpolationValue: setting(EPOS4_OD.interpolationValue, 1, 1),
    targetVelocity: setting(OD.targetVelocity, 0),
  };
};

export function createEpos4Objects(profile: Epos4Profile, rules: Epos4Rules) {
  const dictionary = new ObjectDictionary();
  const make = makers(dictionary, rules);
  return { dictionary, ...device(dictionary, make, profile), ...motor(make, profile), ...control(dictionary, make, rules), ...motion(make, profile) };
}

export type Epos4Objects = ReturnType<typeof createEpos4Objects>;
