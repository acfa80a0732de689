import { describe, expect, it } from 'vitest';
import { Client } from '../../../../controller/station/gateway/client.ts';

class SlowSocket {
  readonly OPEN = 1;
  readyState: 0 | 1 | 2 | 3 = 1;
  bufferedAmount = 0;
  terminated = false;
  readonly sent: Uint8Array[] = [];

  send(data: unknown): void {
    this.sent.push(data as Uint8Array);
    this.bufferedAmount += (data as Uint8Array).length;
  }

  terminate(): void {
    this.terminated = true;
  }
}

const event = { type: 'event', event: { atUs: 0, kind: 'note', subject: 'x'.repeat(180) } } as const;

describe('a client that takes nothing', () => {
  it('misses telemetry once a second of it waits, and gets the newest again when it wakes', () => {
    const socket = new SlowSocket();
    const client = new Client('c', socket);
    for (let i = 0; i < 1_000; i++) client.sendTelemetry(new Uint8Array(700), i * 16_667);
    expect(socket.bufferedAmount).toBeLessThanOrEqual(64 * 1024);
    expect(client.telemetryDropped).toBe(1_000 - socket.sent.length);
    socket.bufferedAmount = 0;
    const before = socket.sent.length;
    client.sendTelemetry(new Uint8Array([42]), 0);
    expect(socket.sent.length).toBe(before + 1);
  });

  it('misses no event until two megabytes wait, and is then cut off', () => {
    const socket = new SlowSocket();
    const client = new Client('c', socket);
    let offered = 0;
    while (!socket.terminated) {
      client.sendMessage(event);
      offered++;
    }
    expect(socket.sent.length).toBe(offered - 1);
    expect(socket.bufferedAmount).toBeLessThanOrEqual(2 * 1024 * 1024);
    expect(socket.bufferedAmount).toBeGreaterThan(2 * 1024 * 1024 - 1_024);
  });

  it('is cut off when it sleeps for a quarter of a minute, not earlier', () => {
    const socket = new SlowSocket();
    const client = new Client('c', socket);
    socket.bufferedAmount = 1_000_000;
    client.sendTelemetry(new Uint8Array(1), 0);
    client.sendTelemetry(new Uint8Array(1), 15_000_000);
    expect(socket.terminated).toBe(false);
    client.sendTelemetry(new Uint8Array(1), 15_000_001);
    expect(socket.terminated).toBe(true);
  });

  it('is sent nothing once its connection closes', () => {
    const socket = new SlowSocket();
    socket.readyState = 2;
    const client = new Client('c', socket);
    client.sendTelemetry(new Uint8Array(1), 0);
    client.sendMessage(event);
    expect(socket.sent).toEqual([]);
  });
});
