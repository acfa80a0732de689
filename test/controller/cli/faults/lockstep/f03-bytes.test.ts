import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { disturbedBytes } from '../../../../../controller/cli/faults/lockstep/f03-bytes.ts';
import { loadProfile } from '../../../../../controller/cli/profiles.ts';

const withinMs = (robot: string, name: string): number | undefined =>
  disturbedBytes.variants(loadProfile(resolve(`hal/profiles/${robot}.json`)).profile).find((variant) => variant.name === name)?.withinMs;

it('a line that loses half of its bytes is mute, unless its drives answer to a SYNC, of which some arrive: then it shows when they let go', () => {
  expect(withinMs('gait-orthosis', '50 % lost toDevice leg-left')).toBe(withinMs('gait-orthosis', 'mute toDevice leg-left'));
  expect(withinMs('gait-endeffector', '50 % lost toDevice plate-left')).toBe(100 + withinMs('gait-endeffector', 'mute toDevice plate-left')!);
  expect(withinMs('gait-endeffector', '50 % lost toHost plate-left')).toBe(withinMs('gait-endeffector', 'mute toHost plate-left'));
});
