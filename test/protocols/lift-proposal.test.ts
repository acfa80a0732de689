import { expect, test } from 'vitest';
import { proposedLiftM } from '../../protocols/lift-proposal.ts';
import { lift } from '../controller/safety/fixtures.ts';

test.each([
  [1.75, 1.003],
  [1.3, 0.745],
  [1, 0.7],
  [2.5, 1.25],
])('a seated person of %f m has the shoulder at %f m, as far as the lift goes', (bodyHeightM, shoulderM) => {
  expect(proposedLiftM(lift, bodyHeightM)).toBeCloseTo(shoulderM, 3);
});
