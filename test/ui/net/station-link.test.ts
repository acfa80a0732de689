import { expect, test } from 'vitest';
import { connectStation, NO_ANSWER, type LinkEvents, type WorkerEnd } from '../../../ui/net/station-link.ts';
import type { ToWorker } from '../../../ui/net/worker-messages.ts';

function rig() {
  const sent: ToWorker[] = [];
  const worker: WorkerEnd = { send: (message) => void sent.push(message), onMessage: () => undefined };
  const seen: string[] = [];
  const events: LinkEvents = {
    onLink: (up) => seen.push(`link ${up}`),
    onMessage: (message) => seen.push(message.type),
    onTelemetry: (frame) => seen.push(`frame ${frame.sequence}`),
    onRoundTrip: () => undefined,
    onMisunderstood: () => undefined,
  };
  return { link: connectStation(worker, 'ws://x/ws', events), worker, sent, seen };
}

test('each request gets its own answer, in whatever order the answers come', async () => {
  const r = rig();
  const first = r.link.request({ type: 'takeLease', takeOver: false });
  const second = r.link.request({ type: 'stop' });
  r.worker.onMessage({ type: 'message', message: { type: 'refused', requestId: 2, code: 'notPermittedNow', message: 'No.' } });
  r.worker.onMessage({ type: 'message', message: { type: 'done', requestId: 1, epoch: 4 } });
  expect(await first).toEqual({ ok: true, epoch: 4, sessionId: null });
  expect(await second).toEqual({ ok: false, code: 'notPermittedNow', message: 'No.' });
});

test('a lost connection answers what is still waiting', async () => {
  const r = rig();
  const waiting = r.link.request({ type: 'stop' });
  r.worker.onMessage({ type: 'link', up: false });
  expect(await waiting).toMatchObject({ ok: false, code: NO_ANSWER });
  expect(r.seen).toEqual(['link false']);
});

test('the page tells the worker how many frames it has taken', () => {
  const r = rig();
  for (let i = 0; i < 3; i++) r.worker.onMessage({ type: 'telemetry', frame: { sequence: i, timeUs: 0, values: new Float32Array(1) }, receivedMs: 0, dropped: 0 });
  r.link.alive();
  expect(r.sent.at(-1)).toEqual({ type: 'alive', taken: 3 });
});
