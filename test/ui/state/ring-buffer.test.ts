import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RingBuffer } from '../../../ui/state/ring-buffer.ts';

test('a ring keeps exactly the newest samples, whatever was pushed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.array(fc.double({ noNaN: true }), { maxLength: 60 }), fc.nat(14), (capacity, samples, first) => {
      const ring = new RingBuffer(2, capacity);
      for (const sample of samples) ring.push([sample, -sample]);
      const kept = samples.slice(-capacity);
      expect(ring.count).toBe(kept.length);
      kept.forEach((sample, index) => expect(ring.at(0, index)).toBe(sample));
      const [column, negated] = ring.window(first);
      expect([...(column ?? [])]).toEqual(kept.slice(first));
      expect([...(negated ?? [])]).toEqual(kept.slice(first).map((sample) => -sample));
    }),
  );
});

test('the lower bound of a time is the first sample that is not before it', () => {
  const ring = new RingBuffer(1, 4);
  for (const time of [1, 2, 3, 4, 5, 6]) ring.push([time]);
  expect(ring.lowerBound(0, 0)).toBe(0);
  expect(ring.lowerBound(0, 4)).toBe(1);
  expect(ring.lowerBound(0, 4.5)).toBe(2);
  expect(ring.lowerBound(0, 7)).toBe(4);
});

test('what is outside the ring is not a number, and clearing forgets everything', () => {
  const ring = new RingBuffer(2, 3);
  ring.push([1]);
  expect(ring.at(1, 0)).toBeNaN();
  expect(ring.at(0, 1)).toBeNaN();
  ring.clear();
  expect(ring.count).toBe(0);
  expect(ring.window(0)[0]).toHaveLength(0);
});
