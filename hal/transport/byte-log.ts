/**
 * The file of a recorded wire: what crossed one port in both directions, and when. Little-endian:
 *
 *     `DariByt1` | u32 length | header, JSON (`ByteLogHeader`)
 *     then records: u8 kind | f64 time us, monotonic | u16 length | payload
 *
 * Kinds: 1 the port opened (payload: its name, UTF-8); 2 it was lost or closed (why, UTF-8); 3 bytes from the device;
 * 4 bytes to the device, taken by the transport; 5 bytes to the device that the transport did not take; 6 the recorder
 * could not keep up (f64: bytes that were not written down since the record before). A file that ends in the middle of
 * a record, because the power went, is read up to there.
 */
import { z } from 'zod/mini';
import { DariError } from '../../protocols/errors.ts';

export const byteLogKinds = ['opened', 'closed', 'fromDevice', 'toDevice', 'refused', 'lost'] as const;
export type ByteLogKind = (typeof byteLogKinds)[number];

const headerSchema = z.object({ link: z.string(), protocol: z.string(), baud: z.number(), profile: z.string(), startedAt: z.string() });
/** `startedAt`: wall clock, ISO 8601. */
export type ByteLogHeader = z.infer<typeof headerSchema>;

export interface ByteLogRecord {
  readonly kind: ByteLogKind;
  readonly timeUs: number;
  readonly payload: Uint8Array;
}

export interface ByteLog {
  readonly header: ByteLogHeader;
  readonly records: readonly ByteLogRecord[];
  /** Bytes that crossed the wire and were not written down. */
  readonly lostBytes: number;
  /** The last record was cut off. */
  readonly truncated: boolean;
}

const MAGIC = 'DariByt1';
const RECORD_HEAD_BYTES = 11;
export const BYTE_LOG_PAYLOAD_MAX = 0xffff;

export const byteLogRecordBytes = (payloadBytes: number): number => RECORD_HEAD_BYTES + payloadBytes;

export function encodeByteLogHeader(header: ByteLogHeader): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([Buffer.from(MAGIC, 'latin1'), length, json]);
}

/** The payload has at most BYTE_LOG_PAYLOAD_MAX bytes and fits. @returns the index after the record */
export function encodeByteLogRecord(kind: ByteLogKind, timeUs: number, payload: Uint8Array, out: Buffer, at: number): number {
  out.writeUInt8(byteLogKinds.indexOf(kind) + 1, at);
  out.writeDoubleLE(timeUs, at + 1);
  out.writeUInt16LE(payload.length, at + 9);
  out.set(payload, at + RECORD_HEAD_BYTES);
  return at + RECORD_HEAD_BYTES + payload.length;
}

/** @throws DariError `logUnreadable` when it is no such file */
export function decodeByteLog(bytes: Uint8Array, name: string): ByteLog {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { header, end } = decodeHeader(file, name);
  const records: ByteLogRecord[] = [];
  let at = end;
  let lostBytes = 0;
  while (at + RECORD_HEAD_BYTES <= file.length) {
    const kind = byteLogKinds[file.readUInt8(at) - 1];
    const timeUs = file.readDoubleLE(at + 1);
    const next = at + RECORD_HEAD_BYTES + file.readUInt16LE(at + 9);
    if (kind === undefined || !Number.isFinite(timeUs) || next > file.length) break;
    const payload = file.subarray(at + RECORD_HEAD_BYTES, next);
    if (kind === 'lost' && payload.length === 8) lostBytes += payload.readDoubleLE(0);
    records.push({ kind, timeUs, payload });
    at = next;
  }
  return { header, records, lostBytes, truncated: at < file.length };
}

function decodeHeader(file: Buffer, name: string): { header: ByteLogHeader; end: number } {
  const start = MAGIC.length + 4;
  if (file.length < start || file.toString('latin1', 0, MAGIC.length) !== MAGIC) throw unreadable(name, 'does not begin as a recording of bytes does');
  const end = start + file.readUInt32LE(MAGIC.length);
  try {
    return { header: headerSchema.parse(JSON.parse(file.toString('utf8', start, end))), end };
  } catch (error) {
    throw unreadable(name, 'has no readable header', error);
  }
}

const unreadable = (name: string, what: string, cause?: unknown): DariError =>
  new DariError('logUnreadable', `${name} ${what}. Give a file that was made with --record-bytes.`, { cause });
