import { expect, test } from 'vitest';
import { createMemoryLink } from '../../../hal/transport/memory.ts';
import { transportContract } from './contract.ts';

transportContract('MemoryTransport', () => {
  const { factory, device } = createMemoryLink('test');
  const received: number[] = [];
  device.onBytes = (chunk) => received.push(...chunk);
  return { make: factory, deviceWrite: (bytes) => device.write(bytes), received: () => received, unplug: () => device.unplug(), dispose: () => {} };
});

test('a port that is plugged in again can be opened again', async () => {
  const { factory, device } = createMemoryLink('test');
  device.unplug();
  device.plug();
  await expect(factory().open({ onOpen: () => {}, onBytes: () => {}, onClosed: () => {} })).resolves.toBeUndefined();
});
