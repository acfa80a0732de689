import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseProfile } from '../../protocols/profile-text.ts';
import { guidingModes, modesOf, trainingModes } from '../../protocols/training-mode.ts';

it('every mode belongs to one kind of robots, and what those that move begin with guides', () => {
  const [gait, arm, measuring, plates] = ['gait-orthosis', 'arm-exo', 'arm-support', 'gait-endeffector'].map((id) => modesOf(parseProfile(readFileSync(`hal/profiles/${id}.json`, 'utf8'), id)));
  expect([gait, arm, measuring, plates].flat().length).toBe(trainingModes.length);
  expect(new Set([gait, arm, measuring, plates].flat())).toEqual(new Set(trainingModes));
  // A plate that leads a foot guides it over any ground.
  expect(guidingModes).toEqual(expect.arrayContaining([gait?.[0], arm?.[0], ...(plates ?? [])]));
});
