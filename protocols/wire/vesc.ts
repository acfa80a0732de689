/**
 * VESC over a serial port; host and device share this file. Source: vedderb/bldc `comm/commands.c`, `datatypes.h`
 * (COMM_PACKET_ID) and `timeout.c`, firmware 6.x.
 *
 * There is no command to enable: any set-point makes torque, a current of 0 releases. Each set-point and COMM_ALIVE feed
 * the command timeout, which a configuration tool sets (1 000 ms by default) and which then releases the motor.
 */
import type { Splitter } from '../splitter.ts';
import { getFloat32, getI32, getU32, putFloat32, putI32, putU32 } from './big-endian.ts';
import { payloadStart, sealFrame, ServoFrameSplitter, type ExpectsFrame, type FrameFormat, type ServoFrameSink } from './vesc-frame.ts';
import { bytesOfMask, getServoValues, maskOf, putServoValues, type ServoValues } from './vesc-values.ts';

/** Commands that all drives of the family have, under the numbers of each member. */
export interface ServoDialect {
  readonly frames: FrameFormat;
  readonly getValues: number;
  readonly setDuty: number;
  readonly setCurrent: number;
  readonly setBrake: number;
  readonly setErpm: number;
  readonly setPosition: number;
  readonly setHandbrake: number;
  readonly setDetect: number;
  readonly rotorPosition: number;
  readonly getSelective: number;
}

export const VESC = {
  frames: { shortStart: 0x02, longStart: 0x03, stop: 0x03 },
  firmware: 0,
  getValues: 4,
  setDuty: 5,
  setCurrent: 6,
  setBrake: 7,
  setErpm: 8,
  setPosition: 9,
  setHandbrake: 10,
  setDetect: 11,
  rotorPosition: 22,
  reboot: 29,
  alive: 30,
  getSetupValues: 47,
  setLimits: 48,
  getSelective: 50,
  getSetupSelective: 51,
  pingCan: 62,
  setCurrentRelative: 84,
  getLimits: 91,
  estop: 159,
} as const satisfies ServoDialect & Readonly<Record<string, number | FrameFormat>>;

/** Raw numbers per unit in set-points. */
export const SERVO_SCALE = { duty: 100_000, current: 1_000, erpm: 1, position: 1_000_000, currentRelative: 100_000 } as const;
/** `rotorPosition` of a VESC. */
export const VESC_ROTOR_POSITION_SCALE = 100_000;
/** Below it, in A, a set current releases: `l_cc_min_current` of the VESC firmware as delivered. */
export const SERVO_LEAST_CURRENT_A = 0.05;
/** Argument of `setDetect` that makes it send `rotorPosition` every 10 ms: the position loop's angle. */
export const DETECT_POSITION = 4;

/** Fields of the full reply: all of them. */
export const VESC_VALUES_MASK = 0x3f_ffff;
/** What a host needs in every cycle. */
export const VESC_STATUS_MASK = maskOf('fetTempC', 'motorTempC', 'qCurrentA', 'erpm', 'fault', 'positionDeg', 'controllerId', 'status');

export class VescSplitter implements Splitter {
  readonly #frames: ServoFrameSplitter;

  constructor(sink: ServoFrameSink, expects?: ExpectsFrame) {
    this.#frames = new ServoFrameSplitter(VESC.frames, sink, expects);
  }

  push(chunk: Uint8Array): void {
    this.#frames.push(chunk);
  }

  reset(): void {
    this.#frames.reset();
  }
}

/** A command without arguments. @returns the index after its frame, as all encoders here do */
export function encodeServoCommand(frames: FrameFormat, command: number, out: Uint8Array, at: number): number {
  out[payloadStart(at, 1)] = command;
  return sealFrame(frames, 1, out, at);
}

/** A command with one 8-bit argument. */
export function encodeServoByte(frames: FrameFormat, command: number, value: number, out: Uint8Array, at: number): number {
  const start = payloadStart(at, 2);
  out[start] = command;
  out[start + 1] = value;
  return sealFrame(frames, 2, out, at);
}

/** A command with one signed 32-bit argument, given in raw units: all set-points. */
export function encodeServoNumber(frames: FrameFormat, command: number, raw: number, out: Uint8Array, at: number): number {
  const start = payloadStart(at, 5);
  out[start] = command;
  putI32(raw, out, start + 1);
  return sealFrame(frames, 5, out, at);
}

/** @returns null for a payload without a 32-bit argument behind its command; what else follows is not looked at */
export const decodeServoNumber = (payload: Uint8Array): number | null => (payload.length >= 5 ? getI32(payload, 1) : null);

/** Asks for the fields of `mask`. */
export function encodeSelectiveRequest(dialect: ServoDialect, mask: number, out: Uint8Array, at: number): number {
  const start = payloadStart(at, 5);
  out[start] = dialect.getSelective;
  putU32(mask, out, start + 1);
  return sealFrame(dialect.frames, 5, out, at);
}

/** @returns null for a payload too short to carry a mask */
export const decodeSelectiveRequest = (payload: Uint8Array): number | null => (payload.length >= 5 ? getU32(payload, 1) : null);

export const selectiveReplyBytes = (mask: number): number => 5 + bytesOfMask(mask);

export function encodeSelectiveReply(dialect: ServoDialect, mask: number, values: ServoValues, out: Uint8Array, at: number): number {
  const payloadBytes = selectiveReplyBytes(mask);
  const start = payloadStart(at, payloadBytes);
  out[start] = dialect.getSelective;
  putServoValues(values, mask, out, putU32(mask, out, start + 1));
  return sealFrame(dialect.frames, payloadBytes, out, at);
}

/** Fills the fields of `mask`. @returns false, with nothing filled, when the payload is not the reply to that request */
export function decodeSelectiveReply(dialect: ServoDialect, payload: Uint8Array, mask: number, values: ServoValues): boolean {
  if (payload[0] !== dialect.getSelective || payload.length !== selectiveReplyBytes(mask) || getU32(payload, 1) !== mask) return false;
  return getServoValues(payload, 5, mask, values) === payload.length;
}

/** A full reply of the fields that the firmware has: `VESC_VALUES_MASK`, or those of CubeMars V1. */
export function encodeValuesReply(dialect: ServoDialect, mask: number, values: ServoValues, out: Uint8Array, at: number): number {
  const payloadBytes = 1 + bytesOfMask(mask);
  const start = payloadStart(at, payloadBytes);
  out[start] = dialect.getValues;
  putServoValues(values, mask, out, start + 1);
  return sealFrame(dialect.frames, payloadBytes, out, at);
}

/** Later firmware may append fields; they are left alone. */
export const decodeValuesReply = (dialect: ServoDialect, payload: Uint8Array, mask: number, values: ServoValues): boolean =>
  payload[0] === dialect.getValues && getServoValues(payload, 1, mask, values) > 0;

/** `rotorPosition`, in raw units. */
export const encodeRotorPosition = (dialect: ServoDialect, raw: number, out: Uint8Array, at: number): number =>
  encodeServoNumber(dialect.frames, dialect.rotorPosition, raw, out, at);

export interface VescFirmware {
  readonly major: number;
  readonly minor: number;
  readonly hardware: string;
  /** 12 bytes as 24 hex digits: the serial number of the processor. */
  readonly uuid: string;
}

const UUID_BYTES = 12;
/** pairing done, test version, hardware type, custom configurations, phase filters, QML of hardware, QML of app, nRF flags. */
const FIRMWARE_FLAG_BYTES = 8;
/** Shortest and longest reply of known firmware. */
const FIRMWARE_REPLY_LEAST_BYTES = 3 + 1 + UUID_BYTES;
const FIRMWARE_REPLY_MOST_BYTES = 128;

/** The answer to COMM_FW_VERSION; flags and firmware name are those of an unpaired stock build. */
export function encodeVescFirmware(firmware: VescFirmware, out: Uint8Array, at: number): number {
  const payload = [VESC.firmware, firmware.major, firmware.minor];
  for (const letter of firmware.hardware) payload.push(letter.charCodeAt(0) & 0x7f);
  payload.push(0);
  for (let i = 0; i < UUID_BYTES; i++) payload.push(Number.parseInt(firmware.uuid.slice(2 * i, 2 * i + 2), 16) || 0);
  for (let i = 0; i < FIRMWARE_FLAG_BYTES; i++) payload.push(0);
  // An empty firmware name, then the CRC-32 of the hardware's configuration.
  payload.push(0, 0, 0, 0, 0);
  out.set(payload, payloadStart(at, payload.length));
  return sealFrame(VESC.frames, payload.length, out, at);
}

/** @returns null when the payload is no such answer, or is one of firmware too old to tell its hardware */
export function decodeVescFirmware(payload: Uint8Array): VescFirmware | null {
  const [command, major, minor] = payload;
  if (command !== VESC.firmware || major === undefined || minor === undefined) return null;
  const nameEnd = payload.indexOf(0, 3);
  if (nameEnd < 0 || payload.length < nameEnd + 1 + UUID_BYTES) return null;
  const hardware = String.fromCharCode(...payload.subarray(3, nameEnd));
  const uuid = Array.from(payload.subarray(nameEnd + 1, nameEnd + 1 + UUID_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { major, minor, hardware, uuid };
}

/** Limits that one short command changes until the next start (COMM_SET_MCCONF_TEMP, COMM_GET_MCCONF_TEMP). */
export interface VescLimits {
  /** 0 … 1 of the configured current limits, braking and driving. */
  currentScaleMin: number;
  currentScaleMax: number;
  erpmMin: number;
  erpmMax: number;
  dutyMin: number;
  dutyMax: number;
  wattMin: number;
  wattMax: number;
  inputCurrentMinA: number;
  inputCurrentMaxA: number;
}

const LIMIT_KEYS = [
  'currentScaleMin',
  'currentScaleMax',
  'erpmMin',
  'erpmMax',
  'dutyMin',
  'dutyMax',
  'wattMin',
  'wattMax',
  'inputCurrentMinA',
  'inputCurrentMaxA',
] as const satisfies readonly (keyof VescLimits)[];
/** Hosts may leave the last two out. */
const LIMITS_NEEDED = 8;
const LIMITS_AT = 5;

export const emptyVescLimits = (): VescLimits => ({
  currentScaleMin: 0,
  currentScaleMax: 0,
  erpmMin: 0,
  erpmMax: 0,
  dutyMin: 0,
  dutyMax: 0,
  wattMin: 0,
  wattMax: 0,
  inputCurrentMinA: 0,
  inputCurrentMaxA: 0,
});

/** Not stored, not forwarded to other controllers, acknowledged. */
export function encodeSetLimits(limits: Readonly<VescLimits>, out: Uint8Array, at: number): number {
  const payloadBytes = LIMITS_AT + 4 * LIMIT_KEYS.length;
  const start = payloadStart(at, payloadBytes);
  out.set([VESC.setLimits, 0, 0, 1, 0], start);
  LIMIT_KEYS.forEach((key, i) => putFloat32(limits[key], out, start + LIMITS_AT + 4 * i));
  return sealFrame(VESC.frames, payloadBytes, out, at);
}

/** Device side. @returns null when it is too short; else what of `limits` it changes and whether it wants an answer */
export function decodeSetLimits(payload: Uint8Array, limits: VescLimits): { readonly acknowledge: boolean } | null {
  if (payload[0] !== VESC.setLimits || payload.length < LIMITS_AT + 4 * LIMITS_NEEDED) return null;
  readLimits(payload, LIMITS_AT, payload.length < LIMITS_AT + 4 * LIMIT_KEYS.length ? LIMITS_NEEDED : LIMIT_KEYS.length, limits);
  return { acknowledge: payload[3] !== 0 };
}

/** Ends with the set-up of the wheel: motor poles, gear ratio, wheel diameter. */
export function encodeLimitsReply(limits: Readonly<VescLimits>, motorPoles: number, gearRatio: number, out: Uint8Array, at: number): number {
  const payloadBytes = 1 + 4 * LIMIT_KEYS.length + 9;
  const start = payloadStart(at, payloadBytes);
  out[start] = VESC.getLimits;
  LIMIT_KEYS.forEach((key, i) => putFloat32(limits[key], out, start + 1 + 4 * i));
  const wheelAt = start + 1 + 4 * LIMIT_KEYS.length;
  out[wheelAt] = motorPoles;
  putFloat32(0, out, putFloat32(gearRatio, out, wheelAt + 1));
  return sealFrame(VESC.frames, payloadBytes, out, at);
}

/** Values may be NaN or infinite: to judge them is the host's part. */
export function decodeLimitsReply(payload: Uint8Array, limits: VescLimits): boolean {
  if (payload[0] !== VESC.getLimits || payload.length < 1 + 4 * LIMIT_KEYS.length) return false;
  readLimits(payload, 1, LIMIT_KEYS.length, limits);
  return true;
}

function readLimits(payload: Uint8Array, at: number, count: number, limits: VescLimits): void {
  for (let i = 0; i < count; i++) {
    const key = LIMIT_KEYS[i];
    if (key !== undefined) limits[key] = getFloat32(payload, at + 4 * i);
  }
}

/** What a host that sends only the requests of this file can be answered. */
export const vescAnswers: ExpectsFrame = (command, payloadBytes) => {
  switch (command) {
    case VESC.getSelective:
      return payloadBytes === selectiveReplyBytes(VESC_STATUS_MASK);
    case VESC.getValues:
      return payloadBytes >= 1 + bytesOfMask(VESC_VALUES_MASK) && payloadBytes <= FIRMWARE_REPLY_MOST_BYTES;
    case VESC.firmware:
      return payloadBytes >= FIRMWARE_REPLY_LEAST_BYTES && payloadBytes <= FIRMWARE_REPLY_MOST_BYTES;
    case VESC.setLimits:
      return payloadBytes === 1;
    case VESC.getLimits:
      return payloadBytes >= 1 + 4 * LIMIT_KEYS.length && payloadBytes <= FIRMWARE_REPLY_MOST_BYTES;
    default:
      return false;
  }
};

/** What a device can be told: its commands all have numbers up to COMM_MOTOR_ESTOP. */
export const vescRequests: ExpectsFrame = (command) => command <= VESC.estop;
