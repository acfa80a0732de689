import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseProfile } from '../../protocols/profile-text.ts';

const arm = readFileSync('hal/profiles/arm-exo.json', 'utf8');
const gait = readFileSync('hal/profiles/gait-orthosis.json', 'utf8');
const column = arm.slice(arm.indexOf('"armLift": {\n'), arm.indexOf('"watchdogs"'));

it.each([
  ['faster than can be let go of', arm.replace('"speedMps": 0.03', '"speedMps": 0.06'), 'at most 0.05 m/s'],
  ['that stops too late', arm.replace('"accelerationMps2": 0.1', '"accelerationMps2": 0.04'), 'within 0.01 m'],
  ['without a range', arm.replace('"min": 0.7, "max": 1.25', '"min": 1.25, "max": 0.7'), 'min must be below max'],
  ['whose range leaves out where the shoulder is', arm.replace('"min": 0.7, "max": 1.25', '"min": 1.1, "max": 1.25'), 'geometry.shoulderHeightM'],
  ['whose drift could not be seen', arm.replace('"driftM": 0.005', '"driftM": 0.6'), 'could not be seen'],
  ['whose watchdog trips before the host stops', arm.replace('"driftM": 0.005,\n    "watchdogMs": 100', '"driftM": 0.005,\n    "watchdogMs": 40'), 'inputMaxAgeMs'],
  ['that nobody sees', arm.replace(', "armLift": { "rateHz": 100 }', ''), 'hub.inputs.armLift'],
  ['of a robot that moves no arm', gait.replace('"watchdogs"', `${column}"watchdogs"`), 'moves an arm'],
])('a lift %s is refused', (_what, text, reason) => {
  expect(() => parseProfile(text, 'lift.json')).toThrow(reason);
});
