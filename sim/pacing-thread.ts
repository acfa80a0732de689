/**
 * The simulator's metronome: a worker that sleeps until absolute deadlines and wakes the thread that owns the robot.
 * A wake-up that has not been taken yet is not doubled.
 */
import { parentPort, workerData } from 'node:worker_threads';

/** Places in the shared Int32Array. */
export const STOP = 0;
export const PENDING = 1;

export interface PacingThreadData {
  readonly periodMs: number;
  readonly shared: Int32Array;
}

if (parentPort !== null) beat(workerData as PacingThreadData, () => parentPort?.postMessage(0, []));

function beat({ periodMs, shared }: PacingThreadData, wake: () => void): void {
  let deadlineMs = performance.now() + periodMs;
  for (;;) {
    const restMs = deadlineMs - performance.now();
    if (restMs > 0 && Atomics.wait(shared, STOP, 0, restMs) !== 'timed-out') return;
    if (Atomics.load(shared, STOP) !== 0) return;
    if (Atomics.exchange(shared, PENDING, 1) === 0) wake();
    // After a stall the missed beats are skipped, not made up for: the robot catches up by itself.
    deadlineMs += periodMs * Math.max(1, Math.ceil((performance.now() - deadlineMs) / periodMs));
  }
}
