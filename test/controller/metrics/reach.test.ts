import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  circleTracingErrorM,
  distanceToLineM,
  endpointErrorM,
  handPathRatio,
  lineTracingErrorM,
  movementWindow,
  pathLengthM,
  pathRmseM,
  peakSpeed,
  speedOf,
  velocityOf,
  velocityPeaks,
} from '../../../controller/metrics/reach.ts';
import { minimumJerk } from '../../../protocols/math.ts';
import { minimumJerkSpeed, sampled } from './signals.ts';

const along = (count: number, f: (share: number) => readonly number[]): number[][] => {
  const points = Array.from({ length: count }, (_, i) => f(count > 1 ? i / (count - 1) : 0));
  return (points[0] ?? []).map((_, axis) => points.map((point) => point[axis]!));
};
const semicircle = along(101, (share) => [Math.cos(Math.PI * minimumJerk(share)), Math.sin(Math.PI * minimumJerk(share))]);

/** Whole millimetres. */
const coordinate = fc.integer({ min: -1_000, max: 1_000 }).map((mm) => mm / 1_000);
const paths = fc.array(fc.tuple(coordinate, coordinate, coordinate), { minLength: 2, maxLength: 20 }).map((points) => [0, 1, 2].map((axis) => points.map((point) => point[axis]!)));

describe('the hand path ratio', () => {
  test('of a semicircle sampled with a minimum-jerk timing is just below half of pi', () => {
    expect(handPathRatio(semicircle)).toBeCloseTo(1.570651162, 8);
    expect(handPathRatio(along(100_001, (share) => [Math.cos(Math.PI * share), Math.sin(Math.PI * share)]))).toBeCloseTo(Math.PI / 2, 8);
  });

  test('of a straight reach is one, and of one that returns is unknown', () => {
    expect(handPathRatio(along(11, (share) => [share, 2 * share, 0]))).toBeCloseTo(1, 12);
    expect(handPathRatio(along(3, (share) => [Math.sin(2 * Math.PI * share) > 0.5 ? 1 : 0, 0]))).toBeNull();
  });

  test('is never below one, and does not change when the reach is shifted, turned or enlarged', () => {
    fc.assert(
      fc.property(paths, coordinate, fc.double({ min: 0.1, max: 10, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), (path, shift, scale, turnRad) => {
        const ratio = handPathRatio(path);
        fc.pre(ratio !== null && ratio < 1e3);
        expect(ratio).toBeGreaterThanOrEqual(1 - 1e-12);
        const [x, y, z] = path as [number[], number[], number[]];
        const [c, s] = [Math.cos(turnRad), Math.sin(turnRad)];
        const moved = [x.map((v, i) => scale * (c * v - s * y[i]!) + shift), x.map((v, i) => scale * (s * v + c * y[i]!) - shift), z.map((v) => scale * v)];
        expect(handPathRatio(moved)! / ratio).toBeCloseTo(1, 6);
      }),
    );
  });

  test('grows with every detour', () => {
    fc.assert(fc.property(paths, fc.tuple(coordinate, coordinate, coordinate), (path, point) => { expect(pathLengthM(path.map((axis, i) => [axis[0]!, point[i]!, ...axis.slice(1)]))).toBeGreaterThanOrEqual(pathLengthM(path) - 1e-12); }));
  });
});

describe('the time of a movement', () => {
  const speed = sampled(1_001, 1_000, (t) => minimumJerkSpeed(t, 1, 0.3));

  test('of a minimum-jerk reach of one second follows from 5 % of its peak in closed form', () => {
    const { onsetSec, endSec } = movementWindow(sampled(100_001, 100_000, (t) => minimumJerkSpeed(t, 1, 0.3)), 100_000)!;
    expect(endSec - onsetSec).toBeCloseTo(Math.sqrt(1 - 4 * Math.sqrt(0.05 / 16)), 7);
    // The published 0.881120 s counts whole samples at 100 kHz.
    expect(Math.abs(endSec - onsetSec - 0.88112)).toBeLessThan(2e-5);
    const coarse = movementWindow(speed, 1_000)!;
    expect(Math.abs(coarse.endSec - coarse.onsetSec - 0.88112)).toBeLessThan(2e-5);
  });

  test('begins later by the reaction', () => {
    const late = movementWindow(sampled(1_501, 1_000, (t) => minimumJerkSpeed(t - 0.3, 1, 0.3)), 1_000)!;
    const early = movementWindow(speed, 1_000)!;
    expect(late.onsetSec - early.onsetSec).toBeCloseTo(0.3, 9);
    expect(late.endSec - late.onsetSec).toBeCloseTo(early.endSec - early.onsetSec, 9);
  });

  test('is the same for a movement as large and as slow as one likes, and forwards as backwards', () => {
    const window = movementWindow(speed, 1_000)!;
    expect(movementWindow(speed.map((v) => -7 * v), 1_000)).toEqual({ onsetSec: expect.closeTo(window.onsetSec, 12), endSec: expect.closeTo(window.endSec, 12) });
    expect(movementWindow(speed, 500)!.onsetSec).toBeCloseTo(2 * window.onsetSec, 12);
  });

  test('is unknown where nothing moves and where the record cuts the movement', () => {
    expect([movementWindow([0, 0, 0], 100), movementWindow([], 100), movementWindow(speed.slice(200), 1_000), movementWindow(speed.slice(0, 700), 1_000)]).toEqual([null, null, null, null]);
  });
});

describe('the peaks of the speed', () => {
  const humps = (n: number): number[] => sampled(1_001, 1_000, (t) => Math.sin(n * Math.PI * t) ** 2);

  test('are counted, and small ripples are none', () => {
    expect([0, 1, 2, 5].map((n) => velocityPeaks(humps(n)))).toEqual([0, 1, 2, 5]);
    expect(velocityPeaks(humps(2).map((v, i) => v + (i % 2) * 0.02))).toBe(2);
    expect(velocityPeaks([])).toBe(0);
  });

  test('are more with a tremor', () => {
    expect(velocityPeaks(sampled(101, 100, (t) => minimumJerkSpeed(t, 1, 0.3) + 0.09 * Math.sin(16 * Math.PI * t)))).toBeGreaterThan(4);
  });
});

test('the speed along a straight uniform path is its length over its time, also at its ends', () => {
  const speed = speedOf(velocityOf(along(11, (share) => [3 * share, 4 * share]), 10));
  for (const v of speed) expect(v).toBeCloseTo(5, 12);
  expect(peakSpeed([1, -3, 2])).toBe(3);
});

describe('the distance', () => {
  test('to a straight line leaves the start sample out: (0,0), (0,1) on the way to (1,1) is one over the root of two', () => {
    expect(pathRmseM([[0, 0], [0, 1]], [1, 1])).toBeCloseTo(Math.SQRT1_2, 15);
    expect(pathRmseM([[0], [0]], [1, 1])).toBeNull();
  });

  test('to the target is that of the last sample', () => {
    expect(endpointErrorM([[0, 0.3], [0, 0.4]], [0, 0])).toBeCloseTo(0.5, 15);
  });

  test('to a line, and to its point where it has no length', () => {
    expect(distanceToLineM([1, 5, 0], [0, 0, 0], [2, 0, 0])).toBe(5);
    expect(distanceToLineM([3, 4], [0, 0], [0, 0])).toBe(5);
  });

  test('while tracing a line or a circle is the mean over all samples', () => {
    expect(lineTracingErrorM([[0, 1, 2], [0.1, -0.1, 0.4]], [0, 0], [1, 0])).toBeCloseTo(0.2, 12);
    expect(circleTracingErrorM([[1.1, 0, -0.9], [0, 1, 0]], [0, 0], 1)).toBeCloseTo(0.2 / 3, 12);
    expect([lineTracingErrorM([[], []], [0, 0], [1, 0]), circleTracingErrorM([[], []], [0, 0], 1)]).toEqual([null, null]);
  });
});
