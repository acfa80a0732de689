/**
 * maxon EPOS4 on RS232 or USB; host and drive share this file. Source: maxon "EPOS4 Communication Guide" (rel8759),
 * chapters 2 and 6; object numbers: "EPOS4 Firmware Specification".
 *
 *     90 02 | opcode | length in words | data | CRC        (little-endian)
 *
 * Behind the two starting bytes every 90h is sent twice. The CRC is CRC-16/XMODEM over the words from opcode on, the high
 * byte of each word first. Strictly request and response; a response has opcode 0 and begins with an error code, 0 = none.
 * It does not say which request it answers.
 */
import { crc16Xmodem } from '../checksums.ts';
import { CandidateSplitter, type CandidateSink } from '../candidate-splitter.ts';
import type { Splitter } from '../splitter.ts';
import { getLe, putLe } from './canopen.ts';
import type { CanopenObject } from './cia402.ts';

const DLE = 0x90;
const STX = 0x02;
const WORDS_MAX = 143;
const HEADER_BYTES = 2;
const CRC_BYTES = 2;
const PLAIN_MAX = HEADER_BYTES + 2 * WORDS_MAX + CRC_BYTES;
/** Every byte stuffed, and the two starting ones. */
export const EPOS4_FRAME_MAX_BYTES = 2 + 2 * PLAIN_MAX;
/** Room for any of the short frames below, stuffed. */
export const EPOS4_SHORT_MAX_BYTES = 32;
/** On the wire without stuffing. */
export const EPOS4_BYTES = { readRequest: 10, readResponse: 14, writeRequest: 14, writeResponse: 10 } as const;

export const EPOS4_OPCODE = { response: 0x00, readObject: 0x60, segmentRead: 0x62, writeObject: 0x68, sendNmt: 0x70, initiateSegmentedRead: 0x81 } as const;

/** Error codes of a response beside those of CANopen. */
export const EPOS4_ERROR = { crc: 0x0504_0004, value: 0x0609_0030 } as const;

/** Most data bytes in one response to a segmented read. */
export const EPOS4_SEGMENT_BYTES = 254;

/** maxon motor ag (CAN in Automation's list). */
export const MAXON_VENDOR_ID = 0xfb;
/** Object 60A9h: revolutions per minute. */
export const EPOS4_RPM = 0x00b4_4700;

const u = (bytes: 1 | 2 | 4, index: number, sub = 0): CanopenObject => ({ index, sub, bytes, signed: false });
const i = (bytes: 1 | 2 | 4, index: number, sub = 0): CanopenObject => ({ index, sub, bytes, signed: true });

/** Beside those of CiA 402. Here 6076h is in µNm, velocities are in motor rpm, accelerations in rpm/s. */
export const EPOS4_OD = {
  nodeId: u(1, 0x2000),
  rs232BitRate: u(1, 0x2002),
  /** ms until half a frame is given up. */
  rs232FrameTimeout: u(2, 0x2005),
  usbFrameTimeout: u(2, 0x2006),
  /** 0.1 V */
  supplyVoltage: u(2, 0x2200, 1),
  /** mA */
  nominalCurrent: u(4, 0x3001, 1),
  /** mA */
  outputCurrentLimit: u(4, 0x3001, 2),
  polePairs: u(1, 0x3001, 3),
  /** 0.1 s */
  windingTimeConstant: u(2, 0x3001, 4),
  /** µNm/A */
  torqueConstant: u(4, 0x3001, 5),
  currentAveraged: i(4, 0x30d1, 1),
  /** mA */
  current: i(4, 0x30d1, 2),
  torqueAveraged: i(2, 0x30d2, 1),
  velocityAveraged: i(4, 0x30d3, 1),
  /** 0.1 °C */
  powerStageTemperature: i(2, 0x3201, 1),
  positionDemand: i(4, 0x6062),
  followingWindow: u(4, 0x6065),
  softLimitLow: i(4, 0x607d, 1),
  softLimitHigh: i(4, 0x607d, 2),
  motionProfile: i(2, 0x6086),
  siUnitVelocity: u(4, 0x60a9),
  interpolationValue: u(1, 0x60c2, 1),
  interpolationIndex: i(1, 0x60c2, 2),
  faultReactionOption: i(2, 0x605e),
} as const;

/** Error codes of object 603Fh that a virtual drive raises. */
export const EPOS4_DEVICE_ERROR = { powerStageTemperature: 0x4210, followingError: 0x8611 } as const;

/** The high byte of each word first, as the CRC wants them. */
const swapped = new Uint8Array(PLAIN_MAX);

function crcOf(plain: Uint8Array, bytes: number): number {
  for (let at = 0; at < bytes; at++) swapped[at ^ 1] = plain[at] ?? 0;
  return crc16Xmodem(swapped, 0, bytes);
}

function putStuffed(out: Uint8Array, at: number, byte: number): number {
  out[at] = byte;
  if (byte !== DLE) return at + 1;
  out[at + 1] = DLE;
  return at + 2;
}

/** Builds one frame at a time: `begin`, values, `end`. */
export class Epos4Writer {
  readonly #plain = new Uint8Array(PLAIN_MAX);
  #length = 0;

  begin(opcode: number): this {
    this.#plain[0] = opcode;
    this.#length = HEADER_BYTES;
    return this;
  }

  /** Little-endian; what does not fit into a frame is left out. */
  value(value: number, bytes: number): this {
    if (this.#length + bytes > PLAIN_MAX - CRC_BYTES) return this;
    putLe(this.#plain, this.#length, bytes, value < 0 ? value + 2 ** (8 * bytes) : value);
    this.#length += bytes;
    return this;
  }

  bytes(source: ArrayLike<number>, from = 0, end = source.length): this {
    for (let k = from; k < end; k++) this.value(source[k] ?? 0, 1);
    return this;
  }

  /** @returns the index after the frame */
  end(out: Uint8Array, at: number): number {
    const plain = this.#plain;
    // A dummy byte fills the last word.
    if (this.#length % 2 === 1) this.value(0, 1);
    plain[1] = (this.#length - HEADER_BYTES) / 2;
    const crc = crcOf(plain, this.#length);
    out[at] = DLE;
    out[at + 1] = STX;
    let end = at + 2;
    for (let k = 0; k < this.#length; k++) end = putStuffed(out, end, plain[k] ?? 0);
    return putStuffed(out, putStuffed(out, end, crc & 0xff), crc >> 8);
  }
}

export const encodeEpos4Read = (writer: Epos4Writer, node: number, { index, sub }: CanopenObject, out: Uint8Array, at: number): number =>
  writer.begin(EPOS4_OPCODE.readObject).value(node, 1).value(index, 2).value(sub, 1).end(out, at);

/** The value stands in four bytes whatever the object's size. */
export const encodeEpos4Write = (writer: Epos4Writer, node: number, object: CanopenObject, value: number, out: Uint8Array, at: number): number =>
  writer.begin(EPOS4_OPCODE.writeObject).value(node, 1).value(object.index, 2).value(object.sub, 1).value(value, 4).end(out, at);

/** @param data what was read; none for a write, or after an error */
export const encodeEpos4Response = (writer: Epos4Writer, error: number, data: number | null, out: Uint8Array, at: number): number => {
  writer.begin(EPOS4_OPCODE.response).value(error, 4);
  if (data !== null) writer.value(data, 4);
  return writer.end(out, at);
};

const DATA_AT = HEADER_BYTES + 4;

/** A response to a read or a write. */
export interface Epos4Response {
  error: number;
  /** It carries the value of an object. */
  hasValue: boolean;
  /** The data bytes; `epos4ValueOf` reads them. */
  raw: number;
}

export const emptyEpos4Response = (): Epos4Response => ({ error: 0, hasValue: false, raw: 0 });

/** @param frame opcode to last data byte, as `Epos4Splitter` gives it @returns whether it is such a response */
export function decodeEpos4Response(frame: Uint8Array, response: Epos4Response): boolean {
  const isRead = frame.length === DATA_AT + 4;
  if (frame[0] !== EPOS4_OPCODE.response || (!isRead && frame.length !== DATA_AT)) return false;
  response.error = getLe(frame, HEADER_BYTES, 4, false);
  response.hasValue = isRead;
  response.raw = isRead ? getLe(frame, DATA_AT, 4, false) : 0;
  return true;
}

/** The object's value in the four data bytes of a response. */
export function epos4ValueOf({ bytes, signed }: Pick<CanopenObject, 'bytes' | 'signed'>, raw: number): number {
  const span = 2 ** (8 * bytes);
  const value = raw % span;
  return signed && value >= span / 2 ? value - span : value;
}

/** Gives whole frames with the right checksum, unstuffed, from opcode to the last data byte. */
export class Epos4Splitter implements Splitter {
  readonly #plain = new Uint8Array(PLAIN_MAX);
  /** One view per length is kept, so that splitting allocates nothing. */
  readonly #views: (Uint8Array | undefined)[] = [];
  readonly #candidates: CandidateSplitter;
  #plainBytes = 0;

  constructor(sink: CandidateSink) {
    this.#candidates = new CandidateSplitter(
      (buffer, start, end) => this.#measure(buffer, start, end),
      {
        onFrame: () => {
          const bytes = this.#plainBytes - CRC_BYTES;
          sink.onFrame((this.#views[bytes] ??= this.#plain.subarray(0, bytes)));
        },
        onDiscarded: (byteCount) => sink.onDiscarded(byteCount),
        onChecksumError: (frame) => sink.onChecksumError?.(frame),
      },
      EPOS4_FRAME_MAX_BYTES,
    );
  }

  push(chunk: Uint8Array): void {
    this.#candidates.push(chunk);
  }

  reset(): void {
    this.#candidates.reset();
  }

  /** Unstuffs into `#plain`. A lone 90h inside begins another frame, so this one is none. */
  #measure(buffer: Uint8Array, start: number, end: number): number {
    if (buffer[start] !== DLE || (end - start > 1 && buffer[start + 1] !== STX)) return -1;
    const plain = this.#plain;
    let total = HEADER_BYTES + CRC_BYTES;
    let count = 0;
    let at = start + 2;
    while (count < total) {
      if (at >= end) return 0;
      const byte = buffer[at] ?? 0;
      if (byte === DLE) {
        if (at + 1 >= end) return 0;
        if (buffer[at + 1] !== DLE) return -1;
        at++;
      }
      at++;
      plain[count++] = byte;
      if (count !== HEADER_BYTES) continue;
      if (byte > WORDS_MAX) return -1;
      total += 2 * byte;
    }
    this.#plainBytes = count;
    const size = at - start;
    return crcOf(plain, count - CRC_BYTES) === getLe(plain, count - CRC_BYTES, CRC_BYTES, false) ? size : -size;
  }
}
