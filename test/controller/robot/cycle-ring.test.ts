import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateCycleRing, CycleRingReader, CycleRingWriter, type CycleRingMemory } from '../../../controller/robot/cycle-ring.ts';

const WIDTH = 3;

/** A ring whose counter stands just before its wrap at 2³². */
function ringBeforeWrap(capacity: number, rowsLeft: number): CycleRingMemory {
  const memory = allocateCycleRing(WIDTH, capacity);
  new Int32Array(memory.buffer)[0] = -rowsLeft;
  return memory;
}

const write = (writer: CycleRingWriter, value: number): void => writer.row(new Float64Array([99, value, -0, Number.NaN]), 1);

function read(reader: CycleRingReader, before?: number): number[] {
  const seen: number[] = [];
  reader.drain((row) => seen.push(row[0]!), before);
  return seen;
}

describe('the cycle ring', () => {
  it('hands each reader every row once, bit for bit', () => {
    const memory = allocateCycleRing(WIDTH, 8);
    const writer = new CycleRingWriter(memory);
    const [one, two] = [new CycleRingReader(memory), new CycleRingReader(memory)];
    write(writer, 1);
    write(writer, 2);
    expect(read(one)).toEqual([1, 2]);
    write(writer, 3);
    expect(read(one)).toEqual([3]);
    expect(read(two)).toEqual([1, 2, 3]);
    write(writer, 4);
    one.drain((row) => {
      expect(Object.is(row[1], -0)).toBe(true);
      expect(row[2]).toBeNaN();
    });
  });

  it('goes on over the wrap of its counter', () => {
    const memory = ringBeforeWrap(8, 5);
    const writer = new CycleRingWriter(memory);
    const reader = new CycleRingReader(memory);
    for (let n = 0; n < 40; n++) {
      write(writer, n);
      expect(read(reader)).toEqual([n]);
    }
    expect(writer.written).toBe(35);
    expect(reader.lost).toBe(0);
  });

  it('tells a reader that was too slow how many rows it missed, and gives it the newest', () => {
    const memory = ringBeforeWrap(8, 10);
    const writer = new CycleRingWriter(memory);
    const reader = new CycleRingReader(memory);
    for (let n = 0; n < 20; n++) write(writer, n);
    expect(read(reader)).toEqual([13, 14, 15, 16, 17, 18, 19]);
    expect(reader.lost).toBe(13);
  });

  it('loses or hands over each row exactly once, in order, whatever the pace', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20), { maxLength: 30 }), fc.nat(40), (bursts, rowsLeft) => {
        const memory = ringBeforeWrap(8, rowsLeft);
        const writer = new CycleRingWriter(memory);
        const reader = new CycleRingReader(memory);
        let [next, seen] = [0, 0];
        for (const burst of bursts) {
          for (let n = 0; n < burst; n++) write(writer, next++);
          const rows = read(reader);
          expect(rows).toEqual(Array.from({ length: rows.length }, (_, n) => next - rows.length + n));
          seen += rows.length;
          expect(seen + reader.lost).toBe(next);
        }
      }),
    );
  });

  it('stops in front of an index', () => {
    const memory = ringBeforeWrap(8, 2);
    const writer = new CycleRingWriter(memory);
    const reader = new CycleRingReader(memory);
    for (let n = 0; n < 4; n++) write(writer, n);
    expect(read(reader, 1)).toEqual([0, 1, 2]);
    expect(read(reader, 1)).toEqual([]);
    expect(read(reader)).toEqual([3]);
  });

  it('gives the newest row once to a reader that wants no other', () => {
    const memory = allocateCycleRing(WIDTH, 8);
    const writer = new CycleRingWriter(memory);
    const reader = new CycleRingReader(memory);
    expect(reader.newest()).toBeNull();
    for (let n = 0; n < 30; n++) write(writer, n);
    expect(reader.newest()?.[0]).toBe(29);
    expect(reader.newest()).toBeNull();
    expect(reader.lost).toBe(0);
  });

  it('does not sleep over a wake-up that came first', () => {
    const memory = allocateCycleRing(WIDTH, 8);
    const reader = new CycleRingReader(memory);
    new CycleRingWriter(memory).wake();
    const beganMs = performance.now();
    reader.wait(20_000);
    expect(performance.now() - beganMs).toBeLessThan(10_000);
  });

  it('refuses a size whose slots would jump when the counter wraps', () => {
    expect(() => allocateCycleRing(WIDTH, 12)).toThrow(/power of two/);
  });
});
