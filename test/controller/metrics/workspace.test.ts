import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hullAreaM2, hullVolumeM3 } from '../../../controller/metrics/workspace.ts';

type Point = readonly [number, number, number];

const volumeOf = (points: readonly Point[]): number =>
  hullVolumeM3(
    points.map(([x]) => x),
    points.map(([, y]) => y),
    points.map(([, , z]) => z),
  );
const areaOf = (points: readonly Point[]): number =>
  hullAreaM2(
    points.map(([x]) => x),
    points.map(([, y]) => y),
  );

const coordinate = fc.double({ min: -1, max: 1, noNaN: true });
const cloud = fc.array(fc.tuple(coordinate, coordinate, coordinate), { minLength: 1, maxLength: 25 });
/** Many of them in one plane, on one line, or twice at one place. */
const gridCloud = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 40 });

/** Volume by slices: the hull of a section is that of where all segments between points cross it. */
function volumeBySlices(points: readonly Point[], slices: number): number {
  const heights = points.map(([, , z]) => z);
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  let sum = 0;
  for (let k = 0; k < slices; k++) {
    const z = low + ((k + 0.5) / slices) * (high - low);
    const crossings = points.flatMap((a) => points.flatMap((b): Point[] => (a[2] <= z && b[2] > z ? [[a[0] + ((b[0] - a[0]) * (z - a[2])) / (b[2] - a[2]), a[1] + ((b[1] - a[1]) * (z - a[2])) / (b[2] - a[2]), 0]] : [])));
    sum += (areaOf(crossings) * (high - low)) / slices;
  }
  return sum;
}

describe('the reached volume', () => {
  test('of the unit tetrahedron with a point inside is one sixth', () => {
    expect(volumeOf([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.2, 0.2, 0.2]])).toBeCloseTo(1 / 6, 15);
  });

  test('of a cube full of grid points is that of the cube', () => {
    const steps = [0, 0.25, 0.5, 0.75, 1];
    expect(volumeOf(steps.flatMap((x) => steps.flatMap((y) => steps.map((z): Point => [x, y, z]))))).toBeCloseTo(1, 12);
  });

  test('is none for points in one plane, on one line, at one place, or without a point', () => {
    expect([
      volumeOf([[0, 0, 0.3], [1, 0, 0.3], [0, 1, 0.3], [1, 1, 0.3]]),
      volumeOf([[0, 0, 0], [1, 1, 1], [2, 2, 2], [3, 3, 3]]),
      volumeOf([[1, 2, 3], [1, 2, 3], [1, 2, 3], [1, 2, 3]]),
      volumeOf([]),
    ]).toEqual([0, 0, 0, 0]);
  });

  test('of points many of which lie in one plane and on one line is what their hull holds', () => {
    // In tenths, so that what lies in one plane does so but for rounding.
    const points = [[1, 2, 2], [0, 0, 0], [0, 2, 3], [3, 3, 1], [3, 2, 0], [1, 0, 0], [0, 0, 0], [0, 0, 0]].map(([x, y, z]): Point => [0.1 * x!, 0.1 * y!, 0.1 * z!]);
    expect(volumeOf(points)).toBeCloseTo(0.0015, 12);
    expect(volumeBySlices(points, 3_000)).toBeCloseTo(0.0015, 6);
  });

  test('of a fine ball tends to that of the ball, among thousands of points', () => {
    const points = Array.from({ length: 3_000 }, (_, i): Point => {
      const z = 1 - (2 * (i + 0.5)) / 3_000;
      const [r, turn] = [Math.sqrt(1 - z * z), i * Math.PI * (3 - Math.sqrt(5))];
      return [r * Math.cos(turn), r * Math.sin(turn), z];
    });
    expect(volumeOf(points) / ((4 / 3) * Math.PI)).toBeGreaterThan(0.995);
  });

  test('of a smooth path whose every sample is a corner is found in a moment', () => {
    const path = Array.from({ length: 5_000 }, (_, i): Point => [Math.cos(i / 800), Math.sin(i / 800), i / 5_000]);
    expect(volumeOf(path)).toBeCloseTo(volumeOf(path.filter((_, i) => i % 10 === 0)), 1);
  });

  test('agrees with slices through the same points', () => {
    fc.assert(fc.property(cloud, (points) => { expect(volumeOf(points)).toBeCloseTo(volumeBySlices(points, 300), 2); }), { numRuns: 40 });
    fc.assert(fc.property(gridCloud, (points) => { expect(Math.abs(volumeOf(points) - volumeBySlices(points, 300))).toBeLessThan(0.01); }), { numRuns: 40 });
  });

  test('does not depend on where the points lie or in which order they came, and grows with the cube of their scale', () => {
    fc.assert(
      fc.property(fc.oneof(cloud, gridCloud), coordinate, fc.double({ min: 0.1, max: 10, noNaN: true }), (points, shift, scale) => {
        const volume = volumeOf(points);
        expect(volumeOf(points.map(([x, y, z]): Point => [x + 100 * shift, y - shift, z + 3]))).toBeCloseTo(volume, 4);
        expect(volumeOf(points.toReversed())).toBeCloseTo(volume, 4);
        expect(volumeOf(points.map(([x, y, z]): Point => [scale * x, scale * y, scale * z])) / scale ** 3).toBeCloseTo(volume, 4);
      }),
    );
  });

  test('never shrinks when the hand reaches one more point', () => {
    fc.assert(fc.property(fc.oneof(cloud, gridCloud), fc.tuple(coordinate, coordinate, coordinate), (points, more) => { expect(volumeOf([...points, more])).toBeGreaterThanOrEqual(volumeOf(points) - 5e-5); }));
  });
});

describe('the reached area', () => {
  test('of a square with points inside, on its edges and twice at a corner is that of the square', () => {
    expect(areaOf([[0, 0, 0], [0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0.5, 0, 0], [0.3, 0.6, 0]])).toBe(1);
  });

  test('is none for points on one line, at one place, or without a point', () => {
    expect([areaOf([[0, 0, 0], [1, 1, 0], [2, 2, 0]]), areaOf([[1, 1, 0], [1, 1, 0]]), areaOf([[1, 1, 0]]), areaOf([])]).toEqual([0, 0, 0, 0]);
  });
});
