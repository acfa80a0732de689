import { expect, test } from 'vitest';
import { LocalFit } from '../../../../controller/metrics/assessments/local-fit.ts';
import { createRandom } from '../../../../protocols/random.ts';

const PERIOD_SEC = 0.004;

test('of a parabola it tells value, slope and curvature exactly', () => {
  const fit = new LocalFit(8, PERIOD_SEC);
  fit.around(100, (k) => 2 - 3 * k * PERIOD_SEC + 5 * (k * PERIOD_SEC) ** 2);
  const t = 100 * PERIOD_SEC;
  expect(fit.value).toBeCloseTo(2 - 3 * t + 5 * t * t, 9);
  expect(fit.slope).toBeCloseTo(-3 + 10 * t, 9);
  expect(fit.curvature).toBeCloseTo(10, 6);
});

test('what is evened out like the curvature keeps a constant and a slope', () => {
  const fit = new LocalFit(8, PERIOD_SEC);
  fit.around(0, (k) => 7 + 3 * k);
  expect(fit.evened).toBeCloseTo(7, 9);
});

test('the curvature of any signal is its second difference, evened out', () => {
  const random = createRandom(3);
  const q = Array.from({ length: 40 }, () => random.next());
  const at = (k: number): number => q[k] ?? 0;
  const fit = new LocalFit(8, PERIOD_SEC);
  fit.around(20, at);
  const { curvature } = fit;
  fit.around(20, (k) => (at(k + 1) - 2 * at(k) + at(k - 1)) / PERIOD_SEC ** 2);
  expect(fit.evened).toBeCloseTo(curvature, 3);
  expect(Math.abs(curvature)).toBeGreaterThan(10);
});

test('a reading that is none makes all of them none', () => {
  const fit = new LocalFit(2, PERIOD_SEC);
  fit.around(5, (k) => (k === 7 ? Number.NaN : k));
  expect([fit.value, fit.slope, fit.curvature, fit.evened].every(Number.isNaN)).toBe(true);
});
