/**
 * CubeMars AK drives on their serial port, 921 600 baud; host and device share this file.
 *
 * V1/V2 (AK series module driver manual V1.0.8 … V1.0.18): the frames and command numbers of a VESC, no impedance.
 * V3 (AK series module manual V3.0.1, sections 4.3.2 and 4.4.2): frames `AA … BB`, most command numbers 65 higher, and
 * the impedance command 96, closed in the drive.
 *
 * The V3 manual contradicts itself, so its readings are data of the profile: length of a full status (85 bytes in its
 * text, 73 in its example) and type of the position in it and in the position stream (float in its text; as one, its
 * example is NaN, as millionths of a degree it is −1.09°).
 */
import type { DriveProfileOf } from '../drive-profile.ts';
import type { Splitter } from '../splitter.ts';
import { getFloat32, getI32, putFloat32, putI32 } from './big-endian.ts';
import { payloadStart, sealFrame, ServoFrameSplitter, type ExpectsFrame, type ServoFrameSink } from './vesc-frame.ts';
import { bytesOfMask, getServoValues, maskOf, putServoValues, type ServoValues } from './vesc-values.ts';
import { encodeServoNumber, selectiveReplyBytes, VESC, type ServoDialect } from './vesc.ts';

/** What AK drives have beside the common commands. */
export interface CubemarsDialect extends ServoDialect {
  readonly positionSpeed: number;
  readonly multiTurn: number;
  readonly singleTurn: number;
  readonly origin: number;
  /** V1/V2: go to zero the shorter way; −1: none. */
  readonly shortestToZero: number;
  /** −1: none. */
  readonly impedance: number;
}

export const CUBEMARS_V1: CubemarsDialect = { ...VESC, positionSpeed: 91, multiTurn: 92, singleTurn: 93, origin: 95, shortestToZero: 0x65, impedance: -1 };

export const CUBEMARS_V3: CubemarsDialect = {
  frames: { shortStart: 0xaa, longStart: 0xab, stop: 0xbb },
  getValues: 69,
  setDuty: 70,
  setCurrent: 71,
  setBrake: 72,
  setErpm: 73,
  setPosition: 74,
  setHandbrake: 75,
  setDetect: 76,
  rotorPosition: 87,
  // The manual's list of numbers says 16, all its examples say 0x13.
  getSelective: 0x13,
  positionSpeed: 60,
  multiTurn: 61,
  singleTurn: 62,
  origin: 64,
  shortestToZero: -1,
  impedance: 96,
};

/**
 * `rotorPosition` of V1/V2. No manual at hand gives the unit: it is that of the position on the drives' CAN port, and
 * the public hosts come to it too (TMotorCANControl: raw ÷ 1 000 × 2 ÷ 21 degrees).
 */
export const CUBEMARS_V1_ROTOR_POSITION_SCALE = 10_000;

/** Fields of the full V1/V2 reply: those of a VESC without its status byte. */
export const CUBEMARS_VALUES_MASK = 0x1f_ffff;
/** What a host needs in every cycle. */
export const CUBEMARS_STATUS_MASK = maskOf('fetTempC', 'motorTempC', 'qCurrentA', 'erpm', 'fault', 'positionDeg', 'controllerId');

export class CubemarsV3Splitter implements Splitter {
  readonly #frames: ServoFrameSplitter;

  constructor(sink: ServoFrameSink, expects?: ExpectsFrame) {
    this.#frames = new ServoFrameSplitter(CUBEMARS_V3.frames, sink, expects);
  }

  push(chunk: Uint8Array): void {
    this.#frames.push(chunk);
  }

  reset(): void {
    this.#frames.reset();
  }
}

/** Numbers of the impedance command, at the output shaft. */
export interface ImpedanceCommand {
  positionRad: number;
  velocityRadPerSec: number;
  currentA: number;
  /** Per radian and per radian per second: of what, see `gainUnit` in the profile. 0 … 500 and 0 … 5. */
  kp: number;
  kd: number;
}

export const emptyImpedanceCommand = (): ImpedanceCommand => ({ positionRad: 0, velocityRadPerSec: 0, currentA: 0, kp: 0, kd: 0 });

const IMPEDANCE_SCALE = 1_000;
const IMPEDANCE_BYTES = 21;

export function encodeImpedance(command: Readonly<ImpedanceCommand>, out: Uint8Array, at: number): number {
  const start = payloadStart(at, IMPEDANCE_BYTES);
  out[start] = CUBEMARS_V3.impedance;
  let end = putI32(command.positionRad * IMPEDANCE_SCALE, out, start + 1);
  end = putI32(command.velocityRadPerSec * IMPEDANCE_SCALE, out, end);
  end = putI32(command.currentA * IMPEDANCE_SCALE, out, end);
  end = putI32(command.kp * IMPEDANCE_SCALE, out, end);
  putI32(command.kd * IMPEDANCE_SCALE, out, end);
  return sealFrame(CUBEMARS_V3.frames, IMPEDANCE_BYTES, out, at);
}

export function decodeImpedance(payload: Uint8Array, command: ImpedanceCommand): boolean {
  if (payload[0] !== CUBEMARS_V3.impedance || payload.length !== IMPEDANCE_BYTES) return false;
  command.positionRad = getI32(payload, 1) / IMPEDANCE_SCALE;
  command.velocityRadPerSec = getI32(payload, 5) / IMPEDANCE_SCALE;
  command.currentA = getI32(payload, 9) / IMPEDANCE_SCALE;
  command.kp = getI32(payload, 13) / IMPEDANCE_SCALE;
  command.kd = getI32(payload, 17) / IMPEDANCE_SCALE;
  return true;
}

export interface PositionSpeedCommand {
  positionDeg: number;
  erpm: number;
  erpmPerSec: number;
}

const POSITION_SPEED_SCALE = 1_000;
const POSITION_SPEED_BYTES = 13;

export function encodePositionSpeed(dialect: CubemarsDialect, command: Readonly<PositionSpeedCommand>, out: Uint8Array, at: number): number {
  const start = payloadStart(at, POSITION_SPEED_BYTES);
  out[start] = dialect.positionSpeed;
  const end = putI32(command.positionDeg * POSITION_SPEED_SCALE, out, start + 1);
  putI32(command.erpmPerSec, out, putI32(command.erpm, out, end));
  return sealFrame(dialect.frames, POSITION_SPEED_BYTES, out, at);
}

export function decodePositionSpeed(dialect: CubemarsDialect, payload: Uint8Array, command: PositionSpeedCommand): boolean {
  if (payload[0] !== dialect.positionSpeed || payload.length !== POSITION_SPEED_BYTES) return false;
  command.positionDeg = getI32(payload, 1) / POSITION_SPEED_SCALE;
  command.erpm = getI32(payload, 5);
  command.erpmPerSec = getI32(payload, 9);
  return true;
}

/** How a drive reads the contradictory places of the V3 manual. */
export type V3Reading = Pick<DriveProfileOf<'cubemars-v3'>, 'statusBytes' | 'positionType'>;

/** What the long full status carries beside the common fields. */
export interface V3Extras {
  controlMode: number;
  encoderDeg: number;
  outerEncoderDeg: number;
}

const POSITION_BIT = 0x1_0000;
const BEFORE_POSITION = CUBEMARS_VALUES_MASK & (POSITION_BIT - 1);
const AFTER_POSITION = CUBEMARS_VALUES_MASK & ~(2 * POSITION_BIT - 1);
const BEFORE_POSITION_BYTES = bytesOfMask(BEFORE_POSITION);
const EXTRAS_AT = 1 + bytesOfMask(CUBEMARS_VALUES_MASK);
const MICRO = 1_000_000;

export function encodeV3Status(reading: V3Reading, values: Readonly<ServoValues>, extras: Readonly<V3Extras>, out: Uint8Array, at: number): number {
  const start = payloadStart(at, reading.statusBytes);
  out[start] = CUBEMARS_V3.getValues;
  let end = putServoValues(values, BEFORE_POSITION, out, start + 1);
  end = reading.positionType === 'float' ? putFloat32(values.positionDeg, out, end) : putI32(values.positionDeg * MICRO, out, end);
  end = putServoValues(values, AFTER_POSITION, out, end);
  if (reading.statusBytes === 85) {
    end = putI32(extras.controlMode, out, end);
    putFloat32(extras.outerEncoderDeg, out, putFloat32(extras.encoderDeg, out, end));
  }
  return sealFrame(CUBEMARS_V3.frames, reading.statusBytes, out, at);
}

/** @returns false when the length or a number in it does not fit the reading; the values are then partly filled */
export function decodeV3Status(reading: V3Reading, payload: Uint8Array, values: ServoValues, extras: V3Extras): boolean {
  if (payload[0] !== CUBEMARS_V3.getValues || payload.length !== reading.statusBytes) return false;
  const positionAt = 1 + BEFORE_POSITION_BYTES;
  const positionDeg = reading.positionType === 'float' ? getFloat32(payload, positionAt) : getI32(payload, positionAt) / MICRO;
  if (!Number.isFinite(positionDeg)) return false;
  getServoValues(payload, 1, BEFORE_POSITION, values);
  values.positionDeg = positionDeg;
  getServoValues(payload, positionAt + 4, AFTER_POSITION, values);
  if (reading.statusBytes === 73) return true;
  extras.controlMode = getI32(payload, EXTRAS_AT);
  extras.encoderDeg = getFloat32(payload, EXTRAS_AT + 4);
  extras.outerEncoderDeg = getFloat32(payload, EXTRAS_AT + 8);
  return Number.isFinite(extras.encoderDeg) && Number.isFinite(extras.outerEncoderDeg);
}

/** The V3 position stream. */
export function encodeV3RotorPosition(positionType: V3Reading['positionType'], positionDeg: number, out: Uint8Array, at: number): number {
  if (positionType === 'microDegrees') return encodeServoNumber(CUBEMARS_V3.frames, CUBEMARS_V3.rotorPosition, positionDeg * MICRO, out, at);
  const start = payloadStart(at, 5);
  out[start] = CUBEMARS_V3.rotorPosition;
  putFloat32(positionDeg, out, start + 1);
  return sealFrame(CUBEMARS_V3.frames, 5, out, at);
}

/** @returns null when the payload is none, or its number has no meaning */
export function decodeV3RotorPositionDeg(positionType: V3Reading['positionType'], payload: Uint8Array): number | null {
  if (payload[0] !== CUBEMARS_V3.rotorPosition || payload.length !== 5) return null;
  const value = positionType === 'float' ? getFloat32(payload, 1) : getI32(payload, 1) / MICRO;
  return Number.isFinite(value) ? value : null;
}

/** Of a full status: other firmware's are let through, so that they can be named. */
const FULL_STATUS_LEAST_BYTES = 32;
const FULL_STATUS_MOST_BYTES = 128;

/** What a host that sends only impedance, current and the two status requests can be answered. */
export const cubemarsAnswers =
  (dialect: CubemarsDialect): ExpectsFrame =>
  (command, payloadBytes) => {
    if (command === dialect.getSelective) return payloadBytes === selectiveReplyBytes(CUBEMARS_STATUS_MASK);
    return command === dialect.getValues && payloadBytes >= FULL_STATUS_LEAST_BYTES && payloadBytes <= FULL_STATUS_MOST_BYTES;
  };

/** The highest command number is 0x65 (V1/V2). */
export const cubemarsRequests: ExpectsFrame = (command) => command <= CUBEMARS_V1.shortestToZero;

