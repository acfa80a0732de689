/**
 * MIT ("mini-cheetah") drive frames as CubeMars AK drives speak them on CAN; host and drive share this file.
 * Sources: bgkatz/motorcontrol `Core/Src/can.c` and `math_ops.c`; TMotorCANControl `mit_can.py`; CubeMars AK series
 * driver manual, section "MIT mode".
 *
 * Host → drive (11-bit id = drive id): p16 v12 kp12 kd12 t12, big-endian; or seven 0xFF and one of FC enter motor mode,
 * FD exit, FE set zero. The drive answers each of these frames, also the exit frame of a drive that is already out of
 * motor mode, so repeated exit frames are a harmless poll. Drive → host: id8 p16 v12 t12 temperature8 error8.
 *
 * Variants are data of the device: what its reply has behind the torque, and the layout of the third version of AK
 * drives (manual V3.0.1, section 4.2: 29-bit id 0x800 | drive id, kp12 kd12 p16 v12 t12), whose state comes by timed
 * upload in servo units (`servo-can.ts`).
 *
 * No checksum and no state bit: that a drive is in motor mode can only be concluded from its answers. Values are the
 * drive's own (motor coordinates at the output shaft); direction and zero offset belong to the joint.
 */
import type { MitDriveProfile } from '../drive-profile.ts';

export const MIT_FRAME_BYTES = 8;
/** A reply of older AK firmware ends behind the torque. */
const SHORT_REPLY_BYTES = 6;
/** The scale of mini-cheetah's bus voltage is not documented; nobody here reads it. */
const BUS_VOLTAGE_RAW = 76;

export const mitReplyBytes = ({ reply }: MitDriveProfile): number => (reply === 'short' ? SHORT_REPLY_BYTES : MIT_FRAME_BYTES);
/** CAN id of answers: mini-cheetah and AK drives send to 0; some firmware uses the drive's own id. */
export const MIT_HOST_CAN_ID = 0;

export interface MitCommand {
  positionRad: number;
  velocityRadPerSec: number;
  stiffnessNmPerRad: number;
  dampingNmsPerRad: number;
  torqueNm: number;
}

export interface MitReply {
  /** Drive id, 1 … 127. */
  id: number;
  positionRad: number;
  velocityRadPerSec: number;
  torqueNm: number;
  tempC: number;
  /** Index in `mitErrors`, or a code beyond it. */
  errorCode: number;
}

export const emptyMitCommand = (): MitCommand => ({
  positionRad: 0,
  velocityRadPerSec: 0,
  stiffnessNmPerRad: 0,
  dampingNmsPerRad: 0,
  torqueNm: 0,
});

export const emptyMitReply = (): MitReply => ({ id: 0, positionRad: 0, velocityRadPerSec: 0, torqueNm: 0, tempC: 0, errorCode: 0 });

/** Meaning of the error byte (AK series manual, error codes of the MIT mode). */
export const mitErrors = [
  'none',
  'motorOverTemperature',
  'overCurrent',
  'overVoltage',
  'underVoltage',
  'encoder',
  'driverOverTemperature',
  'stall',
] as const;

export type MitSpecial = 'enter' | 'exit' | 'zero';
const SPECIAL_LAST_BYTE = { enter: 0xfc, exit: 0xfd, zero: 0xfe } as const;

export function encodeMitSpecial(special: MitSpecial, data: Uint8Array): void {
  data.fill(0xff, 0, 7);
  data[7] = SPECIAL_LAST_BYTE[special];
}

/** @returns null when the frame is a set-point */
export function mitSpecialOf(data: Uint8Array): MitSpecial | null {
  for (let i = 0; i < 7; i++) if (data[i] !== 0xff) return null;
  const last = data[7];
  if (last === SPECIAL_LAST_BYTE.enter) return 'enter';
  if (last === SPECIAL_LAST_BYTE.exit) return 'exit';
  return last === SPECIAL_LAST_BYTE.zero ? 'zero' : null;
}

/** Both scalings truncate toward the lower end, as the firmware does. */
class Scale {
  readonly #steps: number;
  readonly #largest: number;

  constructor(
    private readonly min: number,
    private readonly max: number,
    bits: number,
    scaling: MitDriveProfile['scaling'],
  ) {
    this.#largest = 2 ** bits - 1;
    this.#steps = scaling === '2^n' ? 2 ** bits : this.#largest;
  }

  toRaw(value: number): number {
    if (value <= this.min) return 0;
    return Math.min(this.#largest, Math.floor(((value - this.min) * this.#steps) / (this.max - this.min)));
  }

  toValue(raw: number): number {
    return (raw * (this.max - this.min)) / this.#steps + this.min;
  }
}

/** Encoder and decoder of one drive: ranges and scaling are that device's data, from its profile. */
export class MitCodec {
  readonly #position: Scale;
  readonly #velocity: Scale;
  readonly #torque: Scale;
  readonly #stiffness: Scale;
  readonly #damping: Scale;
  readonly #v3: boolean;
  readonly #reply: MitDriveProfile['reply'];

  constructor(drive: MitDriveProfile) {
    this.#v3 = drive.v3 !== undefined;
    this.#reply = drive.reply;
    const symmetric = (range: number, bits: number): Scale => new Scale(-range, range, bits, drive.scaling);
    this.#position = symmetric(drive.positionRangeRad, 16);
    this.#velocity = symmetric(drive.velocityRangeRadPerSec, 12);
    this.#torque = symmetric(drive.torqueRangeNm, 12);
    this.#stiffness = new Scale(0, drive.stiffnessMaxNmPerRad, 12, drive.scaling);
    this.#damping = new Scale(0, drive.dampingMaxNmsPerRad, 12, drive.scaling);
  }

  /**
   * Values beyond the device's range are saturated.
   * @returns false, with `data` untouched, when a value is not finite: such a command has no meaning
   */
  encodeCommand(command: MitCommand, data: Uint8Array): boolean {
    const { positionRad, velocityRadPerSec, stiffnessNmPerRad, dampingNmsPerRad, torqueNm } = command;
    if (!Number.isFinite(positionRad + velocityRadPerSec + stiffnessNmPerRad + dampingNmsPerRad + torqueNm)) return false;
    const p = this.#position.toRaw(positionRad);
    const v = this.#velocity.toRaw(velocityRadPerSec);
    const kp = this.#stiffness.toRaw(stiffnessNmPerRad);
    const kd = this.#damping.toRaw(dampingNmsPerRad);
    const t = this.#torque.toRaw(torqueNm);
    if (this.#v3) putThird(data, kp, kd, p, v, t);
    else putClassic(data, p, v, kp, kd, t);
    return true;
  }

  /** The drive's side; `data` is a set-point frame (`mitSpecialOf` gave null). */
  decodeCommand(data: Uint8Array, command: MitCommand): void {
    // Gains stand before the position in the third version's layout, behind the velocity in the classic one.
    const p = this.#v3 ? 3 : 0;
    command.positionRad = this.#position.toValue((at(data, p) << 8) | at(data, p + 1));
    command.velocityRadPerSec = this.#velocity.toValue((at(data, p + 2) << 4) | (at(data, p + 3) >> 4));
    const kp = this.#v3 ? (at(data, 0) << 4) | (at(data, 1) >> 4) : ((at(data, 3) & 0xf) << 8) | at(data, 4);
    const kd = this.#v3 ? ((at(data, 1) & 0xf) << 8) | at(data, 2) : (at(data, 5) << 4) | (at(data, 6) >> 4);
    command.stiffnessNmPerRad = this.#stiffness.toValue(kp);
    command.dampingNmsPerRad = this.#damping.toValue(kd);
    command.torqueNm = this.#torque.toValue(((at(data, 6) & 0xf) << 8) | at(data, 7));
  }

  /** The drive's side. Temperature is saturated to −128 … 127 °C. */
  encodeReply(reply: MitReply, data: Uint8Array): void {
    const p = this.#position.toRaw(reply.positionRad);
    const v = this.#velocity.toRaw(reply.velocityRadPerSec);
    const t = this.#torque.toRaw(reply.torqueNm);
    data[0] = reply.id;
    data[1] = p >> 8;
    data[2] = p & 0xff;
    data[3] = v >> 4;
    data[4] = ((v & 0xf) << 4) | (t >> 8);
    data[5] = t & 0xff;
    const tells = this.#reply ?? 'temperature';
    data[6] = tells === 'temperature' ? Math.max(-128, Math.min(127, Math.round(reply.tempC))) & 0xff : tells === 'busVoltage' ? BUS_VOLTAGE_RAW : 0;
    data[7] = tells === 'temperature' ? reply.errorCode : 0;
  }

  /** Temperature and error are 0 where the drive does not tell them. */
  decodeReply(data: Uint8Array, reply: MitReply): void {
    reply.id = at(data, 0);
    reply.positionRad = this.#position.toValue((at(data, 1) << 8) | at(data, 2));
    reply.velocityRadPerSec = this.#velocity.toValue((at(data, 3) << 4) | (at(data, 4) >> 4));
    reply.torqueNm = this.#torque.toValue(((at(data, 4) & 0xf) << 8) | at(data, 5));
    const tells = (this.#reply ?? 'temperature') === 'temperature';
    reply.tempC = tells ? (at(data, 6) << 24) >> 24 : 0;
    reply.errorCode = tells ? at(data, 7) : 0;
  }
}

function putClassic(data: Uint8Array, p: number, v: number, kp: number, kd: number, t: number): void {
  data[0] = p >> 8;
  data[1] = p & 0xff;
  data[2] = v >> 4;
  data[3] = ((v & 0xf) << 4) | (kp >> 8);
  data[4] = kp & 0xff;
  data[5] = kd >> 4;
  data[6] = ((kd & 0xf) << 4) | (t >> 8);
  data[7] = t & 0xff;
}

function putThird(data: Uint8Array, kp: number, kd: number, p: number, v: number, t: number): void {
  data[0] = kp >> 4;
  data[1] = ((kp & 0xf) << 4) | (kd >> 8);
  data[2] = kd & 0xff;
  data[3] = p >> 8;
  data[4] = p & 0xff;
  data[5] = v >> 4;
  data[6] = ((v & 0xf) << 4) | (t >> 8);
  data[7] = t & 0xff;
}

const at = (data: Uint8Array, index: number): number => data[index] ?? 0;
