/** Ticks on absolute deadlines: lateness does not add up, and what was missed is counted, never made up for. */
import { Worker } from 'node:worker_threads';
import { systemClock, systemScheduler } from './clock.ts';

/** Cells of the memory shared with the thread. */
export const STOP = 0;
/** Number of the tick that waits to be taken. */
export const PENDING = 1;
export const NO_TICK = -1;
/** What arrived while the thread was busy still waits in the kernel; it gets this long to come in before the late tick. */
const SETTLE_MS = 1;

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
   * Never more than one waits: when the thread was busy over several deadlines it gets the oldest of them once. A tick
   * that is a whole period late lets the waiting input in first, so that a stall of this machine is not taken for a
   * silent robot; its lateness says so.
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
  const latenessUs = (tick: number): number => Math.max(0, systemClock.nowUs() - startUs - tick * periodUs);
  const take = (): void => {
    const tick = Atomics.exchange(cells, PENDING, NO_TICK);
    if (stopped || tick === NO_TICK) return;
    missed += tick - lastTick - 1;
    lastTick = tick;
    onTick(startUs + tick * periodUs, latenessUs(tick));
  };
  // The thread posts again only after a tick was taken, so at most one waits to settle.
  worker.on('message', () => {
    if (latenessUs(Atomics.load(cells, PENDING)) > periodUs) systemScheduler.after(SETTLE_MS, take);
    else take();
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
