/**
 * The simulator's metronome: a worker that sleeps until absolute deadlines and wakes the thread that owns the robot.
 * A wake-up that has not been taken yet is not doubled.
 */
import { parentPort, workerData } from 'node:worker_threads';

/** Places in the shared Int32Array. */
export const STOP = 0;
export const PENDING = 1;

export interface PacingThreadData {
  /** Zero of the other thread's clock by process.hrtime: beats come whole periods after it. */
  readonly originNs: bigint;
  readonly periodUs: number;
  readonly shared: Int32Array;
}

if (parentPort !== null) beat(workerData as PacingThreadData, () => parentPort?.postMessage(0, []));

function beat({ originNs, periodUs, shared }: PacingThreadData, wake: () => void): void {
  const nowUs = (): number => Number(process.hrtime.bigint() - originNs) / 1_000;
  for (;;) {
    // After a stall the missed beats are skipped, not made up for: the robot catches up by itself.
    const deadlineUs = periodUs * (Math.floor(nowUs() / periodUs) + 1);
    if (Atomics.wait(shared, STOP, 0, (deadlineUs - nowUs()) / 1_000) !== 'timed-out') return;
    if (Atomics.exchange(shared, PENDING, 1) === 0) wake();
  }
}
