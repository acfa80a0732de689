import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateTap, ByteTapReader, ByteTapWriter, TAP_BYTES, tapped } from '../../hal/byte-tap.ts';
import { createMemoryLink } from '../../hal/transport/memory.ts';

function ends(capacity?: number) {
  const memory = allocateTap(capacity);
  const [writer, reader] = [new ByteTapWriter(memory), new ByteTapReader(memory)];
  const drained = (): [number, number[], number][] => {
    const seen: [number, number[], number][] = [];
    reader.drain((link, chunk, atUs) => seen.push([link, [...chunk], atUs]));
    return seen;
  };
  return { writer, reader, drained };
}

describe('the tap of received bytes', () => {
  it('gives the chunks of all ports on in the order of their arrival, with their times', () => {
    const { writer, drained } = ends();
    writer.push(0, Uint8Array.of(1, 2, 3), 10.5);
    writer.push(2, new Uint8Array(0), 11);
    writer.push(1, Uint8Array.from({ length: 16 }, (_, i) => i), 12);
    expect(drained()).toEqual([[0, [1, 2, 3], 10.5], [2, [], 11], [1, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15], 12]]);
    expect(drained()).toEqual([]);
  });

  it('loses nothing while its reader keeps up, wherever a chunk meets the end of the memory', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 40 });
    fc.assert(
      fc.property(fc.array(chunks, { maxLength: 20 }), (turns) => {
        const { writer, reader, drained } = ends(16_384);
        for (const turn of turns) {
          turn.forEach((chunk, i) => writer.push(i % 3, chunk, i));
          expect(drained()).toEqual(turn.map((chunk, i) => [i % 3, [...chunk], i]));
        }
        expect(reader.lostBytes).toBe(0);
      }),
    );
  });

  it('leaves out whole what does not fit, counts it, and goes on', () => {
    const { writer, reader, drained } = ends(64);
    writer.push(0, new Uint8Array(16).fill(1), 1);
    writer.push(0, new Uint8Array(17).fill(2), 2);
    writer.push(0, new Uint8Array(16).fill(3), 3);
    writer.push(0, new Uint8Array(0), 4);
    expect(reader.lostBytes).toBe(17);
    expect(drained().map(([, [first], atUs]) => [first, atUs])).toEqual([[1, 1], [3, 3]]);
    writer.push(0, new Uint8Array(TAP_BYTES), 5);
    expect(reader.lostBytes).toBe(17 + TAP_BYTES);
    writer.push(0, Uint8Array.of(7), 6);
    expect(drained()).toEqual([[0, [7], 6]]);
  });

  it('wakes a reader that waits, also by a wake-up that came before', () => {
    const { writer, reader } = ends();
    writer.wake();
    const before = process.hrtime.bigint();
    reader.wait(10_000);
    expect(Number(process.hrtime.bigint() - before) / 1e6).toBeLessThan(5_000);
    reader.wait(1);
  });

  it('shows what arrives at a port before anybody else sees it, and changes nothing else', async () => {
    const cable = createMemoryLink('leg');
    const log: string[] = [];
    const transport = tapped(cable.factory, (chunk) => log.push(`tap ${chunk.join()}`))();
    expect(transport.name).toBe('leg');
    cable.device.onBytes = (chunk) => log.push(`device ${chunk.join()}`);
    await transport.open({ onOpen: () => log.push('open'), onBytes: (chunk) => log.push(`bytes ${chunk.join()}`), onClosed: (cause) => log.push(`closed ${String(cause)}`) });
    cable.device.write(Uint8Array.of(1, 2));
    expect(transport.write(Uint8Array.of(3))).toBe(true);
    await transport.close();
    expect(log).toEqual(['open', 'tap 1,2', 'bytes 1,2', 'device 3', 'closed closedByUs']);
  });
});
