import { readFileSync } from 'node:fs';
import { parseProfile } from '../../../protocols/profile-text.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';

const file = new URL('../../../hal/profiles/gait-orthosis.json', import.meta.url);

export const gaitOrthosis = (): RobotProfile => parseProfile(readFileSync(file, 'utf8'), 'gait-orthosis.json');

export const averagePatient = { bodyMassKg: 75, heightM: 1.8 };
