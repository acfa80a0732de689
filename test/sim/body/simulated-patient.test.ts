import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseSimulatedPatient, type SimulatedPatient } from '../../../sim/body/simulated-patient.ts';
import { gaitOrthosis } from '../support/profile.ts';

const jointIds = gaitOrthosis().joints.map(({ id }) => id);
const folder = new URL('../../../sim/patients/', import.meta.url);
const read = (name: string): SimulatedPatient => parseSimulatedPatient(readFileSync(new URL(name, folder), 'utf8'), name, jointIds);
const passive = readFileSync(new URL('passive.json', folder), 'utf8');
const parse = (text: string): SimulatedPatient => parseSimulatedPatient(text, 'patient.json', jointIds);
const withKey = (text: string): string => passive.replace('"effortNm": 0,', `"effortNm": 0,\n  ${text},`);

test.each(readdirSync(folder))('the patient %s is well formed, and named in three languages', (name) => {
  const { name: names } = read(name);
  expect(new Set([names.en, names.ko, names.de]).size).toBe(3);
});

describe('a mistake in the file of a patient is named with its key and its line', () => {
  test.each([
    ['a height of 1 800 m', passive.replace('1.8', '1800'), /patient\.json:5: heightM: must be 0\.8 to 2\.3 m/],
    ['a negative mass', passive.replace('75', '-75'), /patient\.json:4: bodyMassKg: must be 10 to 200 kg/],
    ['a misspelt key', passive.replace('effortNm', 'efortNm'), /patient\.json:6: efortNm: unknown key; check the spelling/],
    ['strength above all', passive.replace('"left": 1,', '"left": 1.2,'), /patient\.json:7: strength\.left: must be 0 to 1/],
    ['a grade that there is not', passive.replace('"spasticity": { "left": 0', '"spasticity": { "left": 4'), /spasticity\.left: must be a grade of 0 to 3/],
    ['a joint that the robot does not have', withKey('"script": [{ "atSec": 1, "spasm": { "joint": "elbow", "torqueNm": 10, "riseMs": 50, "holdMs": 100 } }]'), /patient\.json:7: script\.0\.spasm: the robot has no joint "elbow"; it has hipLeft, kneeLeft/],
    ['an event of two things', withKey('"script": [{ "atSec": 1, "effort": 1, "spasm": { "joint": "kneeLeft", "torqueNm": 10, "riseMs": 50, "holdMs": 100 } }]'), /must name exactly one of spasm, effort/],
    ['an event of nothing', withKey('"script": [{ "atSec": 1 }]'), /must name exactly one of spasm, effort/],
    ['events out of order', withKey('"script": [{ "atSec": 5, "effort": 1 }, { "atSec": 1, "effort": 0 }]'), /script\.1\.atSec: is before the event above/],
    ['no JSON', '{', /not valid JSON/],
  ])('%s', (_, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
