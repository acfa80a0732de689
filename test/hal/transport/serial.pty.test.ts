import { chownSync, closeSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { explainOpenError, serialTransport } from '../../../hal/transport/serial.ts';
import { openPty } from '../../../sim/pty.ts';
import { transportContract } from './contract.ts';

const ignore = { onOpen: () => {}, onBytes: () => {}, onClosed: () => {} };

transportContract('SerialTransport on a pseudo-terminal', () => {
  const pty = openPty();
  const received: number[] = [];
  pty.onBytes = (chunk) => received.push(...chunk);
  return {
    make: () => serialTransport(pty.path, 921_600),
    deviceWrite: (bytes) => pty.write(bytes),
    received: () => received,
    unplug: () => pty.close(),
    dispose: () => pty.close(),
  };
});

/** A pseudo-terminal whose far end is open but never read. */
function openDeafPty(): { path: string; close(): void } {
  const libc = koffi.load('libc.so.6');
  const fd = libc.func('int posix_openpt(int)')(constants.O_RDWR | constants.O_NOCTTY) as number;
  libc.func('int grantpt(int)')(fd);
  libc.func('int unlockpt(int)')(fd);
  return { path: libc.func('str ptsname(int)')(fd) as string, close: () => closeSync(fd) };
}

/** Only root may do it; the group's number is looked up, because it differs between distributions. */
function giveToDialout(path: string): string | undefined {
  const gid = /^dialout:[^:]*:(\d+):/m.exec(readFileSync('/etc/group', 'utf8'))?.[1];
  if (gid === undefined) return undefined;
  chownSync(path, 0, Number(gid));
  return 'dialout';
}

test('when the far end stops reading, write refuses instead of queueing or blocking', async () => {
  const pty = openDeafPty();
  const transport = serialTransport(pty.path, 921_600);
  await transport.open(ignore);
  const chunk = new Uint8Array(1_000);
  let taken = 0;
  let longestMs = 0;
  await vi.waitFor(() => {
    const startedMs = performance.now();
    const answers = [transport.write(chunk), transport.write(chunk), transport.write(chunk)];
    longestMs = Math.max(longestMs, performance.now() - startedMs);
    taken += answers.filter(Boolean).length * chunk.length;
    expect(answers).toEqual([false, false, false]);
  }, { timeout: 5_000, interval: 10 });
  expect(taken).toBeLessThan(100_000);
  expect(longestMs).toBeLessThan(50);
  await transport.close();
  pty.close();
});

describe('a port that cannot be opened says why and what to do', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dari-serial-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('unknown port', async () => {
    await expect(serialTransport(join(folder, 'ttyNONE'), 115_200).open(ignore)).rejects.toMatchObject({
      code: 'portNotFound',
      message: expect.stringContaining('dari ports'),
    });
  });

  test('something that is no serial port', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(serialTransport(join(folder, 'file'), 115_200).open(ignore)).rejects.toMatchObject({ code: 'portFailed' });
  });

  test('no permission: the group to join is named', () => {
    const port = join(folder, 'ttyUSB0');
    writeFileSync(port, '');
    const group = process.getuid?.() === 0 ? giveToDialout(port) : undefined;
    const error = explainOpenError(port, new Error(`Error: Permission denied, cannot open ${port}`));
    expect(error.code).toBe('portPermission');
    expect(error.message).toContain(group === undefined ? 'may not open' : `sudo usermod -aG ${group} $USER`);
  });

  test('no permission on a port that only root may use', () => {
    expect(explainOpenError('/dev/null', new Error('Error: Permission denied, cannot open /dev/null')).message).toContain('administrator');
  });
});
