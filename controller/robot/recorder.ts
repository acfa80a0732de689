/** The recorder's work without its thread: takes messages and ring rows, keeps one session file. */
import { rmSync } from 'node:fs';
import { DariError } from '../../protocols/errors.ts';
import { cycleLayout, fieldOffset, type SessionEvent } from '../../protocols/session-log.ts';
import type { FileCalls } from '../recording/append-file.ts';
import { createSessionFile, type SessionFileWriter } from '../recording/session-file.ts';
import type { CycleRingReader } from './cycle-ring.ts';
import type { FromRecorder, ToRecorder } from './recorder-messages.ts';

/** Fields of the whole cycle stand first, so their place is the same for every robot. */
const anyRobot = cycleLayout(0, 0);
const NOW_US = fieldOffset(anyRobot, 'nowUs');
const SESSION_OPEN = fieldOffset(anyRobot, 'sessionOpen');

interface Recording {
  readonly path: string;
  readonly file: SessionFileWriter;
  begun: boolean;
}

export class Recorder {
  #recording: Recording | null = null;
  /** After a failure the session goes on unrecorded; closing it then has nothing to seal. */
  #failure: DariError | null = null;
  #lostReported = 0;

  constructor(
    private readonly ring: CycleRingReader,
    private readonly send: (message: FromRecorder) => void,
    private readonly fileCalls?: FileCalls,
  ) {}

  handle(message: ToRecorder): void {
    if (message.type === 'open') this.#open(message);
    else if (message.type === 'begin') this.#begin(message.fromIndex);
    else if (message.type === 'event') this.#event(message.event);
    else if (message.type === 'close') this.#close(message.toIndex);
    else this.#discard();
  }

  /** Writes the rows there are; call it often enough that the ring does not run over. */
  drain(before?: number): void {
    // Between opening and beginning, rows wait in the ring: which one is the first is not known yet.
    if (this.#recording?.begun === false) return;
    this.ring.drain((row) => {
      // The loop may be ahead of the message that closes the session.
      if (row[SESSION_OPEN] !== 1) return;
      this.#write((file) => {
        file.row(row, 0);
        file.flushDue(row[NOW_US] ?? 0);
      });
    }, before);
    if (this.ring.lost === this.#lostReported) return;
    this.#lostReported = this.ring.lost;
    this.send({ type: 'rowsLost', total: this.ring.lost });
  }

  #open(message: Extract<ToRecorder, { type: 'open' }>): void {
    this.#failure = null;
    try {
      this.#recording = { path: message.path, file: createSessionFile(message.path, message.header, this.fileCalls), begun: false };
      this.send({ type: 'opened' });
    } catch (error) {
      const refusal = asDariError(error);
      // A file of ours that has not even a header would later pass for a recording.
      if (refusal.code === 'diskFull') rmSync(message.path, { force: true });
      this.send({ type: 'refused', ...describe(refusal) });
    }
  }

  #write(act: (file: SessionFileWriter) => void): void {
    const recording = this.#recording;
    if (recording === null || !recording.begun) return;
    try {
      act(recording.file);
    } catch (error) {
      this.#recording = null;
      const failure = asDariError(error);
      this.#failure = failure;
      abandon(recording.file);
      this.send({ type: 'failed', ...describe(failure) });
    }
  }

  #begin(fromIndex: number): void {
    this.ring.drain(() => {}, fromIndex);
    if (this.#recording !== null) this.#recording.begun = true;
  }

  #event(event: SessionEvent): void {
    this.drain();
    this.#write((file) => file.event(event));
  }

  #close(toIndex: number): void {
    this.drain(toIndex);
    const recording = this.#recording;
    this.#recording = null;
    try {
      if (recording === null) throw this.#failure ?? new DariError('sessionUnknown', 'No recording is open. Nothing was closed.');
      this.send({ type: 'sealed', sealed: recording.file.seal() });
    } catch (error) {
      this.send({ type: 'refused', ...describe(error) });
    }
    this.#failure = null;
  }

  #discard(): void {
    const recording = this.#recording;
    this.#recording = null;
    if (recording === null) return;
    abandon(recording.file);
    rmSync(recording.path, { force: true });
  }
}

/** Frees the file; its whole chunks stay readable, and recovery seals them. */
function abandon(file: SessionFileWriter): void {
  try {
    file.seal();
  } catch {
    // The reason was reported when it happened first.
  }
}

const asDariError = (error: unknown): DariError =>
  error instanceof DariError ? error : new DariError('diskFull', `The recording failed (${error instanceof Error ? error.message : String(error)}). Check the disk, then open a new session.`, { cause: error });

function describe(error: unknown): { code: DariError['code']; message: string } {
  const { code, message } = asDariError(error);
  return { code, message };
}
