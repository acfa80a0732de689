import { expect, test } from 'vitest';
import type { PortInfo } from '../../../hal/ports.ts';
import { transportAt, type AddressTools } from '../../../hal/transport/at-address.ts';
import { createMemoryLink } from '../../../hal/transport/memory.ts';
import { transportContract } from './contract.ts';

/** A machine whose one adapter is at whatever path the test says. */
function createMachine() {
  const { factory, device } = createMemoryLink('adapter');
  const ports: PortInfo[] = [{ path: '/dev/ttyUSB0', serialNumber: 'A1' }];
  const opened: string[] = [];
  const tools: AddressTools = {
    list: async () => ports,
    openDevice: (path, baud) => {
      opened.push(`${path} ${baud}`);
      return factory();
    },
  };
  return { tools, device, ports, opened };
}

transportContract('A transport at a USB serial number', () => {
  const { tools, device } = createMachine();
  const received: number[] = [];
  device.onBytes = (chunk) => received.push(...chunk);
  return { make: transportAt('usb:A1', 9_600, tools), deviceWrite: (bytes) => device.write(bytes), received: () => received, unplug: () => device.unplug(), dispose: () => {} };
});

const ignore = { onOpen: () => {}, onBytes: () => {}, onClosed: () => {} };

test('an adapter is looked up at every opening, so that another name is no matter', async () => {
  const { tools, ports, opened } = createMachine();
  const factory = transportAt('usb:A1', 115_200, tools);
  const first = factory();
  await first.open(ignore);
  expect(first.name).toBe('adapter (usb:A1)');
  await first.close();
  ports[0] = { path: '/dev/ttyUSB7', serialNumber: 'A1' };
  await factory().open(ignore);
  expect(opened).toEqual(['/dev/ttyUSB0 115200', '/dev/ttyUSB7 115200']);
});

test('an adapter that is not plugged in is named', async () => {
  const { tools, ports } = createMachine();
  ports.length = 0;
  await expect(transportAt('usb:A1', 9_600, tools)().open(ignore)).rejects.toMatchObject({ code: 'portNotFound', message: expect.stringContaining('A1') });
});

test('devices and converters are told apart, and text that is neither is refused', () => {
  const { tools, opened } = createMachine();
  transportAt('/dev/ttyACM0', 9_600, tools)();
  expect(opened).toEqual(['/dev/ttyACM0 9600']);
  expect(transportAt('tcp://10.0.0.1:4001', 9_600, tools)().name).toBe('tcp://10.0.0.1:4001');
  expect(() => transportAt('tcp://10.0.0.1', 9_600, tools)).toThrow(expect.objectContaining({ code: 'portsFileInvalid' }));
});
