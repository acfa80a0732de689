import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { profileSchema } from '../../../protocols/profile.ts';
import { encodeTelemetry, telemetryChannels } from '../../../protocols/telemetry.ts';
import { ALIVE_MS, MAX_WAITING_FRAMES, RENEW_MS, SILENT_MS, StationSocket, type SocketEvents } from '../../../ui/net/station-socket.ts';
import type { FromWorker } from '../../../ui/net/worker-messages.ts';

const channels = telemetryChannels(profileSchema.parse(JSON.parse(readFileSync('hal/profiles/gait-orthosis.json', 'utf8'))));
const packet = (sequence: number): ArrayBuffer => encodeTelemetry(channels, sequence, 0, new Float64Array(400), 0).buffer;

function rig() {
  const posted: FromWorker[] = [];
  const sent: string[] = [];
  const timers: { delayMs: number; run: () => void }[] = [];
  const opened: SocketEvents[] = [];
  const clock = { nowMs: 0 };
  let closed = 0;
  const socket = new StationSocket({
    open: (_url, events) => {
      opened.push(events);
      return { send: (text) => sent.push(text), close: () => closed++ };
    },
    nowMs: () => clock.nowMs,
    after: (delayMs, run) => timers.push({ delayMs, run }),
    post: (message) => posted.push(message),
  });
  const connect = (): SocketEvents => {
    socket.take({ type: 'connect', url: 'ws://station/ws' });
    const events = opened.at(-1)!;
    events.onOpen();
    return events;
  };
  const renewals = (): number => sent.filter((text) => text.includes('renewLease')).length;
  const beat = (): void => {
    clock.nowMs += RENEW_MS;
    opened.at(-1)?.onText(JSON.stringify({ type: 'pong', sentMs: clock.nowMs }));
    socket.beat();
  };
  return { socket, posted, sent, timers, opened, clock, connect, renewals, beat, closed: () => closed };
}

test('the lease is renewed while the page is drawn, with a rising sequence', () => {
  const r = rig();
  r.connect();
  r.socket.take({ type: 'alive', taken: 0 });
  r.socket.take({ type: 'lease', epoch: 7 });
  r.beat();
  r.socket.take({ type: 'alive', taken: 0 });
  r.beat();
  const renewals = r.sent.filter((text) => text.includes('renewLease')).map((text) => JSON.parse(text) as unknown);
  expect(renewals).toEqual([1, 2, 3].map((sequence) => ({ type: 'renewLease', epoch: 7, sequence })));
});

test('a page that is not drawn any more lets the lease run out', () => {
  const r = rig();
  r.connect();
  r.socket.take({ type: 'alive', taken: 0 });
  r.socket.take({ type: 'lease', epoch: 7 });
  const before = r.renewals();
  for (let i = 0; i < 10; i++) r.beat();
  expect(r.renewals() - before).toBeLessThanOrEqual(Math.ceil(ALIVE_MS / RENEW_MS));
});

test('a page that says it is hidden stops the renewals at once', () => {
  const r = rig();
  r.connect();
  r.socket.take({ type: 'alive', taken: 0 });
  r.socket.take({ type: 'lease', epoch: 7 });
  const before = r.renewals();
  r.socket.take({ type: 'hidden' });
  r.beat();
  expect(r.renewals()).toBe(before);
});

test('a lost connection is reported once, the lease is given up, and the way back slows down', () => {
  const r = rig();
  const first = r.connect();
  r.socket.take({ type: 'alive', taken: 0 });
  r.socket.take({ type: 'lease', epoch: 7 });
  first.onClose();
  first.onClose();
  expect(r.posted.filter((message) => message.type === 'link')).toEqual([{ type: 'link', up: true }, { type: 'link', up: false }]);
  r.timers[0]?.run();
  r.opened.at(-1)?.onClose();
  r.timers[1]?.run();
  expect(r.timers[1]!.delayMs).toBeGreaterThan(r.timers[0]!.delayMs);
  r.opened.at(-1)?.onOpen();
  const before = r.renewals();
  r.socket.take({ type: 'alive', taken: 0 });
  r.beat();
  expect(r.renewals()).toBe(before);
});

test('a connection that falls silent counts as lost', () => {
  const r = rig();
  r.connect();
  r.clock.nowMs += SILENT_MS + 1;
  r.socket.beat();
  expect(r.posted.at(-1)).toEqual({ type: 'link', up: false });
  expect(r.closed()).toBe(1);
});

test('frames are dropped and counted when the page does not take them', () => {
  const r = rig();
  const events = r.connect();
  for (let i = 0; i < MAX_WAITING_FRAMES + 5; i++) events.onBytes(packet(i));
  expect(r.posted.filter((message) => message.type === 'telemetry')).toHaveLength(MAX_WAITING_FRAMES);
  r.socket.take({ type: 'alive', taken: MAX_WAITING_FRAMES });
  events.onBytes(packet(999));
  const last = r.posted.at(-1);
  expect(last?.type === 'telemetry' ? [last.frame.sequence, last.dropped] : null).toEqual([999, 5]);
});

test('garbage is reported, never passed on', () => {
  const r = rig();
  const events = r.connect();
  events.onText('not json');
  events.onText('{"type":"status"}');
  events.onBytes(new ArrayBuffer(3));
  expect(r.posted.slice(1)).toEqual([{ type: 'misunderstood' }, { type: 'misunderstood' }, { type: 'misunderstood' }]);
});
