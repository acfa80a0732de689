import { readFileSync } from 'node:fs';
import { parseProfile } from '../../../protocols/profile-text.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';

const folder = new URL('../../../hal/profiles/', import.meta.url);

const read = (name: string): RobotProfile => parseProfile(readFileSync(new URL(name, folder), 'utf8'), name);

export const gaitOrthosis = (): RobotProfile => read('gait-orthosis.json');
export const gaitExo = (): RobotProfile => read('gait-exo.json');

export const averagePatient = { bodyMassKg: 75, heightM: 1.8 };
