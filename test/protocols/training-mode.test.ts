import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseProfile } from '../../protocols/profile-text.ts';
import { guidingModes, modesOf, plateModes, trainingModes } from '../../protocols/training-mode.ts';
import { armBimanual, armExo, gaitExo, gaitOrthosis } from '../sim/support/profile.ts';

it('every mode belongs to some kind of robots, none twice to one, and what those that move begin with guides', () => {
  const [measuring, plates] = ['arm-support', 'gait-endeffector'].map((id) => modesOf(parseProfile(readFileSync(`hal/profiles/${id}.json`, 'utf8'), id)));
  const [gait, arm, arms] = [modesOf(gaitOrthosis()), modesOf(armExo()), modesOf(armBimanual())];
  const all = [gait, arm, arms, measuring, plates].flat();
  for (const modes of [gait, arm, arms, measuring, plates]) expect(new Set(modes).size).toBe(modes?.length);
  expect(new Set(all)).toEqual(new Set(trainingModes));
  // A plate that leads a foot guides it over any ground.
  expect(guidingModes).toEqual(expect.arrayContaining([gait[0], arm[0], arms[0], ...plateModes]));
  expect(plates).toEqual(expect.arrayContaining([...plateModes]));
  // A belt does not wait for a step.
  expect([gait, modesOf(gaitExo())].map((modes) => modes.includes('triggered'))).toEqual([false, true]);
});
