import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { atScorePoints, gaitVariableScore, rootMeanSquareDifference, twoJointScore } from '../../../controller/metrics/deviation.ts';
import { referenceCurveDeg } from '../../../controller/therapy/gait-reference.ts';

const hip = referenceCurveDeg('hip', 0.6, 1, 0);

test('the score of a shifted curve is its shift, of itself none', () => {
  expect(gaitVariableScore(hip, hip)).toBe(0);
  fc.assert(fc.property(fc.double({ min: -30, max: 30, noNaN: true }), (shift) => { expect(gaitVariableScore(hip.map((deg) => deg + shift), hip)).toBeCloseTo(Math.abs(shift), 9); }));
});

test('the score does not depend on how finely the curves were sampled, nor on which is the reference', () => {
  const fine = Array.from({ length: 1_001 }, (_, i) => Math.sin((2 * Math.PI * i) / 1_000));
  const coarse = Array.from({ length: 51 }, (_, i) => Math.sin((2 * Math.PI * i) / 50) + 2);
  expect(gaitVariableScore(fine, coarse)).toBeCloseTo(2, 9);
  expect(gaitVariableScore(coarse, fine)).toBe(gaitVariableScore(fine, coarse));
});

test('the score is taken at 51 points from heel strike to heel strike', () => {
  expect([...atScorePoints(Array.from({ length: 101 }, (_, percent) => percent))]).toEqual(Array.from({ length: 51 }, (_, i) => 2 * i));
  // Both ends count: a half sine over 51 points.
  const half = Array.from({ length: 51 }, (_, i) => Math.sin((Math.PI * i) / 50));
  expect(gaitVariableScore(half, half.map(() => 0))).toBeCloseTo(Math.sqrt(25 / 51), 12);
});

test('the score of two joints lies between theirs', () => {
  expect([twoJointScore(3, 4), twoJointScore(5, 5), twoJointScore(0, 0)]).toEqual([Math.sqrt(12.5), 5, 0]);
});

test('the difference of two columns is their root mean square', () => {
  expect(rootMeanSquareDifference([1, 2, 3], [1, 2, 6])).toBeCloseTo(Math.sqrt(3), 12);
});
