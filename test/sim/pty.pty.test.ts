import { closeSync, constants, openSync, readSync } from 'node:fs';
import { SerialPort } from 'serialport';
import { afterEach, expect, test } from 'vitest';
import { openPty, type Pty } from '../../sim/pty.ts';

const open: { ptys: Pty[]; ports: SerialPort[] } = { ptys: [], ports: [] };

afterEach(async () => {
  for (const port of open.ports.splice(0)) if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
  for (const pty of open.ptys.splice(0)) pty.close();
});

async function connect(): Promise<{ pty: Pty; port: SerialPort }> {
  const pty = openPty();
  open.ptys.push(pty);
  const port = new SerialPort({ path: pty.path, baudRate: 921_600, autoOpen: false });
  open.ports.push(port);
  await new Promise<void>((resolve, reject) => port.open((error) => (error === null ? resolve() : reject(error))));
  return { pty, port };
}

test('every byte value crosses unchanged in both directions', async () => {
  const { pty, port } = await connect();
  const all = Uint8Array.from({ length: 256 }, (_, i) => i);
  const atDevice: number[] = [];
  pty.onBytes = (chunk) => atDevice.push(...chunk);
  const atHost: number[] = [];
  port.on('data', (chunk: Buffer) => atHost.push(...chunk));

  port.write(Buffer.from(all));
  expect(pty.write(all)).toBe(256);

  await expect.poll(() => atDevice.length).toBe(256);
  await expect.poll(() => atHost.length).toBe(256);
  expect(atDevice).toEqual([...all]);
  expect(atHost).toEqual([...all]);
  expect(pty.lostBytes).toBe(0);
});

test('closing the pty ends the host port: nothing more can be read', () => {
  const pty = openPty();
  const host = openSync(pty.path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  pty.close();
  expect(readOrFail(host)).toBe('ended');
  closeSync(host);
});

function readOrFail(fd: number): string {
  try {
    return readSync(fd, Buffer.alloc(8)) === 0 ? 'ended' : 'data';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EIO' ? 'ended' : String(error);
  }
}

test('a host that stops reading costs counted bytes and never blocks the writer', () => {
  const pty = openPty();
  open.ptys.push(pty);
  const chunk = new Uint8Array(4096);
  let offered = 0;
  let taken = 0;
  while (pty.lostBytes === 0 && offered < 10_000_000) {
    taken += pty.write(chunk);
    offered += chunk.length;
  }
  expect(pty.lostBytes).toBe(offered - taken);
  expect(pty.lostBytes).toBeGreaterThan(0);
});

test('a closed pty takes nothing', () => {
  const pty = openPty();
  pty.close();
  expect(pty.write(Uint8Array.of(1))).toBe(0);
});
