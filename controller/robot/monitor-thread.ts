/**
 * The independent monitor's thread. It looks at what has arrived whenever the hub has spoken, and otherwise often enough
 * that silence shows in time; a loop that is blocked or dead feeds it nothing, and then it gives no answers.
 */
import { workerData } from 'node:worker_threads';
import { ByteTapReader } from '../../hal/byte-tap.ts';
import { NO_ANSWER } from '../../hal/guard.ts';
import { monitorReasons } from '../../protocols/joints.ts';
import { Monitor } from '../safety/monitor.ts';
import { ANSWER, ANSWER_READY, BEAT, JOINT, REASON, STOP, type MonitorSetup } from './monitor-memory.ts';

/** Own value: a tenth of the time after which the loop takes the monitor for dead. */
const POLL_MS = 4;

function watch({ profile, tap, shared, originNs }: MonitorSetup): void {
  const cells = new Int32Array(shared);
  const reader = new ByteTapReader(tap);
  const monitor = new Monitor(profile);
  const nowUs = (): number => Number(process.hrtime.bigint() - originNs) / 1_000;
  const take = (link: number, chunk: Uint8Array, atUs: number): void => monitor.push(link, chunk, atUs);
  let [lost, answered] = [0, 0];
  while (Atomics.load(cells, STOP) === 0) {
    reader.drain(take);
    if (reader.lostBytes !== lost) monitor.lost(nowUs());
    lost = reader.lostBytes;
    const answer = monitor.answer(nowUs());
    if (answer === NO_ANSWER) Atomics.store(cells, ANSWER_READY, 0);
    else if (monitor.challenges !== answered) {
      Atomics.store(cells, ANSWER, answer | 0);
      Atomics.store(cells, ANSWER_READY, 1);
    }
    answered = monitor.challenges;
    Atomics.store(cells, REASON, monitorReasons.indexOf(monitor.reason));
    Atomics.store(cells, JOINT, monitor.joint);
    Atomics.add(cells, BEAT, 1);
    reader.wait(POLL_MS);
  }
}

watch(workerData as MonitorSetup);
