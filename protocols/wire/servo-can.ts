/**
 * The servo frames of CubeMars AK drives on CAN; host and drive share this file. V3 drives tell their state in them also
 * while they are driven by MIT frames. Sources: CubeMars AK series driver manual V3.0.1, section 4.4.1 (identifiers,
 * scalings, examples), and TMotorCANControl `servo_can.py`.
 *
 * Host → drive: 29-bit id = mode << 8 | drive id, big-endian values. Drive → host by timed upload, 1 … 500 Hz, id 0x2900
 * | drive id: position i16 0.1°, speed i16 10 ERPM, current i16 0.01 A, temperature i8 °C, error u8 as in `mitErrors`.
 */
export const SERVO_MODE = { duty: 0, current: 1, brake: 2, speed: 3, position: 4, origin: 5, positionSpeed: 6, mit: 8 } as const;
export type ServoMode = (typeof SERVO_MODE)[keyof typeof SERVO_MODE];
/** Modes of one value. */
export type ServoValueMode = 'duty' | 'current' | 'brake' | 'speed' | 'position';

export const servoCanId = (mode: ServoMode, driveId: number): number => (mode << 8) | driveId;
export const SERVO_UPLOAD_ID = 0x2900;
export const SERVO_UPLOAD_BYTES = 8;
export const SERVO_VALUE_BYTES = 4;

/** Units of the 32-bit value: share of the voltage, A, A, ERPM, degrees of the output (the manual's V3 examples). */
const VALUE_STEPS: Readonly<Record<ServoValueMode, number>> = { duty: 100_000, current: 1_000, brake: 1_000, speed: 1, position: 10_000 };

/** Fills the frame's data (4 bytes); a value beyond 32 bits is saturated, one without meaning is 0. */
export function encodeServoValue(mode: ServoValueMode, value: number, data: Uint8Array): void {
  putI32(data, 0, value * VALUE_STEPS[mode]);
}

/** Position with a speed and an acceleration that bound the way to it (8 bytes). */
export function encodeServoPositionSpeed(positionDeg: number, erpm: number, erpmPerSec: number, data: Uint8Array): void {
  putI32(data, 0, positionDeg * VALUE_STEPS.position);
  putI16(data, 4, erpm / 10);
  putI16(data, 6, erpmPerSec / 10);
}

/** What a drive is told; one record is reused. */
export interface ServoCommand {
  mode: ServoMode;
  /** Of the mode's unit; of `origin`: 0 until the power goes, 1 for good. */
  value: number;
  erpm: number;
  erpmPerSec: number;
}

export const emptyServoCommand = (): ServoCommand => ({ mode: SERVO_MODE.current, value: 0, erpm: 0, erpmPerSec: 0 });

/** The drive's side. @returns false when it is no servo command (`mit` is none) or has another length */
export function decodeServoCommand(mode: number, data: Uint8Array, length: number, command: ServoCommand): boolean {
  const valueMode = valueModes[mode];
  if (valueMode !== undefined && length === SERVO_VALUE_BYTES) command.value = i32(data, 0) / VALUE_STEPS[valueMode];
  else if (mode === SERVO_MODE.origin && length === 1) command.value = data[0] ?? 0;
  else if (mode === SERVO_MODE.positionSpeed && length === 8) {
    command.value = i32(data, 0) / VALUE_STEPS.position;
    command.erpm = 10 * i16(data, 4);
    command.erpmPerSec = 10 * i16(data, 6);
  } else return false;
  command.mode = mode as ServoMode;
  return true;
}
const valueModes: readonly (ServoValueMode | undefined)[] = ['duty', 'current', 'brake', 'speed', 'position'];

export interface ServoUpload {
  positionDeg: number;
  erpm: number;
  currentA: number;
  tempC: number;
  errorCode: number;
}

export const emptyServoUpload = (): ServoUpload => ({ positionDeg: 0, erpm: 0, currentA: 0, tempC: 0, errorCode: 0 });

export function encodeServoUpload(upload: Readonly<ServoUpload>, data: Uint8Array): void {
  putI16(data, 0, upload.positionDeg * 10);
  putI16(data, 2, upload.erpm / 10);
  putI16(data, 4, upload.currentA * 100);
  data[6] = Math.max(-128, Math.min(127, Math.round(upload.tempC))) & 0xff;
  data[7] = upload.errorCode;
}

export function decodeServoUpload(data: Uint8Array, upload: ServoUpload): void {
  upload.positionDeg = i16(data, 0) / 10;
  upload.erpm = 10 * i16(data, 2);
  upload.currentA = i16(data, 4) / 100;
  upload.tempC = ((data[6] ?? 0) << 24) >> 24;
  upload.errorCode = data[7] ?? 0;
}

const whole = (value: number, most: number): number => (Number.isNaN(value) ? 0 : Math.max(-most - 1, Math.min(most, Math.round(value))));

function putI32(data: Uint8Array, at: number, value: number): void {
  const raw = whole(value, 0x7fff_ffff);
  for (let i = 0; i < 4; i++) data[at + i] = raw >> (24 - 8 * i);
}

function putI16(data: Uint8Array, at: number, value: number): void {
  const raw = whole(value, 0x7fff);
  data[at] = raw >> 8;
  data[at + 1] = raw;
}

const i16 = (data: Uint8Array, at: number): number => (((data[at] ?? 0) << 24) >> 16) | (data[at + 1] ?? 0);
const i32 = (data: Uint8Array, at: number): number => (i16(data, at) << 16) | (i16(data, at + 2) & 0xffff);
