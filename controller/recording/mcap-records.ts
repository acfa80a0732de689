/**
 * Walks an MCAP file record by record and survives what disks do to files: an end that is missing, a chunk that is
 * damaged, a length that lies (then it looks for the next chunk). `@mcap/core` reads intact files only; its stream
 * reader is "in an unspecified state" after the first damage.
 */
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { MCAP_MAGIC, Opcode } from '@mcap/core';
import { COMPRESSION } from './mcap-container.ts';
import { decompressChunk, MAX_CHUNK_BYTES } from './zstd.ts';

export interface RawRecord {
  readonly opcode: number;
  /** Of the record's content, valid until the next one is asked for. */
  readonly content: Uint8Array;
}

/** What a walk met besides records. */
export interface WalkReport {
  /** Bytes that belonged to no whole record. */
  lostBytes: number;
  /** The footer was reached. */
  complete: boolean;
}

/** The library's enumeration as plain numbers, as they come from the file. */
export const CHUNK: number = Opcode.CHUNK;
const FOOTER: number = Opcode.FOOTER;
const MESSAGE: number = Opcode.MESSAGE;
const FIRST_OPCODE: number = Opcode.MIN;
const LAST_OPCODE: number = Opcode.MAX;

const RECORD_HEADER_BYTES = 9;
const FOOTER_CONTENT_BYTES = 20;
/** start, end, uncompressed size, CRC; then the compression's name as a length-prefixed string. */
const CHUNK_FIXED_BYTES = 8 + 8 + 8 + 4;
const COMPRESSION_MARK = Buffer.from([COMPRESSION.length, 0, 0, 0, ...Buffer.from(COMPRESSION)]);
/** Where the mark stands from the start of a chunk record. */
const MARK_AT = RECORD_HEADER_BYTES + CHUNK_FIXED_BYTES;
const CHUNK_MIN_BYTES = CHUNK_FIXED_BYTES + COMPRESSION_MARK.length + 8;

/** Message indexes and the summary say nothing that the chunks do not, so their content is not read. */
const wanted: ReadonlySet<number> = new Set([Opcode.SCHEMA, Opcode.CHANNEL, Opcode.METADATA, Opcode.CHUNK]);

export async function* walkRecords(file: FileHandle, report: WalkReport): AsyncGenerator<RawRecord> {
  const { size } = await file.stat();
  let at = MCAP_MAGIC.length;
  if (size < at) report.lostBytes += size;
  while (at < size) {
    const head = await readAt(file, at, RECORD_HEADER_BYTES);
    const length = head === null ? -1 : contentLength(head);
    const opcode = head?.[0] ?? 0;
    const end = at + RECORD_HEADER_BYTES + length;
    if (length < 0 || opcode < FIRST_OPCODE || opcode > LAST_OPCODE || end > size) {
      const next = await findChunk(file, at + 1, size);
      report.lostBytes += next - at;
      at = next;
      continue;
    }
    if (opcode === FOOTER && length === FOOTER_CONTENT_BYTES && end + MCAP_MAGIC.length === size) report.complete = true;
    if (opcode === FOOTER) return;
    if (wanted.has(opcode)) {
      const content = await readAt(file, at + RECORD_HEADER_BYTES, length);
      if (content !== null) yield { opcode, content };
    }
    at = end;
  }
}

function contentLength(head: Buffer): number {
  const length = head.readBigUInt64LE(1);
  return length > BigInt(MAX_CHUNK_BYTES) ? -1 : Number(length);
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer | null> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) return null;
    done += bytesRead;
  }
  return bytes;
}

/** Offset of the next thing that looks like a chunk record, or the end of the file. */
async function findChunk(file: FileHandle, from: number, size: number): Promise<number> {
  const BLOCK_BYTES = 1024 * 1024;
  const overlap = COMPRESSION_MARK.length - 1;
  for (let at = from + MARK_AT; at < size; at += BLOCK_BYTES) {
    const block = await readAt(file, at, Math.min(BLOCK_BYTES + overlap, size - at));
    if (block === null) return size;
    for (let mark = block.indexOf(COMPRESSION_MARK); mark >= 0; mark = block.indexOf(COMPRESSION_MARK, mark + 1)) {
      const start = at + mark - MARK_AT;
      const head = await readAt(file, start, RECORD_HEADER_BYTES);
      if (head !== null && head[0] === CHUNK && contentLength(head) >= CHUNK_MIN_BYTES) return start;
    }
  }
  return size;
}

/** A chunk as it stands in the file, and its messages unpacked. */
export interface OpenChunk {
  readonly uncompressedCrc: number;
  readonly packed: Uint8Array;
  readonly plain: Uint8Array;
}

/** @returns null when the chunk is damaged: its checksum decides */
export function openChunk(content: Uint8Array): OpenChunk | null {
  if (content.byteLength < CHUNK_MIN_BYTES) return null;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const uncompressedSize = Number(view.getBigUint64(16, true));
  const uncompressedCrc = view.getUint32(24, true);
  const mark = content.subarray(CHUNK_FIXED_BYTES, CHUNK_FIXED_BYTES + COMPRESSION_MARK.length);
  const packed = content.subarray(CHUNK_MIN_BYTES);
  const packedLength = view.getBigUint64(CHUNK_MIN_BYTES - 8, true);
  if (!COMPRESSION_MARK.equals(mark) || packedLength !== BigInt(packed.byteLength)) return null;
  const plain = decompressChunk(packed, uncompressedSize);
  if (plain === null || crc32(plain) !== uncompressedCrc) return null;
  return { uncompressedCrc, packed, plain };
}

const MESSAGE_FIXED_BYTES = 2 + 4 + 8 + 8;

/** Calls back for each message, without a copy. @returns false when the records inside do not add up */
export function forEachMessage(plain: Uint8Array, visit: (channelId: number, data: Uint8Array, offset: number, logNs: () => bigint) => void): boolean {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
  let at = 0;
  while (at + RECORD_HEADER_BYTES <= plain.byteLength) {
    const length = Number(view.getBigUint64(at + 1, true));
    const start = at + RECORD_HEADER_BYTES;
    if (start + length > plain.byteLength) return false;
    if (plain[at] === MESSAGE && length >= MESSAGE_FIXED_BYTES) {
      const data = plain.subarray(start + MESSAGE_FIXED_BYTES, start + length);
      visit(view.getUint16(start, true), data, at, () => view.getBigUint64(start + 6, true));
    }
    at = start + length;
  }
  return at === plain.byteLength;
}
