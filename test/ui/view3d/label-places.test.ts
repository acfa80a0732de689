import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepApart, type LabelPlace } from '../../../ui/view3d/label-places.ts';

const WIDTH = 70;
const HEIGHT = 26;

const cover = (one: LabelPlace, other: LabelPlace): boolean => Math.abs(one.x - other.x) < WIDTH && Math.abs(one.y - other.y) < HEIGHT - 1e-3;

test('labels that turn about one point are written below each other, in their order', () => {
  const places = [{ x: 100, y: 50 }, { x: 100, y: 50 }, { x: 110, y: 60 }];
  keepApart(places, WIDTH, HEIGHT);
  expect(places).toEqual([{ x: 100, y: 50 }, { x: 100, y: 76 }, { x: 110, y: 102 }]);
});

test('labels that cover nothing stay where they are', () => {
  const places = [{ x: 0, y: 0 }, { x: WIDTH, y: 0 }, { x: 0, y: HEIGHT }];
  const before = structuredClone(places);
  keepApart(places, WIDTH, HEIGHT);
  expect(places).toEqual(before);
});

test('a distance that rounding made too short is far enough: moving a label once more would not change it', () => {
  const y = 48 / 7;
  expect(y + HEIGHT - y).toBeLessThan(HEIGHT);
  const places = [{ x: 0, y }, { x: 0, y }];
  keepApart(places, WIDTH, HEIGHT);
  expect(places[1]!.y).toBe(y + HEIGHT);
});

test('wherever labels are, afterwards none covers another, and none moved sideways or up', () => {
  const px = fc.double({ min: 0, max: 400, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.record({ x: px, y: px }), { maxLength: 12 }), (places) => {
      const before = structuredClone(places);
      keepApart(places, WIDTH, HEIGHT);
      places.forEach((place, i) => {
        expect(place.x).toBe(before[i]!.x);
        expect(place.y).toBeGreaterThanOrEqual(before[i]!.y);
        for (const other of places.slice(i + 1)) expect(cover(place, other)).toBe(false);
      });
    }),
  );
});
