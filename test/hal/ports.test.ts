import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listPorts, scanDevices } from '../../hal/ports.ts';

test('listing ports works with and without udev', async () => {
  expect(await listPorts()).toBeInstanceOf(Array);
});

test('without udev the device folder is searched for serial ports', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dari-dev-'));
  for (const name of ['ttyUSB0', 'ttyACM1', 'ttyS2', 'ttyAMA0', 'tty1', 'ttyprintk', 'null']) writeFileSync(join(folder, name), '');
  const found = (await scanDevices(folder)).map((port) => port.path.slice(folder.length + 1)).sort();
  rmSync(folder, { recursive: true });
  expect(found).toEqual(['ttyACM1', 'ttyAMA0', 'ttyS2', 'ttyUSB0']);
});

test('a machine without a device folder has no ports', async () => {
  expect(await scanDevices('/does/not/exist')).toEqual([]);
});
