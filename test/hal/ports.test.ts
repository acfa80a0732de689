import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { latencyTimers, listPorts, portWithSerial, scanDevices } from '../../hal/ports.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'dari-dev-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** As Linux shows it: /sys/class/tty/NAME/device leads into the tree of the USB device. */
function plug(name: string, usb: { device: string; interfaceNumber: string; serial?: string } | null, type?: string): void {
  mkdirSync(join(folder, 'dev'), { recursive: true });
  writeFileSync(join(folder, 'dev', name), '');
  const entry = join(folder, 'sys', name);
  mkdirSync(entry, { recursive: true });
  if (type !== undefined) writeFileSync(join(entry, 'type'), `${type}\n`);
  if (usb === null) return;
  const device = join(folder, 'devices', usb.device);
  const port = join(device, `${usb.device}:1.${usb.interfaceNumber}`, name);
  mkdirSync(port, { recursive: true });
  writeFileSync(join(device, 'idVendor'), '0403\n');
  writeFileSync(join(device, 'idProduct'), '6001\n');
  writeFileSync(join(device, 'manufacturer'), 'FTDI\n');
  if (usb.serial !== undefined) writeFileSync(join(device, 'serial'), `${usb.serial}\n`);
  writeFileSync(join(device, `${usb.device}:1.${usb.interfaceNumber}`, 'bInterfaceNumber'), `0${usb.interfaceNumber}\n`);
  symlinkSync(port, join(entry, 'device'));
}

const scan = async () => (await scanDevices(join(folder, 'dev'), join(folder, 'sys'))).map((port) => ({ ...port, path: port.path.slice(folder.length + 5) }));

test('listing ports works on any machine', async () => {
  expect(await listPorts()).toBeInstanceOf(Array);
});

test('the device folder is searched for serial ports, and nothing else in it is one', async () => {
  for (const name of ['ttyUSB0', 'ttyACM1', 'ttyS2', 'ttyAMA0', 'tty1', 'ttyprintk', 'null']) plug(name, null);
  expect((await scan()).map((port) => port.path).sort()).toEqual(['ttyACM1', 'ttyAMA0', 'ttyS2', 'ttyUSB0']);
});

test('a USB adapter tells its maker and serial number, and which of its interfaces a port is', async () => {
  plug('ttyUSB0', { device: '1-2', interfaceNumber: '1', serial: 'A1B2' });
  expect(await scan()).toEqual([{ path: 'ttyUSB0', manufacturer: 'FTDI', serialNumber: 'A1B2', interfaceNumber: 1, vendorId: '0403', productId: '6001' }]);
});

test('a cheap adapter without a serial number is listed without one', async () => {
  plug('ttyUSB0', { device: '1-2', interfaceNumber: '0' });
  expect(await scan()).toEqual([{ path: 'ttyUSB0', manufacturer: 'FTDI', interfaceNumber: 0, vendorId: '0403', productId: '6001' }]);
});

test('a built-in port without hardware is left out', async () => {
  plug('ttyS0', null, '4');
  plug('ttyS1', null, '0');
  expect((await scan()).map((port) => port.path)).toEqual(['ttyS0']);
});

test('a machine without a device folder has no ports', async () => {
  expect(await scanDevices('/does/not/exist', '/does/not/exist')).toEqual([]);
});

test('a port is found by its USB serial number; one that is missing or not alone is named with what there is', () => {
  const ports = [
    { path: '/dev/ttyUSB0', serialNumber: 'A1' },
    { path: '/dev/ttyUSB1', serialNumber: 'FT4', interfaceNumber: 0 },
    { path: '/dev/ttyUSB2', serialNumber: 'FT4', interfaceNumber: 1 },
  ];
  expect(portWithSerial(ports, 'A1').path).toBe('/dev/ttyUSB0');
  expect(portWithSerial(ports, 'FT4', 1).path).toBe('/dev/ttyUSB2');
  expect(() => portWithSerial(ports, 'FT4')).toThrow(/ttyUSB1 \(interface 0\) and .*ttyUSB2 \(interface 1\).*"interface": 0/);
  expect(() => portWithSerial(ports, 'B2')).toThrow(expect.objectContaining({ code: 'portNotFound', message: expect.stringMatching(/B2.*ttyUSB0 \(A1\).*dari ports/) }));
  expect(() => portWithSerial([], 'B2')).toThrow(/Plug it in/);
});

test('USB chips that hold answers back are known with their time', async () => {
  for (const [name, text] of [['ttyUSB0', '16\n'], ['ttyUSB1', '1\n'], ['ttyUSB2', null]] as const) {
    mkdirSync(join(folder, name));
    if (text !== null) writeFileSync(join(folder, name, 'latency_timer'), text);
  }
  expect((await latencyTimers(folder)).sort((a, b) => a.device.localeCompare(b.device))).toEqual([
    { device: 'ttyUSB0', latencyMs: 16 },
    { device: 'ttyUSB1', latencyMs: 1 },
  ]);
  expect(await latencyTimers('/does/not/exist')).toEqual([]);
});
