import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { languages } from '../../../ui/app/language.ts';
import { kindName, plotKindsOf } from '../../../ui/plots/live-plots.ts';

const profileOf = (id: string) => parseProfile(readFileSync(`hal/profiles/${id}.json`, 'utf8'), id);

test('a plot of both sides is named after what their joints have in common, in every language', () => {
  const [bimanual, plates] = [profileOf('arm-bimanual'), profileOf('gait-endeffector')];
  expect(plotKindsOf(bimanual).slice(0, 4).map((kind) => kindName(bimanual, kind, 'en'))).toEqual(['Shoulder sideways', 'Shoulder lift', 'Shoulder rotation', 'Elbow']);
  expect(plotKindsOf(plates).map((kind) => kindName(plates, kind, 'de'))).toEqual(['Vor und zurück', 'Heben', 'Plattenneigung']);
  expect(plotKindsOf(plates).map((kind) => kindName(plates, kind, 'ko'))).toEqual(['전후', '상하', '발판 기울기']);
});

test('a plot of one side has its joint’s whole name', () => {
  const profile = profileOf('arm-exo');
  for (const language of languages) for (const joint of profile.joints) expect(kindName(profile, joint.kind, language)).toBe(joint.name[language]);
});
