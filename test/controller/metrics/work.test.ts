import { expect, test } from 'vitest';
import { addWork, noWork } from '../../../controller/metrics/work.ts';

test('work of a sine torque on a sine movement has its closed form', () => {
  const work = noWork();
  const steps = 20_000;
  const power = (t: number): number => 10 * Math.sin(2 * Math.PI * t + 0.5) * 2 * Math.sin(2 * Math.PI * t);
  for (let i = 1; i <= steps; i++) addWork(work, power((i - 1) / steps), power(i / steps), 1 / steps);
  expect(work.netJ).toBeCloseTo(8.775826, 6);
  expect(work.positiveJ).toBeCloseTo(8.905168, 6);
  expect(work.negativeJ).toBeCloseTo(-0.129343, 6);
});

test('an interval in which power changes its sign gives to both sides', () => {
  const work = noWork();
  addWork(work, 3, -1, 4);
  expect(work).toEqual({ netJ: 4, positiveJ: 4.5, negativeJ: -0.5 });
  addWork(work, -1, 3, 4);
  expect(work).toEqual({ netJ: 8, positiveJ: 9, negativeJ: -1 });
});
