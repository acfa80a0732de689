/**
 * The recorder's thread: compression and disk, away from the loop. It owns its time, so it waits on shared memory
 * instead of an event loop; a slow disk delays nothing but itself.
 */
import { parentPort, receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import { stepBack } from '../../hal/priority.ts';
import { zstdReady } from '../recording/zstd.ts';
import { CycleRingReader } from './cycle-ring.ts';
import { END_RECORDER, type RecorderSetup, type ToRecorder } from './recorder-messages.ts';
import { Recorder } from './recorder.ts';

const POLL_MS = 40;

async function main(port: MessagePort, setup: RecorderSetup): Promise<void> {
  await zstdReady;
  const ring = new CycleRingReader(setup.ring);
  const recorder = new Recorder(ring, (message) => port.postMessage(message, []));
  for (;;) {
    for (let received = receiveMessageOnPort(port); received !== undefined; received = receiveMessageOnPort(port)) {
      if (received.message === END_RECORDER) return;
      recorder.handle(received.message as ToRecorder);
    }
    recorder.drain();
    ring.wait(POLL_MS);
  }
}

// On Linux this is the thread's own priority: the disk never comes before the loop.
stepBack();
if (parentPort !== null) await main(parentPort, workerData as RecorderSetup);
