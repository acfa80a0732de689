/**
 * Control table of the Dynamixel X series and what its numbers mean. Source: ROBOTIS e-manual, pages of XM430-W350 and
 * XL330-M288, with their notes on operating mode, drive mode, bus watchdog, shutdown and indirect addresses.
 *
 * Addresses below 64 are EEPROM: they survive a reboot and are locked while torque is on. The others are RAM and start
 * at their defaults.
 */

export interface DxlItem {
  readonly address: number;
  /** 1, 2 or 4. */
  readonly bytes: number;
  readonly writable: boolean;
  /** Two's complement; most registers are not. */
  readonly signed: boolean;
  /** A value outside is a data range error. */
  readonly min: number;
  readonly max: number;
  readonly initial: number;
}

const item = (address: number, bytes: number, initial: number, min: number, max: number): DxlItem => ({ address, bytes, writable: true, signed: min < 0, min, max, initial });
const readOnly = (address: number, bytes: number, initial = 0, signed = false): DxlItem => ({ address, bytes, writable: false, signed, min: 0, max: 0, initial });

/** XM430-W350; `dxlModels` says where others differ. */
export const dxlTable = {
  modelNumber: readOnly(0, 2, 1_020),
  modelInformation: readOnly(2, 4),
  firmwareVersion: readOnly(6, 1, 45),
  id: item(7, 1, 1, 0, 252),
  baudRate: item(8, 1, 1, 0, 7),
  /** 2 µs each. */
  returnDelay: item(9, 1, 250, 0, 254),
  driveMode: item(10, 1, 0, 0, 0x0d),
  operatingMode: item(11, 1, 3, 0, 16),
  secondaryId: item(12, 1, 255, 0, 255),
  protocolType: item(13, 1, 2, 2, 2),
  homingOffset: item(20, 4, 0, -1_044_479, 1_044_479),
  movingThreshold: item(24, 4, 10, 0, 1_023),
  temperatureLimit: item(31, 1, 80, 0, 100),
  maxVoltageLimit: item(32, 2, 160, 95, 160),
  minVoltageLimit: item(34, 2, 95, 95, 160),
  pwmLimit: item(36, 2, 885, 0, 885),
  currentLimit: item(38, 2, 1_193, 0, 2_047),
  accelerationLimit: item(40, 4, 32_767, 0, 32_767),
  velocityLimit: item(44, 4, 350, 0, 1_023),
  maxPositionLimit: item(48, 4, 4_095, 0, 4_095),
  minPositionLimit: item(52, 4, 0, 0, 4_095),
  /** Bit 0: torque comes on with the power; bit 1: RAM is restored. */
  startupConfiguration: item(60, 1, 0, 0, 3),
  shutdown: item(63, 1, 0x34, 0, 0x3d),

  torqueEnable: item(64, 1, 0, 0, 1),
  led: item(65, 1, 0, 0, 1),
  statusReturnLevel: item(68, 1, 2, 0, 2),
  registeredInstruction: readOnly(69, 1),
  hardwareErrorStatus: readOnly(70, 1),
  velocityIGain: item(76, 2, 1_920, 0, 16_383),
  velocityPGain: item(78, 2, 100, 0, 16_383),
  positionDGain: item(80, 2, 0, 0, 16_383),
  positionIGain: item(82, 2, 0, 0, 16_383),
  positionPGain: item(84, 2, 800, 0, 16_383),
  feedforward2nd: item(88, 2, 0, 0, 16_383),
  feedforward1st: item(90, 2, 0, 0, 16_383),
  /** 20 ms each, 0 = off; −1 is read after it has tripped. */
  busWatchdog: item(98, 1, 0, -1, 127),
  goalPwm: item(100, 2, 0, -885, 885),
  goalCurrent: item(102, 2, 0, -2_047, 2_047),
  goalVelocity: item(104, 4, 0, -1_023, 1_023),
  profileAcceleration: item(108, 4, 0, 0, 32_767),
  profileVelocity: item(112, 4, 0, 0, 32_767),
  goalPosition: item(116, 4, 0, -1_048_575, 1_048_575),
  realtimeTick: readOnly(120, 2),
  moving: readOnly(122, 1),
  movingStatus: readOnly(123, 1),
  presentPwm: readOnly(124, 2, 0, true),
  presentCurrent: readOnly(126, 2, 0, true),
  presentVelocity: readOnly(128, 4, 0, true),
  presentPosition: readOnly(132, 4, 0, true),
  velocityTrajectory: readOnly(136, 4, 0, true),
  positionTrajectory: readOnly(140, 4, 0, true),
  presentInputVoltage: readOnly(144, 2, 120),
  presentTemperature: readOnly(146, 1),
  backupReady: readOnly(147, 1),
} as const satisfies Record<string, DxlItem>;

export const DXL_EEPROM_END = 64;
/** The first address behind the table. */
export const DXL_TABLE_END = 662;

export const dxlModes = { current: 0, velocity: 1, position: 3, extendedPosition: 4, currentBasedPosition: 5, pwm: 16 } as const;

export const dxlDriveMode = { reverse: 0x01, timeBasedProfile: 0x04, torqueOnByGoalUpdate: 0x08 } as const;

/** Bits of `hardwareErrorStatus` and `shutdown`. */
export const dxlHardwareErrors = { inputVoltage: 0x01, overheating: 0x04, encoder: 0x08, electricalShock: 0x10, overload: 0x20 } as const;

export const DXL_WATCHDOG_UNIT_MS = 20;
export const DXL_WATCHDOG_MOST = 127;
/** Byte that is read after the watchdog has tripped: −1. */
export const DXL_WATCHDOG_TRIPPED = 0xff;
export const DXL_RETURN_DELAY_UNIT_US = 2;
export const DXL_COUNTS_PER_TURN = 4_096;
const SECONDS_PER_MINUTE = 60;
/** 0.229 rpm. */
export const DXL_VELOCITY_UNIT_RAD_PER_SEC = (0.229 * 2 * Math.PI) / SECONDS_PER_MINUTE;
/** 214.577 rev/min². */
export const DXL_ACCELERATION_UNIT_RAD_PER_SEC2 = (214.577 * 2 * Math.PI) / SECONDS_PER_MINUTE ** 2;
export const DXL_RAD_PER_COUNT = (2 * Math.PI) / DXL_COUNTS_PER_TURN;

/** Each entry of the address area names what is behind one byte of the data area. */
export interface DxlIndirectArea {
  readonly addresses: number;
  readonly data: number;
  readonly entries: number;
}

const X_INDIRECT: readonly DxlIndirectArea[] = [
  { addresses: 168, data: 224, entries: 28 },
  { addresses: 578, data: 634, entries: 28 },
];
const SMALL_INDIRECT: readonly DxlIndirectArea[] = [{ addresses: 168, data: 208, entries: 20 }];

/** What an indirect address may name: RAM. */
export const DXL_INDIRECT_LEAST = DXL_EEPROM_END;
export const DXL_INDIRECT_MOST = DXL_TABLE_END - 1;

export interface DxlModel {
  readonly name: string;
  readonly indirect: readonly DxlIndirectArea[];
  /** false: the model measures no current and has no current modes; address 126 tells its load. */
  readonly current: boolean;
  /** Greatest value of `currentLimit`. */
  readonly currentLimitMost: number;
  readonly baudRateMost: number;
}

const model = (name: string, current = true): DxlModel => ({ name, indirect: X_INDIRECT, current, currentLimitMost: 1_193, baudRateMost: 7 });
const large = (name: string): DxlModel => ({ ...model(name), currentLimitMost: 2_047 });
const small = (name: string): DxlModel => ({ name, indirect: SMALL_INDIRECT, current: true, currentLimitMost: 1_750, baudRateMost: 6 });

/** By model number (Dynamixel2Arduino `actuator.h`). */
export const dxlModels: ReadonlyMap<number, DxlModel> = new Map([
  [30, model('MX-28', false)],
  [311, large('MX-64')],
  [321, large('MX-106')],
  [1_000, model('XH430-W350')],
  [1_010, model('XH430-W210')],
  [1_020, model('XM430-W350')],
  [1_030, model('XM430-W210')],
  [1_040, model('XH430-V350')],
  [1_050, model('XH430-V210')],
  [1_060, model('XL430-W250', false)],
  [1_070, model('XC430-W150', false)],
  [1_080, model('XC430-W240', false)],
  [1_090, model('2XL430-W250', false)],
  [1_100, large('XH540-W270')],
  [1_110, large('XH540-W150')],
  [1_120, large('XM540-W270')],
  [1_130, large('XM540-W150')],
  [1_140, large('XH540-V270')],
  [1_150, large('XH540-V150')],
  [1_160, model('2XC430-W250', false)],
  [1_170, large('XW540-T260')],
  [1_180, large('XW540-T140')],
  [1_190, small('XL330-M077')],
  [1_200, small('XL330-M288')],
  [1_210, small('XC330-T181')],
  [1_220, small('XC330-T288')],
  [1_230, small('XC330-M181')],
  [1_240, small('XC330-M288')],
  [1_270, model('XW430-T333')],
  [1_280, model('XW430-T200')],
]);

const LIKE_X = model('Dynamixel');

/** A model that is not listed is taken for one of the X series with current control. */
export const dxlModelOf = (modelNumber: number): DxlModel => dxlModels.get(modelNumber) ?? LIKE_X;

export const dxlBaudRates: readonly number[] = [9_600, 57_600, 115_200, 1_000_000, 2_000_000, 3_000_000, 4_000_000, 4_500_000];
