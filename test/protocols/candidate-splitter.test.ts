import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { CandidateSplitter } from '../../protocols/candidate-splitter.ts';

/** `7E | length | payload | sum`, at most 8 bytes of payload. */
function measure(buffer: Uint8Array, start: number, end: number): number {
  if (buffer[start] !== 0x7e) return -1;
  if (end - start < 2) return 0;
  const size = buffer[start + 1]! + 3;
  if (size > 11) return -1;
  if (end - start < size) return 0;
  let sum = 0;
  for (let i = start + 1; i < start + size - 1; i++) sum += buffer[i]!;
  return (sum & 0xff) === buffer[start + size - 1] ? size : -size;
}

const frameOf = (payload: Uint8Array): number[] => {
  const sum = payload.reduce((total, byte) => total + byte, payload.length);
  return [0x7e, payload.length, ...payload, sum & 0xff];
};

function collect() {
  const frames: number[][] = [];
  let discarded = 0;
  let wrong = 0;
  const splitter = new CandidateSplitter(measure, { onFrame: (frame) => frames.push([...frame]), onDiscarded: (count) => (discarded += count), onChecksumError: () => wrong++ }, 11);
  return { splitter, frames, discarded: () => discarded, wrong: () => wrong };
}

const payloads = fc.array(fc.uint8Array({ maxLength: 8 }), { maxLength: 12 });

test('any chunking gives the same frames', () => {
  fc.assert(
    fc.property(payloads, fc.integer({ min: 1, max: 30 }), (list, size) => {
      const { splitter, frames, discarded } = collect();
      const bytes = Uint8Array.from(list.flatMap(frameOf));
      for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
      expect(frames).toEqual(list.map(frameOf));
      expect(discarded()).toBe(0);
    }),
  );
});

test('a frame inside a false start is found, and every byte is a frame or accounted garbage', () => {
  const { splitter, frames, discarded, wrong } = collect();
  splitter.push(Uint8Array.from([0x7e, 0x05, ...frameOf(Uint8Array.of(1, 2, 3)), 0x00, ...frameOf(Uint8Array.of(9))]));
  expect(frames).toEqual([frameOf(Uint8Array.of(1, 2, 3)), frameOf(Uint8Array.of(9))]);
  expect(discarded()).toBe(3);
  expect(wrong()).toBe(1);
});

test('random bytes never grow the buffer past its capacity and are all accounted for', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), (chunks) => {
      const { splitter, frames, discarded } = collect();
      for (const chunk of chunks) splitter.push(chunk);
      splitter.reset();
      const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      expect(frames.reduce((sum, frame) => sum + frame.length, 0) + discarded()).toBe(total);
    }),
  );
});
