import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { SerialPort } from 'serialport';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { PortAnnouncement, SimulatorStats } from '../../../sim/simulator.ts';

const program = path.resolve(import.meta.dirname, '../../../.ci/dari.mjs');

let folder = '';
let child: ChildProcess;
let exited: Promise<number | null>;
let lines: AsyncIterator<string>;
let complaints = '';
const hosts: SerialPort[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'dari-bare-'));
  complaints = '';
});

afterEach(async () => {
  for (const host of hosts.splice(0)) if (host.isOpen) await new Promise<void>((resolve) => host.close(() => resolve()));
  child.kill('SIGKILL');
  await exited;
  rmSync(folder, { recursive: true, force: true });
});

async function start(...words: string[]): Promise<PortAnnouncement[]> {
  child = spawn(process.execPath, [program, 'sim', ...words, '--json'], { stdio: ['pipe', 'pipe', 'pipe'] });
  exited = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  child.stderr!.on('data', (chunk: Buffer) => (complaints += chunk.toString()));
  lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return ((await nextLine()) as { ports: PortAnnouncement[] }).ports;
}

async function nextLine(): Promise<unknown> {
  const line = await lines.next();
  return JSON.parse(line.value as string) as unknown;
}

const say = (line: string): void => void child.stdin!.write(`${line}\n`);

/** A host of somebody else: opens the port at its speed and counts what comes back. */
async function open(port: string, baudRate: number): Promise<{ ask(question: Buffer): void; heard(): string }> {
  const host = new SerialPort({ path: port, baudRate, autoOpen: false });
  hosts.push(host);
  let heard = '';
  host.on('data', (chunk: Buffer) => (heard += chunk.toString('hex')));
  await new Promise<void>((resolve, reject) => host.open((error) => (error === null ? resolve() : reject(error))));
  return {
    ask: (question) => {
      heard = '';
      host.write(question);
    },
    heard: () => heard,
  };
}

/** Dynamixel e-manual, protocol 2.0: ping of servo 1, and how its status packet begins (model number 1020). */
const PING = Buffer.from('FFFFFD0001030001194E', 'hex');
const PONG = /^fffffd000107005500fc03/;

test('bare drives answer on their bus, faults come and go by lines on stdin, and Ctrl-C ends it cleanly', async () => {
  const ports = await start('--drive', 'dynamixel2', '--count', '4', '--link', folder);
  expect(ports).toEqual([{ name: 'dynamixel2', path: path.join(folder, 'dynamixel2'), protocol: 'dynamixel2', baud: 57_600 }]);
  const host = await open(ports[0]!.path, 57_600);
  host.ask(PING);
  await expect.poll(() => host.heard(), { timeout: 20_000 }).toMatch(PONG);
  say('{"fault":{"link":"dynamixel2","kind":"mute"}}');
  say('{"stats":true}');
  expect((await nextLine()) as { stats: SimulatorStats }).toMatchObject({ stats: { lostBytes: { dynamixel2: 0 } } });
  host.ask(PING);
  say('{"stats":true}');
  await nextLine();
  expect(host.heard()).toBe('');
  say('{"clearFaults":true}');
  say('{"fault":{"link":"dynamixel2","kind":"nonsense"}}');
  await expect.poll(() => complaints, { timeout: 20_000 }).toMatch(/does not understand .*nonsense.*flipBits/);
  host.ask(PING);
  await expect.poll(() => host.heard(), { timeout: 20_000 }).toMatch(PONG);
  child.kill('SIGINT');
  expect(await exited).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

test('drives with ports of their own get one each, and the end of stdin ends nothing', async () => {
  const ports = await start('--drive', 'vesc', '--count', '2', '--baud', '921600');
  expect(ports.map(({ name, protocol, baud }) => ({ name, protocol, baud }))).toEqual([
    { name: 'vesc-1', protocol: 'vesc', baud: 921_600 },
    { name: 'vesc-2', protocol: 'vesc', baud: 921_600 },
  ]);
  child.stdin!.end();
  for (const port of ports) {
    const host = await open(port.path, 921_600);
    // COMM_GET_VALUES (vedderb/bldc): one packet of 79 bytes.
    host.ask(Buffer.from('020104408403', 'hex'));
    await expect.poll(() => host.heard().length, { timeout: 20_000 }).toBe(2 * 79);
    expect(host.heard()).toMatch(/^024a04.*03$/);
  }
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
});
