import { expect, test } from 'vitest';
import { formatPortAddress, parsePortAddress } from '../../protocols/port-address.ts';

test.each([
  ['/dev/ttyUSB0', { kind: 'device', path: '/dev/ttyUSB0' }],
  ['COM3', { kind: 'device', path: 'COM3' }],
  ['tcp://192.168.0.7:4001', { kind: 'tcp', host: '192.168.0.7', port: 4001 }],
  ['tcp://converter.local:23', { kind: 'tcp', host: 'converter.local', port: 23 }],
  ['tcp://[fe80::1]:4001', { kind: 'tcp', host: 'fe80::1', port: 4001 }],
  ['usb:A1B2', { kind: 'usb', serialNumber: 'A1B2' }],
  ['usb:A1B2#3', { kind: 'usb', serialNumber: 'A1B2', interfaceNumber: 3 }],
])('%s is read and written', (text, address) => {
  expect(parsePortAddress(text)).toEqual(address);
  expect(formatPortAddress(parsePortAddress(text)!)).toBe(text);
});

test.each(['', 'tcp://host', 'tcp://host:0', 'tcp://host:65536', 'tcp://:4001', 'tcp:host:1', 'usb:', 'usb:A#x', 'usb:A B'])('"%s" is no address', (text) => {
  expect(parsePortAddress(text)).toBeNull();
});
