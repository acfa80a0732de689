/**
 * Dynamixel Protocol 2.0 packets; host and servo share this file. Sources: ROBOTIS e-manual, "Protocol 2.0"; ROBOTIS
 * DynamixelSDK (`protocol2_packet_handler`) for the two fast reads.
 *
 *     FF FF FD 00 | id | length u16 | instruction | parameters | CRC-16 u16      (little-endian)
 *
 * `length` counts the instruction, the parameters and the CRC. An FD is stuffed after every FF FF FD from the
 * instruction to the last parameter, before length and CRC are made, so a header never stands inside a packet. A servo
 * answers with instruction 55h, whose first parameter is the error: bit 7 says that `hardwareErrorStatus` is not 0.
 *
 * Fast reads are answered by one packet of id FEh that the servos write together, each its own block
 * `error | id | data | CRC` with the CRC over everything before it; it is not stuffed, because its blocks are found by
 * counting.
 */
import { crc16Dynamixel } from '../checksums.ts';
import { CandidateSplitter, type CandidateSink } from '../candidate-splitter.ts';
import type { Splitter } from '../splitter.ts';

export const DXL_BROADCAST_ID = 0xfe;
export const DXL_ID_MAX = 0xfc;

export const dxlInstructions = {
  ping: 0x01,
  read: 0x02,
  write: 0x03,
  regWrite: 0x04,
  action: 0x05,
  factoryReset: 0x06,
  reboot: 0x08,
  clear: 0x10,
  status: 0x55,
  syncRead: 0x82,
  syncWrite: 0x83,
  fastSyncRead: 0x8a,
  bulkRead: 0x92,
  bulkWrite: 0x93,
  fastBulkRead: 0x9a,
} as const;

/** Error number of a status packet, below the alert bit. */
export const dxlErrors = { none: 0, resultFail: 1, instruction: 2, crc: 3, dataRange: 4, dataLength: 5, dataLimit: 6, access: 7 } as const;
export const DXL_ALERT = 0x80;

const HEADER_BYTES = 7;
const CRC_BYTES = 2;
/** Instruction and CRC. */
const LENGTH_LEAST = 3;
const INSTRUCTION_AT = HEADER_BYTES;
/** What the SDK's own buffers hold. */
export const DXL_PACKET_MAX_BYTES = 1_024;
const PARAMETERS_MAX = DXL_PACKET_MAX_BYTES - HEADER_BYTES - LENGTH_LEAST;
/** Bytes of a packet beside its parameters: header, instruction, CRC. */
export const DXL_OVERHEAD_BYTES = HEADER_BYTES + LENGTH_LEAST;
/** Bytes of a status packet beside its data. */
export const DXL_STATUS_OVERHEAD_BYTES = DXL_OVERHEAD_BYTES + 1;

/** Fixed parameters of the instruction `clear` that resets the turn counter. */
export const DXL_CLEAR_MULTI_TURN: readonly number[] = [0x01, 0x44, 0x58, 0x4c, 0x22];

export const dxlFactoryReset = { all: 0xff, exceptId: 0x01, exceptIdAndBaud: 0x02 } as const;

function writeHeader(out: Uint8Array, at: number, id: number, length: number): void {
  out[at] = 0xff;
  out[at + 1] = 0xff;
  out[at + 2] = 0xfd;
  out[at + 3] = 0x00;
  out[at + 4] = id;
  out[at + 5] = length & 0xff;
  out[at + 6] = length >> 8;
}

function writeCrc(out: Uint8Array, start: number, at: number): number {
  const crc = crc16Dynamixel(out, start, at);
  out[at] = crc & 0xff;
  out[at + 1] = crc >> 8;
  return at + CRC_BYTES;
}

/** Builds one packet at a time: `begin`, values, `end`. Values wider than their field keep their low bits. */
export class DxlWriter {
  readonly #plain = new Uint8Array(PARAMETERS_MAX);
  #id = 0;
  #instruction = 0;
  #count = 0;

  begin(id: number, instruction: number): this {
    this.#id = id;
    this.#instruction = instruction;
    this.#count = 0;
    return this;
  }

  u8(value: number): this {
    if (this.#count < PARAMETERS_MAX) this.#plain[this.#count++] = value & 0xff;
    return this;
  }

  u16(value: number): this {
    return this.u8(value).u8(value >> 8);
  }

  u32(value: number): this {
    return this.u16(value).u16(value >> 16);
  }

  /** Little-endian, 1, 2 or 4 bytes. */
  value(value: number, bytes: number): this {
    return bytes === 1 ? this.u8(value) : bytes === 2 ? this.u16(value) : this.u32(value);
  }

  bytes(source: ArrayLike<number>, count = source.length): this {
    for (let i = 0; i < count; i++) this.u8(source[i] ?? 0);
    return this;
  }

  /** @returns the index after the packet; `out` needs a third more than the parameters, for the stuffing */
  end(out: Uint8Array, at: number): number {
    let end = at + INSTRUCTION_AT;
    out[end++] = this.#instruction;
    let seen = 0;
    for (let i = 0; i < this.#count; i++) {
      const byte = this.#plain[i] ?? 0;
      out[end++] = byte;
      seen = afterByte(seen, byte);
      if (seen === STUFF_AFTER) {
        out[end++] = 0xfd;
        seen = 0;
      }
    }
    writeHeader(out, at, this.#id, end + CRC_BYTES - (at + HEADER_BYTES));
    return writeCrc(out, at, end);
  }
}

/** How much of FF FF FD has been seen; 3 = all of it. */
const STUFF_AFTER = 3;
const afterByte = (seen: number, byte: number): number => (byte === 0xff ? Math.min(seen + 1, 2) : byte === 0xfd && seen === 2 ? STUFF_AFTER : 0);

/** Appends a read or a ping. */
export const encodeDxlPing = (writer: DxlWriter, id: number, out: Uint8Array, at: number): number => writer.begin(id, dxlInstructions.ping).end(out, at);
export const encodeDxlRead = (writer: DxlWriter, id: number, address: number, length: number, out: Uint8Array, at: number): number =>
  writer.begin(id, dxlInstructions.read).u16(address).u16(length).end(out, at);
export const encodeDxlWrite = (writer: DxlWriter, id: number, address: number, value: number, bytes: number, out: Uint8Array, at: number): number =>
  writer.begin(id, dxlInstructions.write).u16(address).value(value, bytes).end(out, at);

/**
 * Opens a fast read's common answer. @param blocksBytes `error | id | data | CRC` of every servo that was asked
 * @returns the index after it
 */
export function encodeDxlFastStart(blocksBytes: number, out: Uint8Array, at: number): number {
  writeHeader(out, at, DXL_BROADCAST_ID, blocksBytes + 1);
  out[at + INSTRUCTION_AT] = dxlInstructions.status;
  return at + INSTRUCTION_AT + 1;
}

/** Appends one servo's block. @param start where the common answer begins in `out` @returns the index after it */
export function encodeDxlFastBlock(error: number, id: number, data: Uint8Array, out: Uint8Array, start: number, at: number): number {
  out[at] = error;
  out[at + 1] = id;
  out.set(data, at + 2);
  return writeCrc(out, start, at + 2 + data.length);
}

/** Bytes of one servo's block beside its data. */
export const DXL_FAST_BLOCK_OVERHEAD = 2 + CRC_BYTES;

/** A packet that a splitter has found, without its stuffing. */
export class DxlPacket {
  readonly parameters = new Uint8Array(DXL_PACKET_MAX_BYTES);
  id = 0;
  instruction = 0;
  /** Parameters in use. */
  count = 0;

  /** @param frame whole and with the right checksum, as `DxlSplitter` gives it */
  load(frame: Uint8Array): this {
    this.id = frame[4] ?? 0;
    this.instruction = frame[INSTRUCTION_AT] ?? 0;
    const stuffed = !(this.instruction === dxlInstructions.status && this.id === DXL_BROADCAST_ID);
    let seen = 0;
    let count = 0;
    for (let i = INSTRUCTION_AT + 1; i < frame.length - CRC_BYTES; i++) {
      const byte = frame[i] ?? 0;
      if (seen === STUFF_AFTER) {
        seen = 0;
        if (byte === 0xfd) continue;
      }
      this.parameters[count++] = byte;
      if (stuffed) seen = afterByte(seen, byte);
    }
    this.count = count;
    return this;
  }

  /** Of a status packet: the error number without the alert bit. */
  get error(): number {
    return this.u8(0) & ~DXL_ALERT;
  }

  get alert(): boolean {
    return (this.u8(0) & DXL_ALERT) !== 0;
  }

  /** Reading beyond the parameters gives 0. */
  u8(at: number): number {
    return at < this.count ? (this.parameters[at] ?? 0) : 0;
  }

  u16(at: number): number {
    return this.u8(at) | (this.u8(at + 1) << 8);
  }

  i16(at: number): number {
    return (this.u16(at) << 16) >> 16;
  }

  i32(at: number): number {
    return this.u16(at) | (this.u16(at + 2) << 16);
  }

  /** Unsigned, 1, 2 or 4 bytes. */
  value(at: number, bytes: number): number {
    return bytes === 1 ? this.u8(at) : bytes === 2 ? this.u16(at) : this.i32(at) >>> 0;
  }
}

function measure(buffer: Uint8Array, start: number, end: number): number {
  const there = end - start;
  if (buffer[start] !== 0xff) return -1;
  if (there > 1 && buffer[start + 1] !== 0xff) return -1;
  if (there > 2 && buffer[start + 2] !== 0xfd) return -1;
  if (there > 3 && buffer[start + 3] !== 0x00) return -1;
  if (there < HEADER_BYTES) return 0;
  const id = buffer[start + 4] ?? 0;
  const length = (buffer[start + 5] ?? 0) | ((buffer[start + 6] ?? 0) << 8);
  if ((id > DXL_ID_MAX && id !== DXL_BROADCAST_ID) || length < LENGTH_LEAST || length > DXL_PACKET_MAX_BYTES - HEADER_BYTES) return -1;
  const size = HEADER_BYTES + length;
  if (there < size) return 0;
  const crcAt = start + size - CRC_BYTES;
  const crc = (buffer[crcAt] ?? 0) | ((buffer[crcAt + 1] ?? 0) << 8);
  return crc16Dynamixel(buffer, start, crcAt) === crc ? size : -size;
}

/** Gives whole packets, header to CRC, with the right checksum; `DxlPacket.load` reads them. */
export class DxlSplitter implements Splitter {
  readonly #candidates: CandidateSplitter;

  constructor(sink: CandidateSink) {
    this.#candidates = new CandidateSplitter(measure, sink, DXL_PACKET_MAX_BYTES);
  }

  push(chunk: Uint8Array): void {
    this.#candidates.push(chunk);
  }

  reset(): void {
    this.#candidates.reset();
  }
}
