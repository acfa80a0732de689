/**
 * The loop's side of the independent monitor's thread. When that thread dies it gives no more answers, so the hub opens
 * the enable relay, and its age tells the loop, which stops with a plain cause.
 */
import { Worker } from 'node:worker_threads';
import { allocateTap, ByteTapWriter } from '../../hal/byte-tap.ts';
import { systemOriginNs } from '../../hal/clock.ts';
import { NO_ANSWER, type Guard } from '../../hal/guard.ts';
import { monitorReasons, type MonitorInputs } from '../../protocols/joints.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { ANSWER, ANSWER_READY, BEAT, JOINT, MONITOR_CELLS, REASON, STOP, type MonitorSetup } from './monitor-memory.ts';

export interface MonitorClientOptions {
  readonly profile: RobotProfile;
  /** The built `monitor-thread.js`. */
  readonly workerUrl: URL;
  /** The thread ended although nobody told it to; called once. */
  readonly onCrash: (error: unknown) => void;
}

export class MonitorClient implements Guard {
  readonly #cells = new Int32Array(new SharedArrayBuffer(MONITOR_CELLS * Int32Array.BYTES_PER_ELEMENT));
  readonly #tap: ByteTapWriter;
  readonly #hubLink: number;
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #beat = 0;
  #beatUs = -Infinity;
  #ended = false;

  constructor({ profile, workerUrl, onCrash }: MonitorClientOptions) {
    const tap = allocateTap();
    this.#tap = new ByteTapWriter(tap);
    this.#hubLink = profile.links.findIndex((link) => link.id === profile.hub.link);
    const setup: MonitorSetup = { profile, tap, shared: this.#cells.buffer, originNs: systemOriginNs };
    this.#worker = new Worker(workerUrl, { workerData: setup });
    const crashed = (error: unknown): void => {
      if (!this.#ended) onCrash(error);
      this.#ended = true;
    };
    this.#worker.on('error', crashed);
    this.#exited = new Promise((resolve) => {
      this.#worker.once('exit', () => {
        crashed(new Error('the independent monitor ended by itself'));
        resolve();
      });
    });
  }

  /** Only the hub's bytes wake the thread: they bring the challenge. The others wait for them. */
  onBytes(link: number, chunk: Uint8Array, nowUs: number): void {
    this.#tap.push(link, chunk, nowUs);
    if (link === this.#hubLink) this.#tap.wake();
  }

  takeAnswer(): number {
    if (Atomics.exchange(this.#cells, ANSWER_READY, 0) === 0) return NO_ANSWER;
    return Atomics.load(this.#cells, ANSWER) >>> 0;
  }

  read(monitor: MonitorInputs, nowUs: number): void {
    const beat = Atomics.load(this.#cells, BEAT);
    if (beat !== this.#beat) this.#beatUs = nowUs;
    this.#beat = beat;
    monitor.ageUs = nowUs - this.#beatUs;
    monitor.reason = monitorReasons[Atomics.load(this.#cells, REASON)] ?? 'bytesLost';
    monitor.joint = Atomics.load(this.#cells, JOINT);
  }

  async close(): Promise<void> {
    this.#ended = true;
    Atomics.store(this.#cells, STOP, 1);
    this.#tap.wake();
    await this.#exited;
  }
}
