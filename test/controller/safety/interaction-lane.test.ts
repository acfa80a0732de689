import { expect, it } from 'vitest';
import { createLanes } from '../../../controller/safety/interaction-lane.ts';
import { gaitExo } from '../../sim/support/profile.ts';
import { profile as gaitOrthosis } from './fixtures.ts';

// With a leg's bands a push of 20 Nm at a foot of 20 Nm was found after 278 ms, by where the foot was.
it('the bands are those of hips and knees, whatever they may be held with, and smaller ones of a foot', () => {
  const sizes = (joints: typeof gaitOrthosis.joints): number[] => createLanes(joints).map(({ size }) => size);
  expect(sizes(gaitExo().joints)).toEqual([1, 1, 0.67, 1, 1, 0.67]);
  expect(sizes(gaitOrthosis.joints.map((joint) => ({ ...joint, interactionLimitNm: 30 })))).toEqual([1, 1, 1, 1]);
});
