import { expect, it } from 'vitest';
import { guidingModes, modesOf, trainingModes } from '../../protocols/training-mode.ts';

it('every mode belongs to one class of robots, and what each begins with guides', () => {
  const [gait, arm] = [modesOf({ class: 'gait' }), modesOf({ class: 'arm' })];
  expect([...gait, ...arm].toSorted()).toEqual([...trainingModes].toSorted());
  expect(guidingModes).toEqual(expect.arrayContaining([gait[0], arm[0]]));
});
