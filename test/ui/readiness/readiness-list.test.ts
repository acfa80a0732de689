import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { policy } from '../../../controller/safety/policy.ts';
import { profileSchema } from '../../../protocols/profile.ts';
import { causes } from '../../../protocols/supervision.ts';
import { readinessRows } from '../../../ui/readiness/readiness-list.ts';

const profile = profileSchema.parse(JSON.parse(readFileSync('hal/profiles/gait-orthosis.json', 'utf8')));
const missing = (...blockers: (typeof causes)[number][]) => readinessRows('guidedGait', blockers, profile).flatMap(({ item, cause }) => (cause === null ? [] : [item]));

test('what is missing stands first, with its cause', () => {
  expect(readinessRows('guidedGait', ['notConfirmed', 'outsideSoftRange'], profile).slice(0, 2)).toEqual([
    { item: 'posture', core: false, cause: 'outsideSoftRange' },
    { item: 'confirmed', core: true, cause: 'notConfirmed' },
  ]);
});

test('whatever may keep the robot from being armed is in the list', () => {
  for (const { cause } of policy.filter((rule) => rule.blocksArming)) expect([cause, missing(cause).length]).toEqual([cause, 1]);
  for (const cause of causes) expect([cause, missing(cause).length]).toEqual([cause, 1]);
});

const bare = { treadmill: undefined, bodyWeightSupport: undefined };

test('a robot without belt and support is not asked for them', () => {
  const items = readinessRows('guidedGait', [], bare).map(({ item }) => item);
  expect(items).not.toContain('treadmill');
  expect(items).not.toContain('support');
});

test('what blocks is shown even where nobody asks for it', () => {
  expect(readinessRows('guidedGait', ['supportFault'], bare)[0]).toEqual({ item: 'support', core: false, cause: 'supportFault' });
});
