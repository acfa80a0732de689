import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { log } from '../../protocols/math.ts';

test('log agrees with the engine to a few units in the last place', () => {
  fc.assert(
    fc.property(fc.double({ min: 5e-324, max: Number.MAX_VALUE, noNaN: true }), (x) => {
      expect(Math.abs(log(x) - Math.log(x))).toBeLessThanOrEqual(4 * Number.EPSILON * Math.max(1, Math.abs(Math.log(x))));
    }),
  );
});

test('log has the limits of a logarithm', () => {
  expect([log(1), log(0), log(-0), log(Infinity)]).toEqual([0, -Infinity, -Infinity, Infinity]);
  expect(log(-1)).toBeNaN();
  expect(log(Number.NaN)).toBeNaN();
});
