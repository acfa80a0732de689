/**
 * What a drive of the VESC family reports, field by field: the full reply carries all fields of its firmware in this
 * order, the selective one those of its 32-bit mask. Source: vedderb/bldc `comm/commands.c` (COMM_GET_VALUES,
 * COMM_GET_VALUES_SELECTIVE). CubeMars V1/V2 and V3 name only the bits 0-8 and 15-17 and call the bytes of the others
 * reserved (AK series manuals, "get motor parameters").
 */
import { getI16, getI32, putI16, putI32, putU8 } from './big-endian.ts';

export interface ServoValues {
  fetTempC: number;
  motorTempC: number;
  motorCurrentA: number;
  inputCurrentA: number;
  dCurrentA: number;
  /** Quadrature current: the one that makes torque. */
  qCurrentA: number;
  /** −1 … 1 */
  duty: number;
  /** Electrical revolutions per minute: of the rotor, times its pole pairs. */
  erpm: number;
  inputVoltageV: number;
  ampHours: number;
  ampHoursCharged: number;
  wattHours: number;
  wattHoursCharged: number;
  /** Six counts per electrical revolution. */
  tachometer: number;
  tachometerAbs: number;
  /** Index in `servoFaults`. */
  fault: number;
  positionDeg: number;
  controllerId: number;
  fet1TempC: number;
  fet2TempC: number;
  fet3TempC: number;
  dVoltageV: number;
  qVoltageV: number;
  /** Bit 0: command timeout; bit 1: kill switch. */
  status: number;
}

export const emptyServoValues = (): ServoValues => ({
  fetTempC: 0,
  motorTempC: 0,
  motorCurrentA: 0,
  inputCurrentA: 0,
  dCurrentA: 0,
  qCurrentA: 0,
  duty: 0,
  erpm: 0,
  inputVoltageV: 0,
  ampHours: 0,
  ampHoursCharged: 0,
  wattHours: 0,
  wattHoursCharged: 0,
  tachometer: 0,
  tachometerAbs: 0,
  fault: 0,
  positionDeg: 0,
  controllerId: 0,
  fet1TempC: 0,
  fet2TempC: 0,
  fet3TempC: 0,
  dVoltageV: 0,
  qVoltageV: 0,
  status: 0,
});

export const STATUS_TIMED_OUT = 1;
export const STATUS_KILL_SWITCH = 2;

interface Field {
  readonly mask: number;
  readonly key: keyof ServoValues;
  readonly bytes: 1 | 2 | 4;
  /** Raw number per unit. */
  readonly scale: number;
}

const field = (bit: number, key: keyof ServoValues, bytes: Field['bytes'], scale: number): Field => ({ mask: 2 ** bit, key, bytes, scale });

const FIELDS: readonly Field[] = [
  field(0, 'fetTempC', 2, 10),
  field(1, 'motorTempC', 2, 10),
  field(2, 'motorCurrentA', 4, 100),
  field(3, 'inputCurrentA', 4, 100),
  field(4, 'dCurrentA', 4, 100),
  field(5, 'qCurrentA', 4, 100),
  field(6, 'duty', 2, 1_000),
  field(7, 'erpm', 4, 1),
  field(8, 'inputVoltageV', 2, 10),
  field(9, 'ampHours', 4, 10_000),
  field(10, 'ampHoursCharged', 4, 10_000),
  field(11, 'wattHours', 4, 10_000),
  field(12, 'wattHoursCharged', 4, 10_000),
  field(13, 'tachometer', 4, 1),
  field(14, 'tachometerAbs', 4, 1),
  field(15, 'fault', 1, 1),
  field(16, 'positionDeg', 4, 1_000_000),
  field(17, 'controllerId', 1, 1),
  field(18, 'fet1TempC', 2, 10),
  field(18, 'fet2TempC', 2, 10),
  field(18, 'fet3TempC', 2, 10),
  field(19, 'dVoltageV', 4, 1_000),
  field(20, 'qVoltageV', 4, 1_000),
  field(21, 'status', 1, 1),
];

/** Mask of the named fields. */
export const maskOf = (...keys: readonly (keyof ServoValues)[]): number => FIELDS.filter(({ key }) => keys.includes(key)).reduce((mask, { mask: bit }) => mask | bit, 0);

export const bytesOfMask = (mask: number): number => FIELDS.reduce((sum, entry) => sum + ((mask & entry.mask) === 0 ? 0 : entry.bytes), 0);

/** @returns the index after the fields of `mask`; bits without a field carry nothing */
export function putServoValues(values: ServoValues, mask: number, out: Uint8Array, at: number): number {
  let end = at;
  for (const entry of FIELDS) {
    if ((mask & entry.mask) === 0) continue;
    const raw = values[entry.key] * entry.scale;
    end = entry.bytes === 4 ? putI32(raw, out, end) : entry.bytes === 2 ? putI16(raw, out, end) : putU8(raw, out, end);
  }
  return end;
}

/** Fills the fields of `mask`, and no others. @returns the index after them; −1, with nothing filled, when bytes are missing */
export function getServoValues(bytes: Uint8Array, at: number, mask: number, values: ServoValues): number {
  let end = at;
  for (const entry of FIELDS) if ((mask & entry.mask) !== 0) end += entry.bytes;
  if (end > bytes.length) return -1;
  let from = at;
  for (const entry of FIELDS) {
    if ((mask & entry.mask) === 0) continue;
    const raw = entry.bytes === 4 ? getI32(bytes, from) : entry.bytes === 2 ? getI16(bytes, from) : (bytes[from] ?? 0);
    values[entry.key] = raw / entry.scale;
    from += entry.bytes;
  }
  return end;
}

/** Meaning of the fault byte (vedderb/bldc `datatypes.h` mc_fault_code; the AK manuals repeat 0 … 18). */
export const servoFaults = [
  'none',
  'overVoltage',
  'underVoltage',
  'driver',
  'absoluteOverCurrent',
  'fetOverTemperature',
  'motorOverTemperature',
  'gateDriverOverVoltage',
  'gateDriverUnderVoltage',
  'mcuUnderVoltage',
  'bootingFromWatchdogReset',
  'encoderSpi',
  'encoderSinCosBelowMinimum',
  'encoderSinCosAboveMaximum',
  'flashCorruption',
  'currentSensor1Offset',
  'currentSensor2Offset',
  'currentSensor3Offset',
  'unbalancedCurrents',
] as const;
