/** The loop's side of the recorder's thread. */
import { Worker } from 'node:worker_threads';
import { DariError } from '../../protocols/errors.ts';
import type { SessionEvent } from '../../protocols/session-log.ts';
import type { SealedSession } from '../recording/session-file.ts';
import type { SessionHeader } from '../recording/session-header.ts';
import type { CycleRingMemory, CycleRingWriter } from './cycle-ring.ts';
import { END_RECORDER, type FromRecorder, type RecorderSetup, type ToRecorder } from './recorder-messages.ts';

export interface RecorderClientOptions {
  readonly workerUrl: URL;
  readonly memory: CycleRingMemory;
  readonly ring: CycleRingWriter;
  /** The session goes on unrecorded. */
  readonly onFailed: (error: DariError) => void;
  /** The thread itself died: Dari cannot go on. */
  readonly onCrash: (error: unknown) => void;
}

interface Waiting {
  resolve(sealed: SealedSession | null): void;
  reject(error: unknown): void;
}

export class RecorderClient {
  rowsLost = 0;
  readonly #worker: Worker;
  #waiting: Waiting | null = null;
  #ended = false;

  constructor(private readonly options: RecorderClientOptions) {
    const setup: RecorderSetup = { ring: options.memory };
    this.#worker = new Worker(options.workerUrl, { workerData: setup });
    this.#worker.on('message', (message: FromRecorder) => this.#receive(message));
    this.#worker.on('error', (error) => this.#crashed(error));
    this.#worker.on('exit', () => {
      if (!this.#ended) this.#crashed(new Error('the recorder thread ended by itself'));
    });
  }

  /** @throws DariError `sessionFileExists`, `diskFull`, `dataFolder` */
  async open(path: string, header: SessionHeader): Promise<void> {
    await this.#ask({ type: 'open', path, header });
  }

  /** The next row that the loop writes is the first one recorded. */
  begin(): void {
    this.#post({ type: 'begin', fromIndex: this.options.ring.written });
  }

  event(event: SessionEvent): void {
    this.#post({ type: 'event', event });
  }

  discard(): void {
    this.#post({ type: 'discard' });
  }

  /** The row before was the last one recorded. @throws DariError `diskFull` when the recording had failed */
  async close(): Promise<SealedSession> {
    const sealed = await this.#ask({ type: 'close', toIndex: this.options.ring.written });
    if (sealed === null) throw new DariError('diskFull', 'The recording was not sealed. It is recovered when the station next starts.');
    return sealed;
  }

  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const exited = new Promise<void>((resolve) => this.#worker.once('exit', () => resolve()));
    this.#post(END_RECORDER);
    await exited;
  }

  #ask(message: ToRecorder): Promise<SealedSession | null> {
    if (this.#waiting !== null) return Promise.reject(new DariError('sessionRunning', 'A recording is just being opened or closed. Try again in a moment.'));
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#post(message);
    });
  }

  #post(message: ToRecorder | typeof END_RECORDER): void {
    this.#worker.postMessage(message, []);
    this.options.ring.wake();
  }

  #receive(message: FromRecorder): void {
    if (message.type === 'failed') this.options.onFailed(new DariError(message.code, message.message));
    else if (message.type === 'rowsLost') this.#loseRows(message.total);
    else {
      const waiting = this.#waiting;
      this.#waiting = null;
      if (message.type === 'refused') waiting?.reject(new DariError(message.code, message.message));
      else waiting?.resolve(message.type === 'sealed' ? message.sealed : null);
    }
  }

  #loseRows(total: number): void {
    this.rowsLost = total;
    this.options.onFailed(new DariError('diskFull', `The disk is too slow: ${total} cycles could not be recorded. Free the disk from other work, then open a new session.`));
  }

  #crashed(error: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting?.reject(error);
    this.#waiting = null;
    this.options.onCrash(error);
  }
}
