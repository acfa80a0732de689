/** Waits on absolute deadlines in a thread of its own, where nothing else can delay it, and wakes the loop's thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { NO_TICK, PENDING, STOP, type MetronomeData } from './metronome.ts';

const { shared, startNs, periodUs } = workerData as MetronomeData;
const cells = new Int32Array(shared);
const periodNs = periodUs * 1_000;
const elapsedNs = (): number => Number(process.hrtime.bigint() - startNs);

let tick = 0;
while (Atomics.load(cells, STOP) === 0) {
  // A thread that woke late goes on with the deadline that is next now; the skipped ones show as a gap.
  tick = Math.max(tick + 1, Math.floor(elapsedNs() / periodNs));
  let leftNs = tick * periodNs - elapsedNs();
  while (leftNs > 0 && Atomics.wait(cells, STOP, 0, leftNs / 1e6) === 'timed-out') leftNs = tick * periodNs - elapsedNs();
  if (Atomics.load(cells, STOP) !== 0) break;
  // Only when the loop has taken the last one: ticks never pile up behind a thread that is busy.
  if (Atomics.compareExchange(cells, PENDING, NO_TICK, tick) === NO_TICK) parentPort?.postMessage(null, []);
}
