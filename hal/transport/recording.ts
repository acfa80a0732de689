/**
 * Writes down every byte of a port, in both directions, with its time, so that trouble in the field can be sent as a
 * file and replayed as a test. The loop's own work is one copy in memory; a task beside it writes to the disk, and what
 * does not fit meanwhile is counted, not waited for.
 */
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { DariError } from '../../protocols/errors.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { Clock, Scheduler } from '../clock.ts';
import { BYTE_LOG_PAYLOAD_MAX, byteLogRecordBytes, encodeByteLogHeader, encodeByteLogRecord, type ByteLogHeader, type ByteLogKind } from './byte-log.ts';
import type { ByteTransport, TransportFactory, TransportHandlers } from './transport.ts';

const FLUSH_MS = 200;
/** Our own figure: two of these hold some ten seconds of a port at 921 600 baud. */
const SLAB_BYTES = 512 * 1_024;
/** A slab keeps room for the record that tells how much was lost. */
const RESERVE_BYTES = byteLogRecordBytes(8);

export interface ByteRecorderOptions {
  /** Must not exist yet. */
  readonly file: string;
  readonly header: ByteLogHeader;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** The disk takes nothing any more; told once. */
  readonly onTrouble: (error: DariError) => void;
  readonly slabBytes?: number;
}

export class ByteRecorder {
  lostBytes = 0;
  #front: Buffer;
  #back: Buffer;
  #length = 0;
  #unwrittenLoss = 0;
  readonly #lossPayload = Buffer.alloc(8);
  #writing: Promise<void> = Promise.resolve();
  #busy = false;
  #file: FileHandle | null;
  #cancelFlush: () => void = () => {};

  private constructor(
    private readonly options: ByteRecorderOptions,
    file: FileHandle,
  ) {
    this.#file = file;
    const size = options.slabBytes ?? SLAB_BYTES;
    this.#front = Buffer.alloc(size);
    this.#back = Buffer.alloc(size);
    this.#plan();
  }

  /** @throws DariError `dataFolder` when the file cannot be made */
  static async open(options: ByteRecorderOptions): Promise<ByteRecorder> {
    try {
      const file = await open(options.file, 'ax', 0o600);
      await file.appendFile(encodeByteLogHeader(options.header));
      return new ByteRecorder(options, file);
    } catch (cause) {
      throw new DariError('dataFolder', `The bytes cannot be recorded in ${options.file}. Name a new file in a folder that you may write to.`, { cause });
    }
  }

  /** Transports of this factory are recorded from now on. */
  wrap(factory: TransportFactory): TransportFactory {
    return () => new RecordedTransport(factory(), this);
  }

  /** One copy in memory, nothing else. */
  record(kind: ByteLogKind, payload: Uint8Array): void {
    const needed = byteLogRecordBytes(payload.length) + RESERVE_BYTES;
    if (this.#file === null || payload.length > BYTE_LOG_PAYLOAD_MAX || this.#length + needed > this.#front.length) {
      this.lostBytes += payload.length;
      this.#unwrittenLoss += payload.length;
      return;
    }
    const nowUs = this.options.clock.nowUs();
    if (this.#unwrittenLoss > 0) this.#recordLoss(nowUs);
    this.#length = encodeByteLogRecord(kind, nowUs, payload, this.#front, this.#length);
  }

  /** Writes the rest and frees the file. */
  async close(): Promise<void> {
    this.#cancelFlush();
    await this.#writing;
    if (this.#file !== null && this.#unwrittenLoss > 0) this.#recordLoss(this.options.clock.nowUs());
    this.#flush();
    await this.#writing;
    const file = this.#file;
    this.#file = null;
    await file?.close();
  }

  #recordLoss(nowUs: number): void {
    this.#lossPayload.writeDoubleLE(this.#unwrittenLoss);
    this.#length = encodeByteLogRecord('lost', nowUs, this.#lossPayload, this.#front, this.#length);
    this.#unwrittenLoss = 0;
  }

  #plan(): void {
    this.#cancelFlush = this.options.scheduler.after(FLUSH_MS, () => {
      this.#flush();
      if (this.#file !== null) this.#plan();
    });
  }

  #flush(): void {
    if (this.#busy || this.#length === 0 || this.#file === null) return;
    const full = this.#front.subarray(0, this.#length);
    [this.#front, this.#back] = [this.#back, this.#front];
    this.#length = 0;
    this.#busy = true;
    this.#writing = this.#file
      .appendFile(full)
      .catch((cause: unknown) => this.#giveUp(full.length, cause))
      .finally(() => (this.#busy = false));
  }

  #giveUp(bytes: number, cause: unknown): void {
    const file = this.#file;
    this.#file = null;
    this.lostBytes += bytes;
    this.#cancelFlush();
    file?.close().catch(() => {});
    this.options.onTrouble(new DariError('diskFull', `Bytes are no longer recorded: ${this.options.file} cannot be written. Free some space on the disk; the robot is not affected.`, { cause }));
  }
}

export interface RobotRecording {
  /** Records what passes; by link id. */
  readonly factories: ReadonlyMap<string, TransportFactory>;
  close(): Promise<void>;
}

export interface RobotRecordingOptions extends Pick<ByteRecorderOptions, 'clock' | 'scheduler' | 'onTrouble'> {
  readonly profile: RobotProfile;
  readonly factories: ReadonlyMap<string, TransportFactory>;
  /** Exists; gets one file per link. */
  readonly folder: string;
  /** Wall clock, ISO 8601. */
  readonly startedAt: string;
}

/** Every link of a robot, each in a file of its own. @throws DariError `dataFolder` */
export async function recordRobot({ profile, factories, folder, startedAt, ...tools }: RobotRecordingOptions): Promise<RobotRecording> {
  const recorded = new Map<string, TransportFactory>();
  const recorders: ByteRecorder[] = [];
  for (const { id, protocol, baud } of profile.links) {
    const factory = factories.get(id);
    if (factory === undefined) continue;
    const file = path.join(folder, `${startedAt.replaceAll(':', '-')}-${id}.bytes`);
    const recorder = await ByteRecorder.open({ file, header: { link: id, protocol, baud, profile: profile.id, startedAt }, ...tools });
    recorders.push(recorder);
    recorded.set(id, recorder.wrap(factory));
  }
  return { factories: recorded, close: async () => void (await Promise.allSettled(recorders.map(async (recorder) => recorder.close()))) };
}

class RecordedTransport implements ByteTransport {
  constructor(
    private readonly inner: ByteTransport,
    private readonly recorder: ByteRecorder,
  ) {}

  get name(): string {
    return this.inner.name;
  }

  async open(handlers: TransportHandlers): Promise<void> {
    const { recorder } = this;
    await this.inner.open({
      onOpen: () => {
        recorder.record('opened', Buffer.from(this.inner.name));
        handlers.onOpen();
      },
      onBytes: (chunk) => {
        recorder.record('fromDevice', chunk);
        handlers.onBytes(chunk);
      },
      onClosed: (cause) => {
        recorder.record('closed', Buffer.from(cause === 'closedByUs' ? cause : cause.message));
        handlers.onClosed(cause);
      },
    });
  }

  write(bytes: Uint8Array): boolean {
    // In lock-step the answer comes during the call, and so stands before its question, at the same time.
    const taken = this.inner.write(bytes);
    this.recorder.record(taken ? 'toDevice' : 'refused', bytes);
    return taken;
  }

  async close(): Promise<void> {
    await this.inner.close();
  }
}
