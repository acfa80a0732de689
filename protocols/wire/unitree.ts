/**
 * Unitree GO-M8010-6 on RS-485: 17-byte commands, 16-byte replies, little-endian, CRC-16/KERMIT over all before it.
 * Everything is at the rotor; the gear (6.33) is the host's affair. Source: unitree_actuator_sdk,
 * `motor_msg_GO-M8010-6.h` for the layout, its library for scales and rounding (toward zero, one turn = 6.2832 rad).
 */
import { ByteReader, ByteWriter } from '../bytes.ts';
import { crc16Kermit } from '../checksums.ts';
import type { FrameSink, Splitter } from '../splitter.ts';

export const UNITREE_COMMAND_BYTES = 17;
export const UNITREE_REPLY_BYTES = 16;
/** To every motor on the bus; none of them answers. */
export const UNITREE_BROADCAST_ID = 15;
/** Working modes; 3 … 7 are reserved. */
export const UNITREE_LOCK = 0;
export const UNITREE_FOC = 1;
export const UNITREE_CALIBRATE = 2;

/** Meaning of the error field; 5 … 7 are reserved. */
export const unitreeErrors = ['none', 'overTemperature', 'overCurrent', 'overVoltage', 'encoder'] as const;

export type UnitreeFrameKind = 'command' | 'reply';
const HEADER = { command: 0xfe, reply: 0xfd } as const;
const HEADER_SECOND = 0xee;
const FRAME_BYTES = { command: UNITREE_COMMAND_BYTES, reply: UNITREE_REPLY_BYTES } as const;
const CRC_BYTES = 2;

const TURN_RAD = 6.2832;
const TORQUE_PER_NM = 256;
const VELOCITY_PER_RAD_PER_SEC = 256 / TURN_RAD;
const POSITION_PER_RAD = 32_768 / TURN_RAD;
/** Gains are q15 fractions of 25.6. */
const GAIN_UNIT = 1_280;
const GAIN_RAW_MAX = 0x7fff;
/** Stiffest spring (Nm/rad) and strongest damper (Nms/rad) that a frame can ask for at the rotor. */
export const UNITREE_GAIN_MAX = GAIN_RAW_MAX / GAIN_UNIT;
const FORCE_MAX = 0xfff;

/** An impedance set-point at the rotor. */
export interface UnitreeCommand {
  /** 0 … 14; 15 is everybody. */
  id: number;
  status: number;
  torqueNm: number;
  velocityRadPerSec: number;
  positionRad: number;
  stiffnessNmPerRad: number;
  dampingNmsPerRad: number;
}

export interface UnitreeReply {
  id: number;
  status: number;
  torqueNm: number;
  velocityRadPerSec: number;
  positionRad: number;
  tempC: number;
  /** Index in `unitreeErrors`, or a code beyond it. */
  errorCode: number;
  /** Raw value of the air pressure sensor of a foot, 0 … 4095. */
  force: number;
}

export const emptyUnitreeCommand = (): UnitreeCommand => ({ id: 0, status: 0, torqueNm: 0, velocityRadPerSec: 0, positionRad: 0, stiffnessNmPerRad: 0, dampingNmsPerRad: 0 });

export const emptyUnitreeReply = (): UnitreeReply => ({ id: 0, status: 0, torqueNm: 0, velocityRadPerSec: 0, positionRad: 0, tempC: 0, errorCode: 0, force: 0 });

const reader = new ByteReader();
const writer = new ByteWriter();

/**
 * Appends the frame; values beyond their fields are saturated.
 * @returns the index after it, or `at` when a value is not finite: such a command has no meaning
 */
export function encodeUnitreeCommand(command: UnitreeCommand, out: Uint8Array, at: number): number {
  const { torqueNm, velocityRadPerSec, positionRad, stiffnessNmPerRad, dampingNmsPerRad } = command;
  if (!Number.isFinite(torqueNm + velocityRadPerSec + positionRad + stiffnessNmPerRad + dampingNmsPerRad)) return at;
  begin('command', command.id, command.status, out, at);
  writeMotion(torqueNm, velocityRadPerSec, positionRad);
  writer.u16(Math.min(GAIN_RAW_MAX, Math.trunc(stiffnessNmPerRad * GAIN_UNIT)));
  writer.u16(Math.min(GAIN_RAW_MAX, Math.trunc(dampingNmsPerRad * GAIN_UNIT)));
  return finish(out, at, UNITREE_COMMAND_BYTES);
}

/** The motor's side. @returns false when the frame is not a command */
export function decodeUnitreeCommand(frame: Uint8Array, command: UnitreeCommand): boolean {
  if (!isUnitreeFrame(frame, 'command')) return false;
  readHead(frame, command);
  command.stiffnessNmPerRad = reader.u16() / GAIN_UNIT;
  command.dampingNmsPerRad = reader.u16() / GAIN_UNIT;
  return true;
}

/** The motor's side. @returns the index after the frame */
export function encodeUnitreeReply(reply: UnitreeReply, out: Uint8Array, at: number): number {
  begin('reply', reply.id, reply.status, out, at);
  writeMotion(reply.torqueNm, reply.velocityRadPerSec, reply.positionRad);
  writer.u8(Math.max(-128, Math.min(127, Math.round(reply.tempC))) & 0xff);
  writer.u16((reply.errorCode & 0x7) | (Math.max(0, Math.min(FORCE_MAX, Math.trunc(reply.force))) << 3));
  return finish(out, at, UNITREE_REPLY_BYTES);
}

/** @returns false when the frame is not a reply */
export function decodeUnitreeReply(frame: Uint8Array, reply: UnitreeReply): boolean {
  if (!isUnitreeFrame(frame, 'reply')) return false;
  readHead(frame, reply);
  reply.tempC = (reader.u8() << 24) >> 24;
  const flags = reader.u16();
  reply.errorCode = flags & 0x7;
  reply.force = (flags >> 3) & FORCE_MAX;
  return true;
}

/** Header, length and checksum are right. */
export function isUnitreeFrame(frame: Uint8Array, kind: UnitreeFrameKind): boolean {
  const length = FRAME_BYTES[kind];
  if (frame.length !== length || frame[0] !== HEADER[kind] || frame[1] !== HEADER_SECOND) return false;
  const crc = (frame[length - 2] ?? 0) | ((frame[length - 1] ?? 0) << 8);
  return crc === crc16Kermit(frame, 0, length - CRC_BYTES);
}

function begin(kind: UnitreeFrameKind, id: number, status: number, out: Uint8Array, at: number): void {
  writer.reset(out, at);
  writer.u8(HEADER[kind]);
  writer.u8(HEADER_SECOND);
  writer.u8((id & 0xf) | ((status & 0x7) << 4));
}

function writeMotion(torqueNm: number, velocityRadPerSec: number, positionRad: number): void {
  writer.i16(Math.trunc(torqueNm * TORQUE_PER_NM));
  writer.i16(Math.trunc(velocityRadPerSec * VELOCITY_PER_RAD_PER_SEC));
  writer.i32(Math.trunc(positionRad * POSITION_PER_RAD));
}

function finish(out: Uint8Array, at: number, length: number): number {
  writer.u16(crc16Kermit(out, at, at + length - CRC_BYTES));
  return writer.overrun ? at : at + length;
}

function readHead(frame: Uint8Array, into: UnitreeCommand | UnitreeReply): void {
  reader.reset(frame);
  reader.u16();
  const mode = reader.u8();
  into.id = mode & 0xf;
  into.status = (mode >> 4) & 0x7;
  into.torqueNm = reader.i16() / TORQUE_PER_NM;
  into.velocityRadPerSec = reader.i16() / VELOCITY_PER_RAD_PER_SEC;
  into.positionRad = reader.i32() / POSITION_PER_RAD;
}

/** Frames of one kind: the other side's on the same two wires are garbage to it, and accounted as such. */
export class UnitreeSplitter implements Splitter {
  readonly #buffer: Uint8Array;
  readonly #header: number;
  #length = 0;

  constructor(
    private readonly sink: FrameSink & { onChecksumError?(): void },
    private readonly kind: UnitreeFrameKind,
  ) {
    this.#buffer = new Uint8Array(FRAME_BYTES[kind]);
    this.#header = HEADER[kind];
  }

  push(chunk: Uint8Array): void {
    for (const byte of chunk) {
      this.#buffer[this.#length++] = byte;
      if (this.#length <= 2 || this.#length === this.#buffer.length) this.#settle();
    }
  }

  reset(): void {
    this.#drop(this.#length);
  }

  /** Leaves in the buffer only what can be the beginning of a frame. */
  #settle(): void {
    for (;;) {
      let skip = 0;
      while (skip < this.#length && !this.#canBeginAt(skip)) skip++;
      this.#drop(skip);
      if (this.#length < this.#buffer.length) return;
      if (isUnitreeFrame(this.#buffer, this.kind)) {
        this.#length = 0;
        this.sink.onFrame(this.#buffer);
        return;
      }
      this.sink.onChecksumError?.();
      this.#drop(1);
    }
  }

  #canBeginAt(index: number): boolean {
    return this.#buffer[index] === this.#header && (index + 1 >= this.#length || this.#buffer[index + 1] === HEADER_SECOND);
  }

  #drop(count: number): void {
    if (count === 0) return;
    this.#buffer.copyWithin(0, count, this.#length);
    this.#length -= count;
    this.sink.onDiscarded(count);
  }
}
