import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { SerialPort } from 'serialport';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HUB_STATE, HubFrameReader } from '../../protocols/wire/sensor-hub.ts';
import type { PortAnnouncement, SimulatorStats } from '../../sim/simulator.ts';

const program = fileURLToPath(new URL('../../dist/sim-process.js', import.meta.url));
const profile = fileURLToPath(new URL('../../hal/profiles/gait-orthosis.json', import.meta.url));
const BYTES_PER_S = 92_160;

let folder = '';
let child: ChildProcess;
let lines: AsyncIterator<string>;
let exited: Promise<number | null>;
const hosts: SerialPort[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dari-sim-'));
});

afterEach(async () => {
  for (const host of hosts.splice(0)) if (host.isOpen) await new Promise<void>((resolve) => host.close(() => resolve()));
  child.kill('SIGKILL');
  await exited;
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<PortAnnouncement[]> {
  child = spawn(process.execPath, [program, '--profile', profile, '--link', folder, '--seed', '2', '--parent-fd', '3'], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
  exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return ((await nextLine()) as { ports: PortAnnouncement[] }).ports;
}

async function nextLine(): Promise<unknown> {
  const line = await lines.next();
  return JSON.parse(line.value as string) as unknown;
}

const pipe = (): Writable => child.stdio[3] as Writable;
const say = (order: object): void => void pipe().write(`${JSON.stringify(order)}\n`);

async function stats(): Promise<SimulatorStats> {
  say({ stats: true });
  return ((await nextLine()) as { stats: SimulatorStats }).stats;
}

async function open(path: string): Promise<SerialPort> {
  const host = new SerialPort({ path, baudRate: 921_600, autoOpen: false });
  hosts.push(host);
  await new Promise<void>((resolve, reject) => host.open((error) => (error === null ? resolve() : reject(error))));
  // What waited before our time may have a hole: the kernel keeps only a few kilobytes.
  await new Promise<void>((resolve) => host.flush(() => resolve()));
  return host;
}

test('announces one port per link, under names that stand in the folder', async () => {
  const ports = await start();
  expect(ports.map(({ name, protocol, baud }) => ({ name, protocol, baud }))).toEqual([
    { name: 'leg-left', protocol: 'slcan', baud: 921_600 },
    { name: 'leg-right', protocol: 'slcan', baud: 921_600 },
    { name: 'hub', protocol: 'sensor-hub', baud: 921_600 },
  ]);
  for (const { name, path } of ports) expect(path).toBe(join(folder, name));
  expect(readdirSync(folder).sort()).toEqual(['hub', 'leg-left', 'leg-right']);
});

test('streams whole hub frames at the rate of the profile to a host that opens the port', async () => {
  await start();
  const host = await open(join(folder, 'hub'));
  const times: number[] = [];
  let discarded = 0;
  const reader = new HubFrameReader({
    onHubFrame: (type, _sequence, timeUs) => type === HUB_STATE && times.push(timeUs),
    onDiscarded: (bytes) => (discarded += bytes),
  });
  host.on('data', (chunk: Buffer) => reader.push(chunk));
  await expect.poll(() => times.length, { timeout: 20_000 }).toBeGreaterThan(500);
  const gaps = times.slice(1).map((timeUs, i) => timeUs - times[i]!);
  // The first frame may be cut by opening in the middle of it; what was queued before is flushed.
  expect(discarded).toBeLessThan(100);
  expect(gaps.slice(1).filter((gapUs) => Math.abs(gapUs - 4_000) > 1)).toEqual([]);
  const { lagUs, simulatedUs } = await stats();
  expect(simulatedUs).toBeGreaterThan(1.9e6);
  expect(lagUs.p50).toBeLessThan(50_000);
});

test('answers on an adapter no faster than the wire carries, without losing a byte', async () => {
  await start();
  const host = await open(join(folder, 'leg-left'));
  let answers = 0;
  let firstMs = 0;
  const questions = 4_000;
  host.on('data', (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 0x0d) answers++;
    firstMs ||= performance.now();
  });
  const startMs = performance.now();
  // 2 bytes out, 6 bytes back: the way back is the narrow one.
  for (let sent = 0; sent < questions; sent += 500) {
    host.write('V\r'.repeat(500));
    await expect.poll(() => answers, { timeout: 20_000, interval: 5 }).toBe(sent + 500);
  }
  const seconds = (performance.now() - startMs) / 1_000;
  expect(seconds).toBeGreaterThanOrEqual((questions * 6) / BYTES_PER_S);
  expect(firstMs - startMs).toBeGreaterThanOrEqual((8 * 1_000) / BYTES_PER_S);
  const { lostBytes } = await stats();
  expect(lostBytes['leg-left']).toBe(0);
});

test('a pulled port ends for the host and its name goes; put back, the name leads to a new one', async () => {
  await start();
  const link = join(folder, 'leg-right');
  const host = await open(link);
  const closed = new Promise<void>((resolve) => host.once('close', () => resolve()));
  let answered = '';
  host.on('data', (chunk: Buffer) => (answered += chunk.toString('latin1')));
  host.write('V\r');
  await expect.poll(() => answered).toBe('V1013\r');
  say({ unplug: 'leg-right' });
  await expect.poll(() => existsSync(link)).toBe(false);
  await closed;
  say({ plug: 'leg-right' });
  await expect.poll(() => existsSync(link)).toBe(true);
  answered = '';
  const again = await open(link);
  again.on('data', (chunk: Buffer) => (answered += chunk.toString('latin1')));
  again.write('V\r');
  await expect.poll(() => answered).toBe('V1013\r');
});

test('ends by itself when the parent is gone, leaving no name behind, and never minds SIGINT', async () => {
  await start();
  child.kill('SIGINT');
  await stats();
  pipe().destroy();
  expect(await exited).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

test('complains about nonsense from the parent and runs on', async () => {
  await start();
  say({ unplug: 'nowhere' });
  say({ nonsense: true });
  expect((await stats()).simulatedUs).toBeGreaterThanOrEqual(0);
});
