import { expect, test } from 'vitest';
import { shareInBand } from '../../../controller/metrics/band.ts';

const curve = { strideCount: 2, meanDeg: [4, 16, 20], referenceDeg: [0, 10, 20], referenceSdDeg: [5, 5, 5] };

test('tells how much of the cycle the mean spends inside the band', () => {
  expect(shareInBand(curve)).toBeCloseTo(2 / 3, 12);
  expect(shareInBand({ ...curve, meanDeg: [5, 15, 25] })).toBe(1);
});

test('is not known without strides', () => {
  expect(shareInBand({ ...curve, strideCount: 0 })).toBeNull();
  expect(shareInBand({ ...curve, meanDeg: [] })).toBeNull();
});
