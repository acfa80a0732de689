/** What every ByteTransport keeps, whatever carries the bytes. One suite, run against each of them. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DariError } from '../../../protocols/errors.ts';
import { TRANSPORT_WRITE_MAX_BYTES, type ByteTransport } from '../../../hal/transport/transport.ts';

/** A cable whose far end is in the test's hands. */
export interface Rig {
  make(): ByteTransport;
  deviceWrite(bytes: Uint8Array): void;
  /** All that the device got so far. */
  received(): number[];
  /** The far end disappears for good. */
  unplug(): void;
  dispose(): void;
}

interface Seen {
  opened: number;
  bytes: number[];
  closed: (DariError | 'closedByUs')[];
}

async function open(transport: ByteTransport): Promise<Seen> {
  const seen: Seen = { opened: 0, bytes: [], closed: [] };
  await transport.open({
    onOpen: () => seen.opened++,
    onBytes: (chunk) => seen.bytes.push(...chunk),
    onClosed: (cause) => seen.closed.push(cause),
  });
  return seen;
}

const until = async (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 5_000, interval: 5 });
const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff);

export function transportContract(name: string, createRig: () => Rig | Promise<Rig>): void {
  describe(`${name} keeps the transport contract`, () => {
    let rig: Rig;
    let transports: ByteTransport[];
    const make = (): ByteTransport => {
      const transport = rig.make();
      transports.push(transport);
      return transport;
    };

    beforeEach(async () => {
      rig = await createRig();
      transports = [];
    });
    afterEach(async () => {
      await Promise.all(transports.map(async (transport) => transport.close()));
      rig.dispose();
    });

    test('opening tells once that bytes may flow', async () => {
      expect((await open(make())).opened).toBe(1);
    });

    test('bytes arrive unchanged and in order, both ways', async () => {
      const transport = make();
      const seen = await open(transport);
      const sent = pattern(TRANSPORT_WRITE_MAX_BYTES);
      rig.deviceWrite(sent);
      expect(transport.write(sent)).toBe(true);
      await until(() => expect(seen.bytes).toEqual([...sent]));
      await until(() => expect(rig.received()).toEqual([...sent]));
    });

    test('the caller may reuse its buffer as soon as write has returned', async () => {
      const transport = make();
      await open(transport);
      const buffer = Uint8Array.of(1, 2, 3);
      transport.write(buffer);
      buffer.fill(9);
      transport.write(buffer);
      await until(() => expect(rig.received()).toEqual([1, 2, 3, 9, 9, 9]));
    });

    test('what the device sent before opening is not delivered', async () => {
      rig.deviceWrite(Uint8Array.of(1, 2, 3));
      const seen = await open(make());
      rig.deviceWrite(Uint8Array.of(4));
      await until(() => expect(seen.bytes).toContain(4));
      expect(seen.bytes).toEqual([4]);
    });

    test('a write of more than the limit takes nothing', async () => {
      const transport = make();
      await open(transport);
      expect(transport.write(pattern(TRANSPORT_WRITE_MAX_BYTES + 1))).toBe(false);
      transport.write(Uint8Array.of(5));
      await until(() => expect(rig.received()).toEqual([5]));
    });

    test('nothing is taken before opening and after closing', async () => {
      const transport = make();
      expect(transport.write(Uint8Array.of(1))).toBe(false);
      await open(transport);
      await transport.close();
      expect(transport.write(Uint8Array.of(1))).toBe(false);
      expect(rig.received()).toEqual([]);
    });

    test('what was taken still leaves when the port is closed right after', async () => {
      const transport = make();
      await open(transport);
      expect(transport.write(Uint8Array.of(7, 8))).toBe(true);
      await transport.close();
      await until(() => expect(rig.received()).toEqual([7, 8]));
    });

    test('closing is told once, however often it is asked for', async () => {
      const transport = make();
      const seen = await open(transport);
      await Promise.all([transport.close(), transport.close()]);
      await transport.close();
      expect(seen.closed).toEqual(['closedByUs']);
    });

    test('an open port is busy for others, and free again after closing', async () => {
      const first = make();
      await open(first);
      await expect(open(make())).rejects.toMatchObject({ code: 'portBusy' });
      await first.close();
      expect((await open(make())).opened).toBe(1);
    });

    test('a transport is not opened twice', async () => {
      const transport = make();
      await open(transport);
      await expect(open(transport)).rejects.toMatchObject({ code: 'portFailed' });
    });

    test('losing the far end is told once as a loss, at the next write at the latest, and nothing is taken any more', async () => {
      const transport = make();
      const seen = await open(transport);
      rig.unplug();
      await until(() => {
        transport.write(Uint8Array.of(1));
        expect(seen.closed).toHaveLength(1);
      });
      expect(seen.closed[0]).toMatchObject({ code: 'portLost' });
      expect(transport.write(Uint8Array.of(1))).toBe(false);
      await transport.close();
      expect(seen.closed).toHaveLength(1);
    });

    test('a port that is gone cannot be opened', async () => {
      rig.unplug();
      await expect(open(make())).rejects.toMatchObject({ code: 'portNotFound' });
    });

    test('closing before opening is allowed', async () => {
      await expect(make().close()).resolves.toBeUndefined();
    });
  });
}
