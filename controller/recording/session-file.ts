/**
 * Writes the session file: every cycle and every event, in chunks of at most one second of log time, each complete on
 * disk before the next begins. Synchronous: it runs in the recorder thread, or in lock-step beside the loop.
 */
import { crc32 } from 'node:zlib';
import { McapChunkBuilder } from '@mcap/core';
import { layoutOf, type SessionEvent } from '../../protocols/session-log.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { AppendFile, type FileCalls } from './append-file.ts';
import { cycleCodec, type CycleCodec } from './cycle-schema.ts';
import { McapContainer } from './mcap-container.ts';
import { CYCLE_CHANNEL, EVENT_CHANNEL, GAME_CHANNEL, sessionChannels, sessionMetadata, sessionSchemas } from './session-channels.ts';
import type { SessionHeader } from './session-header.ts';
import { compressChunk } from './zstd.ts';

export interface SealedSession {
  /** Of the whole file, hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly cycles: number;
}

/** Every method throws DariError `diskFull` when the disk does; the file then ends at its last whole chunk. */
export interface SessionFileWriter {
  row(row: Float64Array, start: number): void;
  event(event: SessionEvent): void;
  /** Writes out what has been held for a second of log time, also when no further row comes. */
  flushDue(nowUs: number): void;
  /** Writes summary and footer and closes the file; call it once, also after an error. */
  seal(): SealedSession;
}

/** Lock-step has no wall time: its log time counts from here (2000-01-01T00:00:00Z). */
const LOCKSTEP_EPOCH_NS = 946_684_800_000_000_000n;
const NS_PER_MS = 1_000_000n;
const CHUNK_US = US_PER_S;

/**
 * `zstdReady` must have been awaited before.
 * @throws DariError `sessionFileExists`, `diskFull`, `dataFolder`
 */
export const createSessionFile = (path: string, header: SessionHeader, calls?: FileCalls): SessionFileWriter => new McapSessionFile(path, header, calls);

class McapSessionFile implements SessionFileWriter {
  readonly #file: AppendFile;
  readonly #container: McapContainer;
  readonly #codec: CycleCodec;
  readonly #nowColumn: number;
  readonly #chunk = new McapChunkBuilder({});
  readonly #epochNs: bigint;
  readonly #durable: boolean;
  readonly #encoder = new TextEncoder();
  #originUs = Number.NaN;
  #chunkStartUs = 0;
  #cycles = 0;
  #events = 0;

  constructor(path: string, header: SessionHeader, calls?: FileCalls) {
    const layout = layoutOf(header.profile);
    this.#nowColumn = layout.cycle.findIndex((field) => field.key === 'nowUs');
    this.#codec = cycleCodec(layout);
    this.#epochNs = header.startedAt === null ? LOCKSTEP_EPOCH_NS : BigInt(Date.parse(header.startedAt)) * NS_PER_MS;
    // A lock-step run can be repeated; a patient's session cannot.
    this.#durable = header.mode === 'live';
    this.#file = new AppendFile(path, calls);
    try {
      this.#container = new McapContainer(this.#file, { schemas: sessionSchemas(), channels: sessionChannels(header.profile) });
      this.#container.addMetadata(sessionMetadata(header));
      if (this.#durable) this.#file.sync();
    } catch (error) {
      this.#file.drop();
      throw error;
    }
  }

  row(row: Float64Array, start: number): void {
    const nowUs = row[start + this.#nowColumn] ?? 0;
    this.#add(CYCLE_CHANNEL, this.#cycles, nowUs, this.#codec.encode(row, start));
    this.#cycles++;
  }

  event(event: SessionEvent): void {
    this.#add(event.kind === 'game' ? GAME_CHANNEL : EVENT_CHANNEL, this.#events, event.atUs, this.#encoder.encode(JSON.stringify(event)));
    this.#events++;
  }

  flushDue(nowUs: number): void {
    if (this.#chunk.numMessages > 0 && nowUs - this.#chunkStartUs >= CHUNK_US) this.#closeChunk();
  }

  seal(): SealedSession {
    try {
      this.#closeChunk();
      this.#container.finish();
    } catch (error) {
      this.#file.drop();
      throw error;
    }
    const sha256 = this.#file.finish();
    return { sha256, bytes: this.#file.bytes, cycles: this.#cycles };
  }

  #add(channelId: number, sequence: number, atUs: number, data: Uint8Array): void {
    if (Number.isNaN(this.#originUs)) this.#originUs = atUs;
    if (this.#chunk.numMessages > 0 && Math.abs(atUs - this.#chunkStartUs) >= CHUNK_US) this.#closeChunk();
    if (this.#chunk.numMessages === 0) this.#chunkStartUs = atUs;
    const logTime = this.#epochNs + BigInt(Math.round((atUs - this.#originUs) * 1_000));
    this.#chunk.addMessage({ channelId, sequence, logTime, publishTime: logTime, data });
  }

  #closeChunk(): void {
    if (this.#chunk.numMessages === 0) return;
    const plain = this.#chunk.buffer;
    const packed = {
      startNs: this.#chunk.messageStartTime,
      endNs: this.#chunk.messageEndTime,
      uncompressedSize: plain.byteLength,
      uncompressedCrc: crc32(plain),
      records: compressChunk(plain),
      indexes: [...this.#chunk.indices],
    };
    this.#chunk.reset();
    this.#container.addChunk(packed);
    if (this.#durable) this.#file.sync();
  }
}
