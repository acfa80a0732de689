import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SimulatedPort } from '../../sim/port.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dari-port-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a link left over from a killed simulator is replaced, and taken away in the end', () => {
  const link = join(folder, 'hub');
  symlinkSync('/dev/pts/999999', link);
  const port = new SimulatedPort('hub', folder);
  port.plug(() => {});
  expect(port.path).toBe(link);
  expect(readlinkSync(link)).toMatch(/^\/dev\/pts\/\d+$/);
  expect(existsSync(link)).toBe(true);
  port.unplug();
  expect(existsSync(link)).toBe(false);
});

test("a file of somebody's in the way is left alone and named", () => {
  const file = join(folder, 'hub');
  writeFileSync(file, 'mine');
  const port = new SimulatedPort('hub', folder);
  expect(() => port.plug(() => {})).toThrow(/hub could not be made/);
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(port.path).toBe(null);
});

test('without a folder the pty itself is the name', () => {
  const port = new SimulatedPort('hub', undefined);
  port.plug(() => {});
  expect(port.path).toMatch(/^\/dev\/pts\/\d+$/);
  port.unplug();
});
