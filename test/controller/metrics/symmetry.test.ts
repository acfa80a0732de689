import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gaitAsymmetryPercent, symmetryAnglePercent, symmetryIndexPercent, symmetryRatio } from '../../../controller/metrics/symmetry.ts';

const all = (left: number, right: number): (number | null)[] => [symmetryIndexPercent, symmetryRatio, gaitAsymmetryPercent, symmetryAnglePercent].map((measure) => measure(left, right));
const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true });

describe('symmetry', () => {
  test('of 60 on the right and 50 on the left is as published', () => {
    expect(all(50, 60)).toEqual([18.181818, 0.833333, 18.232156, 5.771588].map((value) => expect.closeTo(value, 6)));
  });

  test('of equal sides is 0, 1, 0, 0', () => {
    fc.assert(fc.property(positive, (value) => { expect(all(value, value)).toEqual([0, 1, 0, expect.closeTo(0, 12)]); }));
  });

  test('index and angle change their sign when the sides are swapped, the ratio turns over, the asymmetry stays', () => {
    fc.assert(
      fc.property(positive, positive, (left, right) => {
        const [index, ratio, asymmetry, angle] = all(left, right) as [number, number, number, number];
        expect(all(right, left)).toEqual([expect.closeTo(-index, 9), expect.closeTo(1 / ratio, 12 - Math.ceil(Math.abs(Math.log10(ratio)))), expect.closeTo(asymmetry, 9), expect.closeTo(-angle, 9)]);
      }),
    );
  });

  test('grows with the larger side', () => {
    fc.assert(
      fc.property(positive, positive, fc.double({ min: 1.01, max: 3, noNaN: true }), (left, right, more) => {
        expect(symmetryIndexPercent(left, right * more)).toBeGreaterThan(symmetryIndexPercent(left, right)!);
        expect(symmetryAnglePercent(left, right * more)).toBeGreaterThan(symmetryAnglePercent(left, right)!);
      }),
    );
  });

  test('does not depend on the unit', () => {
    fc.assert(fc.property(positive, positive, (left, right) => { expect(all(1_000 * left, 1_000 * right)).toEqual(all(left, right).map((value) => expect.closeTo(value!, 8))); }));
  });

  test('is unknown where a side is missing or nothing is there to compare', () => {
    expect([symmetryIndexPercent(null, 1), symmetryIndexPercent(1, null), ...all(0, 0)]).toEqual([null, null, null, null, null, null]);
    expect([symmetryRatio(1, 0), gaitAsymmetryPercent(0, 1), symmetryAnglePercent(-1, 1)]).toEqual([null, null, null]);
    expect([symmetryAnglePercent(1, 0), symmetryAnglePercent(0, 1)]).toEqual([-50, 50]);
  });
});
