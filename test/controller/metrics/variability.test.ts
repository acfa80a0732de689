import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ARM_DETECTABLE_CHANGE, coefficientOfVariationPercent, detectableChangeText, mean, standardDeviation } from '../../../controller/metrics/variability.ts';

describe('the coefficient of variation', () => {
  test('takes n − 1: five stride times give 1.437399 %', () => {
    expect(coefficientOfVariationPercent([1.1, 1.12, 1.08, 1.11, 1.09])).toBeCloseTo(1.437399, 6);
  });

  test('does not depend on the unit, nor on the sign of the mean', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.5, max: 2, noNaN: true }), { minLength: 2 }), fc.double({ min: 0.01, max: 100, noNaN: true }), (values, scale) => {
        const percent = coefficientOfVariationPercent(values)!;
        expect(coefficientOfVariationPercent(values.map((v) => scale * v))).toBeCloseTo(percent, 6);
        expect(coefficientOfVariationPercent(values.map((v) => -v))).toBeCloseTo(percent, 9);
      }),
    );
  });

  test('is unknown for one value and around zero', () => {
    expect([coefficientOfVariationPercent([]), coefficientOfVariationPercent([1]), coefficientOfVariationPercent([-1, 1]), standardDeviation([3]), mean([])]).toEqual([null, null, null, null, null]);
  });
});

test('the detectable change is shown where it is published, and is said to be unknown elsewhere', () => {
  expect(detectableChangeText(ARM_DETECTABLE_CHANGE)).toMatch(/^42\.6–102\.8 % of the mean \(Brihmat 2020/);
  expect(detectableChangeText(null)).toBe('unknown');
});
