import { expect, it, test } from 'vitest';
import { policy } from '../../controller/safety/policy.ts';
import { causes } from '../../protocols/supervision.ts';
import { gaitModes, trainingModes } from '../../protocols/training-mode.ts';
import { coreItems, isCore, itemOf, itemsOf, modeNeeds, readinessItems } from '../../protocols/readiness.ts';
import { driven as walker, lift } from '../controller/safety/fixtures.ts';

/** No robot has them all. */
const driven = { ...walker, armLift: lift };

test.each(gaitModes)('the robot blocks the arming of %s for what the table says, and for nothing else', (mode) => {
  const blocking = new Set(policy.filter(({ blocksArming }) => blocksArming).map(({ cause }) => itemOf(cause)));
  expect([...blocking].toSorted()).toEqual([...itemsOf(mode, driven)].toSorted());
});

test.each(trainingModes)('%s cannot leave out what is core, and names nothing twice', (mode) => {
  const items = itemsOf(mode, driven);
  expect(coreItems.filter((item) => !items.includes(item))).toEqual([]);
  expect(modeNeeds[mode].filter(isCore)).toEqual([]);
  expect(new Set(items).size).toBe(items.length);
});

it('knows an item for every cause, and a cause for every item', () => {
  expect(new Set(causes.map(itemOf))).toEqual(new Set(readinessItems));
});

it('asks no robot for a belt, a support or a lift that it does not have', () => {
  const bare = { ...driven, treadmill: undefined, bodyWeightSupport: undefined, armLift: undefined };
  expect(readinessItems.filter((item) => !itemsOf('guidedGait', bare).includes(item))).toEqual(['treadmill', 'support', 'lift']);
});
