import { expect, it } from 'vitest';
import { HeldEnd } from '../../../controller/cli/held-end.ts';
import type { MemoryDeviceEnd } from '../../../hal/transport/memory.ts';

function wire(): { held: HeldEnd; arrived: number[]; cable: string[] } {
  const arrived: number[] = [];
  const cable: string[] = [];
  const held = new HeldEnd({ write: (bytes) => void arrived.push(...bytes), onBytes: () => {}, unplug: () => void cable.push('out'), plug: () => void cable.push('in') });
  return { held, arrived, cable };
}

it('lets bytes through, keeps them while it is held, and then gives all in their order', () => {
  const { held, arrived } = wire();
  held.write(Uint8Array.of(1));
  held.hold();
  const reused = Uint8Array.of(2);
  held.write(reused);
  reused[0] = 9;
  held.hold();
  held.write(Uint8Array.of(3));
  expect(arrived).toEqual([1]);
  held.release();
  held.write(Uint8Array.of(4));
  expect(arrived).toEqual([1, 2, 3, 4]);
});

it('loses what waits when the cable is pulled', () => {
  const { held, arrived, cable } = wire();
  held.hold();
  held.write(Uint8Array.of(1));
  held.unplug();
  held.plug();
  held.release();
  expect(arrived).toEqual([]);
  expect(cable).toEqual(['out', 'in']);
});

it('lets a device that stands read nothing, and then all in its order', () => {
  const socket: MemoryDeviceEnd = { write: () => {}, onBytes: () => {}, unplug: () => {}, plug: () => {} };
  const held = new HeldEnd(socket);
  const read: number[] = [];
  held.onBytes = (chunk) => void read.push(...chunk);
  socket.onBytes(Uint8Array.of(1));
  held.stand();
  const reused = Uint8Array.of(2);
  socket.onBytes(reused);
  reused[0] = 9;
  held.stand();
  socket.onBytes(Uint8Array.of(3));
  expect(read).toEqual([1]);
  held.wake();
  socket.onBytes(Uint8Array.of(4));
  expect(read).toEqual([1, 2, 3, 4]);
  held.stand();
  socket.onBytes(Uint8Array.of(5));
  held.unplug();
  held.wake();
  expect(read).toEqual([1, 2, 3, 4]);
});
