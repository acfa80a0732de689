import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { profileSchema } from '../../../protocols/profile.ts';
import { encodeTelemetry, telemetryChannels } from '../../../protocols/telemetry.ts';
import { ALIVE_MS, BEAT_MS, MAX_WAITING_FRAMES, SILENT_MS, StationSocket, type SocketEvents } from '../../../ui/net/station-socket.ts';
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
    clock.nowMs += BEAT_MS;
    opened.at(-1)?.onText(JSON.stringify({ type: 'pong', sentMs: clock.nowMs }));
    socket.beat();
  };
  const challenge = (epoch: number, value: number): void => opened.at(-1)?.onText(JSON.stringify({ type: 'challenge', epoch, challenge: value }));
  return { socket, posted, sent, timers, opened, clock, connect, renewals, challenge, beat, closed: () => closed };
}

test('each challenge is answered at once while the page is drawn, with a rising sequence', () => {
  const r = rig();
  r.connect();
  r.socket.take({ type: 'alive', taken: 0 });
  r.socket.take({ type: 'lease', epoch: 7 });
  r.challenge(7, 111);
  r.challenge(7, 222);
  const renewals = r.sent.filter((text) => text.includes('renewLease')).map((text) => JSON.parse(text) as unknown);
  expect(renewals).toEqual([[1, 111], [2, 222]].map(([sequence, challenge]) => ({ type: 'renewLease', epoch: 7, sequence, challenge })));
});

test('a challenge is answered once only, and nothing is renewed without one', () => {
  const r = rig();
  r.connect();
  r.socket.take({ type: 'lease', epoch: 7 });
  r.socket.take({ type: 'alive', taken: 0 });
  r.beat();
  expect(r.renewals()).toBe(0);
  r.challenge(7, 111);
  r.socket.take({ type: 'alive', taken: 0 });
  r.beat();
  expect(r.renewals()).toBe(1);
});

test('a challenge of another epoch is not answered', () => {
  const r = rig();
  r.connect();
  r.socket.take({ type: 'alive', taken: 0 });
  r.socket.take({ type: 'lease', epoch: 7 });
  r.challenge(6, 111);
  expect(r.renewals()).toBe(0);
});

test('a challenge that comes before the page knows of its lease is answered then', () => {
  const r = rig();
  r.connect();
  r.socket.take({ type: 'alive', taken: 0 });
  r.challenge(7, 111);
  expect(r.renewals()).toBe(0);
  r.socket.take({ type: 'lease', epoch: 7 });
  expect(r.renewals()).toBe(1);
});

test('a page that is not drawn any more lets the lease run out', () => {
  const r = rig();
  r.connect();
  r.socket.take({ type: 'alive', taken: 0 });
  r.socket.take({ type: 'lease', epoch: 7 });
  r.clock.nowMs += ALIVE_MS;
  r.challenge(7, 1);
  expect(r.renewals()).toBe(1);
  r.clock.nowMs += 1;
  for (let i = 2; i < 10; i++) {
    r.challenge(7, i);
    r.beat();
  }
  expect(r.renewals()).toBe(1);
});

test('a page that was slow to draw answers as soon as it has drawn', () => {
  const r = rig();
  r.connect();
  r.socket.take({ type: 'alive', taken: 0 });
  r.socket.take({ type: 'lease', epoch: 7 });
  r.clock.nowMs += ALIVE_MS + 1;
  r.challenge(7, 1);
  expect(r.renewals()).toBe(0);
  r.socket.take({ type: 'alive', taken: 0 });
  expect(r.renewals()).toBe(1);
});

test('a page that says it is hidden stops the renewals at once', () => {
  const r = rig();
  r.connect();
  r.socket.take({ type: 'alive', taken: 0 });
  r.socket.take({ type: 'lease', epoch: 7 });
  r.socket.take({ type: 'hidden' });
  r.challenge(7, 1);
  r.beat();
  expect(r.renewals()).toBe(0);
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
  r.socket.take({ type: 'alive', taken: 0 });
  r.challenge(7, 1);
  r.beat();
  expect(r.renewals()).toBe(0);
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
