import { expect, test } from 'vitest';
import { createRandom } from '../../protocols/random.ts';

const draw = (seed: number, count: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => random.next());
};

test('the same seed gives the same numbers, another seed others', () => {
  expect(draw(5, 100)).toEqual(draw(5, 100));
  expect(draw(5, 100)).not.toEqual(draw(6, 100));
});

test('numbers are spread evenly over [0, 1)', () => {
  const bins = Array.from({ length: 10 }, () => 0);
  for (const value of draw(1, 100_000)) bins[Math.floor(value * 10)]!++;
  expect(bins.every((count) => Math.abs(count - 10_000) < 500)).toBe(true);
});

test('integers stay below their bound', () => {
  const random = createRandom(3);
  const values = new Set(Array.from({ length: 1_000 }, () => random.int(6)));
  expect([...values].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5]);
});
