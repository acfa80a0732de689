import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DelimiterSplitter } from '../../protocols/splitter.ts';

function collect(capacity = 16) {
  const frames: number[][] = [];
  const delimiters: number[] = [];
  let discarded = 0;
  const splitter = new DelimiterSplitter(
    (byte) => byte === 13 || byte === 7,
    { onFrame: (frame) => frames.push([...frame]), onDiscarded: (count) => (discarded += count), onDelimiter: (delimiter) => delimiters.push(delimiter) },
    capacity,
  );
  return { splitter, frames, delimiters, discarded: () => discarded };
}

const lines = fc.array(fc.array(fc.integer({ min: 32, max: 126 }), { maxLength: 16 }), { maxLength: 30 });

test('lines in any chunking come whole and in order, empty ones too', () => {
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 50 }), (list, size) => {
      const { splitter, frames, discarded } = collect();
      const bytes = Uint8Array.from(list.flatMap((line) => [...line, 13]));
      for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
      expect(frames).toEqual(list);
      expect(discarded()).toBe(0);
    }),
  );
});

test('every byte is part of a frame, a delimiter or counted as discarded', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), (chunks) => {
      const { splitter, frames, delimiters, discarded } = collect(8);
      for (const chunk of chunks) splitter.push(chunk);
      splitter.reset();
      const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      expect(frames.reduce((sum, frame) => sum + frame.length, 0) + delimiters.length + discarded()).toBe(total);
    }),
  );
});

test('a line of exactly the capacity passes, one byte more is discarded whole', () => {
  const { splitter, frames, discarded } = collect(4);
  splitter.push(Uint8Array.of(1, 2, 3, 4, 13, 1, 2, 3, 4, 5, 13, 9, 13));
  expect(frames).toEqual([[1, 2, 3, 4], [9]]);
  expect(discarded()).toBe(6);
});

test('the delimiter is told before its frame', () => {
  const { splitter, delimiters } = collect();
  splitter.push(Uint8Array.of(1, 13, 7));
  expect(delimiters).toEqual([13, 7]);
});
