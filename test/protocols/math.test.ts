import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { atan, clamp, cos, exp, log, minimumJerk, sin } from '../../protocols/math.ts';

const angles = fc.double({ min: -10, max: 10, noNaN: true });

test('sine and cosine agree with the platform to 3e-15 where angles of a robot lie', () => {
  fc.assert(
    fc.property(angles, (x) => {
      expect(Math.abs(sin(x) - Math.sin(x))).toBeLessThan(3e-15);
      expect(Math.abs(cos(x) - Math.cos(x))).toBeLessThan(3e-15);
    }),
    { numRuns: 2_000 },
  );
});

test('sine stays within the rounding of its argument over long times', () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (x) => {
      expect(Math.abs(sin(x) - Math.sin(x))).toBeLessThan(1e-9);
    }),
  );
});

test('sine is zero at zero, odd, and never beyond one', () => {
  expect(sin(0)).toBe(0);
  fc.assert(
    fc.property(angles, (x) => {
      expect(Math.abs(sin(x))).toBeLessThanOrEqual(1 + 1e-15);
      expect(sin(-x)).toBeCloseTo(-sin(x), 14);
    }),
  );
});

test('the exponential agrees with the platform to 1e-14 of its value', () => {
  fc.assert(
    fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
      expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(1e-14);
    }),
  );
  expect([exp(0), exp(1000), exp(-1000), exp(Number.NaN)]).toEqual([1, Infinity, 0, Number.NaN]);
});

test('clamping keeps a value inside and leaves an inner one alone', () => {
  expect([clamp(-1, 0, 2), clamp(1, 0, 2), clamp(3, 0, 2)]).toEqual([0, 1, 2]);
});

test('the minimum-jerk blend rises from 0 to 1 and stays there', () => {
  const values = Array.from({ length: 101 }, (_, i) => minimumJerk(i / 100));
  expect([minimumJerk(-1), values[0], values[50], values[100], minimumJerk(2)]).toEqual([0, 0, 0.5, 1, 1]);
  expect(values.toSorted((a, b) => a - b)).toEqual(values);
});

test('the logarithm agrees with the platform to 1e-14', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (x) => {
      expect(Math.abs(log(x) - Math.log(x))).toBeLessThanOrEqual(1e-14 * Math.max(1, Math.abs(Math.log(x))));
    }),
  );
  expect([log(1), log(0), log(Infinity), log(-1), log(Number.NaN)]).toEqual([0, -Infinity, Infinity, Number.NaN, Number.NaN]);
});

test('the arc tangent agrees with the platform to 1e-15, from one end to the other', () => {
  fc.assert(
    fc.property(fc.oneof(fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ noNaN: true })), (x) => {
      expect(Math.abs(atan(x) - Math.atan(x))).toBeLessThan(1e-15);
    }),
    { numRuns: 2_000 },
  );
  expect([atan(0), atan(Infinity), atan(-Infinity), atan(Number.NaN)]).toEqual([0, Math.PI / 2, -Math.PI / 2, Number.NaN]);
});
