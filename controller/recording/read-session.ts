/** Reads a session file back, whole, cut or damaged: every chunk that is intact, in order, and never a wrong number. */
import { open, type FileHandle } from 'node:fs/promises';
import { McapStreamReader } from '@mcap/core';
import { sessionEventSchema } from '../../protocols/messages.ts';
import { layoutOf, type CycleLayout, type SessionEvent } from '../../protocols/session-log.ts';
import { cycleCodecOf, CYCLE_MESSAGE, type CycleCodec } from './cycle-schema.ts';
import { CHUNK, forEachMessage, openChunk, walkRecords, type OpenChunk, type WalkReport } from './mcap-records.ts';
import { CYCLE_CHANNEL, EVENT_CHANNEL, GAME_CHANNEL, HEADER_KEY, RECOVERY_METADATA, SESSION_METADATA } from './session-channels.ts';
import { parseSessionHeader, unreadable, type SessionHeader } from './session-header.ts';
import { zstdReady } from './zstd.ts';

/** One chunk: at most a second of the session. */
export interface SessionBatch {
  /** `rowCount` rows of `layout.width`, one after the other; bit for bit as written. */
  readonly rows: Float64Array;
  readonly rowCount: number;
  readonly events: readonly SessionEvent[];
  /** For recovery: the chunk itself. */
  readonly chunk: OpenChunk;
}

export interface SessionReading {
  readonly header: SessionHeader;
  readonly layout: CycleLayout;
  batches(): AsyncGenerator<SessionBatch>;
  /** What was found so far; final when `batches` has ended. */
  readonly condition: SessionCondition;
}

export interface SessionCondition extends WalkReport {
  /** Chunks left out because their checksum was wrong. */
  corruptChunks: number;
  /** The file was cut or damaged once and rewritten by `recoverSession`. */
  recovered: boolean;
}

const freshCondition = (): SessionCondition => ({ lostBytes: 0, complete: false, corruptChunks: 0, recovered: false });

/**
 * Opens a session file; the file is read again, from its start, for each `batches()`.
 * @throws DariError `logUnreadable` when there is no such file, or nothing before the first chunk makes sense
 */
export async function readSession(path: string): Promise<SessionReading> {
  await zstdReady;
  const preamble = await withFile(path, (file) => readPreamble(file, path));
  const header = parseSessionHeader(preamble.header, path);
  const layout = layoutOf(header.profile);
  const codec = cycleCodecOf(preamble.cycleSchema, layout);
  if (codec === null) throw unreadable(path, 'its schema of a cycle is damaged');
  const condition = freshCondition();
  return { header, layout, condition, batches: () => readBatches(path, layout, codec, condition) };
}

interface Preamble {
  readonly header: string;
  readonly cycleSchema: Uint8Array;
}

async function readPreamble(file: FileHandle, path: string): Promise<Preamble> {
  let header: string | undefined;
  let cycleSchema: Uint8Array | undefined;
  for await (const { opcode, content } of walkRecords(file, { lostBytes: 0, complete: false })) {
    if (opcode === CHUNK) break;
    const record = parseRecord(opcode, content);
    if (record?.type === 'Schema' && record.name === CYCLE_MESSAGE) cycleSchema = record.data;
    if (record?.type === 'Metadata' && record.name === SESSION_METADATA) header = record.metadata.get(HEADER_KEY);
  }
  if (header === undefined || cycleSchema === undefined) throw unreadable(path, 'it is not a session file of Dari, or it was cut before its first second');
  return { header, cycleSchema };
}

/** One record by itself, with the library's own parser. */
function parseRecord(opcode: number, content: Uint8Array): ReturnType<McapStreamReader['nextRecord']> | null {
  const head = Buffer.alloc(9);
  head[0] = opcode;
  head.writeBigUInt64LE(BigInt(content.byteLength), 1);
  try {
    const reader = new McapStreamReader({ noMagicPrefix: true });
    reader.append(Buffer.concat([head, content]));
    return reader.nextRecord();
  } catch {
    return null;
  }
}

async function* readBatches(path: string, layout: CycleLayout, codec: CycleCodec, condition: SessionCondition): AsyncGenerator<SessionBatch> {
  Object.assign(condition, freshCondition());
  const file = await openFile(path);
  try {
    for await (const { opcode, content } of walkRecords(file, condition)) {
      if (opcode !== CHUNK) {
        const record = parseRecord(opcode, content);
        if (record?.type === 'Metadata' && record.name === RECOVERY_METADATA) condition.recovered = true;
        continue;
      }
      const chunk = openChunk(content);
      const batch = chunk === null ? null : unpack(chunk, layout, codec);
      if (batch === null) condition.corruptChunks++;
      else yield batch;
    }
  } finally {
    await file.close();
  }
}

function unpack(chunk: OpenChunk, layout: CycleLayout, codec: CycleCodec): SessionBatch | null {
  const room = Math.ceil(chunk.plain.byteLength / codec.messageBytes);
  const rows = new Float64Array(room * layout.width);
  const events: SessionEvent[] = [];
  const decoder = new TextDecoder();
  let rowCount = 0;
  let faults = 0;
  const whole = forEachMessage(chunk.plain, (channelId, data) => {
    if (channelId === CYCLE_CHANNEL) {
      if (codec.decode(data, rows, rowCount * layout.width)) rowCount++;
      else faults++;
    } else if (channelId === EVENT_CHANNEL || channelId === GAME_CHANNEL) {
      const event = parseEvent(decoder.decode(data));
      if (event === null) faults++;
      else events.push(event);
    }
  });
  return whole && faults === 0 ? { rows: rows.subarray(0, rowCount * layout.width), rowCount, events, chunk } : null;
}

function parseEvent(text: string): SessionEvent | null {
  try {
    const parsed = sessionEventSchema.safeParse(JSON.parse(text));
    return parsed.success ? (parsed.data as SessionEvent) : null;
  } catch {
    return null;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw unreadable(path, code === 'ENOENT' ? 'there is no such file' : `the disk says ${code}`);
  }
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await openFile(path);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
