/** Ticks on absolute deadlines: lateness does not add up, and what was missed is counted, never made up for. */
import { Worker } from 'node:worker_threads';
import { systemClock } from './clock.ts';

/** Cells of the memory shared with the thread. */
export const STOP = 0;
/** Number of the tick that waits to be taken. */
export const PENDING = 1;
export const NO_TICK = -1;

export interface MetronomeData {
  readonly shared: SharedArrayBuffer;
  /** `process.hrtime.bigint()` at tick 0. */
  readonly startNs: bigint;
  readonly periodUs: number;
}

export interface MetronomeOptions {
  readonly periodUs: number;
  /** The built `metronome.js`. */
  readonly workerUrl: URL | string;
  /**
   * Never more than one waits: when the thread was busy over several deadlines it gets the oldest of them once.
   * @param scheduledUs time of the deadline on `systemClock`
   */
  readonly onTick: (scheduledUs: number, latenessUs: number) => void;
}

export interface Metronome {
  /** Deadlines that got no tick of their own. */
  readonly missed: number;
  /** After this no tick comes any more; resolves when the thread has ended. */
  stop(): Promise<void>;
}

/** A metronome whose thread fails ends the process by an unhandled error: without ticks there is no control. */
export function startMetronome({ periodUs, workerUrl, onTick }: MetronomeOptions): Metronome {
  const shared = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  const cells = new Int32Array(shared);
  cells[PENDING] = NO_TICK;
  const startUs = systemClock.nowUs();
  const workerData: MetronomeData = { shared, startNs: process.hrtime.bigint(), periodUs };
  const worker = new Worker(workerUrl, { workerData });
  let lastTick = 0;
  let missed = 0;
  let stopped = false;
  worker.on('message', () => {
    const tick = Atomics.exchange(cells, PENDING, NO_TICK);
    if (stopped || tick === NO_TICK) return;
    missed += tick - lastTick - 1;
    lastTick = tick;
    const scheduledUs = startUs + tick * periodUs;
    onTick(scheduledUs, Math.max(0, systemClock.nowUs() - scheduledUs));
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  return {
    get missed() {
      return missed;
    },
    async stop() {
      stopped = true;
      Atomics.store(cells, STOP, 1);
      Atomics.notify(cells, STOP);
      await ended;
    },
  };
}
