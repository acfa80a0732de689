import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPortsFile } from '../../../controller/station/ports-file.ts';
import { profile } from './support/stand-in-station.ts';

let folder: string;
const whole = { 'leg-left': '/dev/ttyUSB0', 'leg-right': '/dev/ttyUSB1', hub: '/dev/ttyUSB2' };

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dari-ports-'));
});

afterAll(() => fs.rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const file = path.join(folder, 'ports.json');
  fs.writeFileSync(file, text);
  return file;
}

it('gives each link of the profile its port', () => {
  expect(Object.fromEntries(readPortsFile(fileWith(JSON.stringify({ links: whole })), profile))).toEqual(whole);
});

it('takes a converter on the network and an adapter by its USB serial number', () => {
  const links = { 'leg-left': 'tcp://192.168.0.7:4001', 'leg-right': { usbSerial: 'A1B2' }, hub: { usbSerial: 'FT4232', interface: 2 } };
  expect(Object.fromEntries(readPortsFile(fileWith(JSON.stringify({ links })), profile))).toEqual({ 'leg-left': 'tcp://192.168.0.7:4001', 'leg-right': 'usb:A1B2', hub: 'usb:FT4232#2' });
});

it.each([
  ['a link without a port', { links: { ...whole, hub: undefined } }, 'the link "hub" has no port'],
  ['a link that the profile does not know', { links: { ...whole, arm: '/dev/ttyUSB3' } }, 'no link "arm"'],
  ['a port given twice', { links: { ...whole, hub: '/dev/ttyUSB0' } }, '/dev/ttyUSB0 is given to two links'],
  ['an empty port', { links: { ...whole, hub: '' } }, 'links.hub'],
  ['a port that is no text', { links: { ...whole, hub: 3 } }, 'links.hub'],
  ['a converter without a port', { links: { ...whole, hub: 'tcp://192.168.0.7' } }, '"tcp://192.168.0.7" is no port for the link "hub"'],
  ['an adapter without a number', { links: { ...whole, hub: { usbSerial: '' } } }, 'links.hub'],
  ['an adapter given twice', { links: { ...whole, hub: { usbSerial: 'A' }, 'leg-left': { usbSerial: 'A' } } }, 'usb:A is given to two links'],
  ['an unknown key', { links: whole, baud: 9600 }, 'baud'],
  ['no links', {}, 'links'],
])('refuses %s, names it and shows how it should look', (_what, content, named) => {
  const file = fileWith(JSON.stringify(content));
  expect(() => readPortsFile(file, profile)).toThrow(expect.objectContaining({ code: 'portsFileInvalid', message: expect.stringContaining(named) }));
  expect(() => readPortsFile(file, profile)).toThrow(/ttyUSB0.*dari ports/);
});

it('says so when there is no such file or it is not JSON', () => {
  expect(() => readPortsFile(path.join(folder, 'none.json'), profile)).toThrow(/cannot be read/);
  expect(() => readPortsFile(fileWith('{"links": '), profile)).toThrow(/not valid JSON/);
});
