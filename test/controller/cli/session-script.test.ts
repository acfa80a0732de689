import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseSessionScript, scriptSetup, withScriptParameters } from '../../../controller/cli/session-script.ts';
import { profile } from '../recording/fixtures.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';

const demo = readFileSync('examples/gait-demo.json', 'utf8');
const parse = (text: string): ReturnType<typeof parseSessionScript> => parseSessionScript(text, 'session.json', () => profile);
const withTimeline = (...steps: object[]): string => JSON.stringify({ ...(JSON.parse(demo) as object), timeline: steps }, null, 2);

test.each(readdirSync('examples'))('the example %s is well formed', (name) => {
  const text = readFileSync(`examples/${name}`, 'utf8');
  const named = (id: string): RobotProfile => parseProfile(readFileSync(`hal/profiles/${id}.json`, 'utf8'), id);
  expect(parseSessionScript(text, name, named).timeline.length).toBeGreaterThan(0);
});

describe('a session script', () => {
  test('that is well formed is taken', () => {
    expect(parse(demo)).toMatchObject({ profile: 'gait-orthosis', durationSec: 60 });
  });

  test('may name the simulated patient', () => {
    expect(parse(demo.replace('"heightM": 1.8', '"heightM": 1.8, "simulated": "stroke-right"')).patient.simulated).toBe('stroke-right');
  });

  test('becomes the session setup, with what it does not name from the profile', () => {
    const script = parse(demo.replace('"heightM": 1.8', '"heightM": 1.8, "permittedRangeDeg": { "kneeLeft": { "min": 2, "max": 60 } }'));
    const setup = scriptSetup(script, profile);
    expect(setup).toMatchObject({ patientRef: 'demo-1', bodyMassKg: 75, parameters: { guidance: { left: 1, right: 1 }, romScale: [1, 1, 1, 1] } });
    expect(setup.parameters.speedMps).toBeCloseTo(1.5 / 3.6);
    expect(setup.permittedRangeRad[1]?.max).toBeCloseTo(Math.PI / 3);
    expect(setup.permittedRangeRad[0]?.max).toBeCloseTo((80 * Math.PI) / 180);
  });

  test('changes only the parameters that it names', () => {
    const before = scriptSetup(parse(demo), profile).parameters;
    const after = withScriptParameters(profile, before, { guidance: { left: 0.5 }, romScale: { kneeRight: 0.9 }, offsetDeg: { hipLeft: 3 } });
    expect(after.speedMps).toBe(before.speedMps);
    expect(after.guidance).toEqual({ left: 0.5, right: 1 });
    expect(after.romScale).toEqual([1, 1, 1, 0.9]);
    expect(after.offsetRad[0]).toBeCloseTo((3 * Math.PI) / 180);
    expect(after.offsetRad.slice(1)).toEqual([0, 0, 0]);
  });
});

describe('a mistake in a session script is named with its key and line', () => {
  test.each([
    { mistake: 'a misspelt key', text: demo.replace('"durationSec"', '"durationSecs"'), says: /session\.json:5: durationSecs: unknown key/ },
    { mistake: 'a comma too many', text: demo.replace('"durationSec": 60,', '"durationSec": 60,,'), says: /session\.json:5: not valid JSON/ },
    { mistake: 'a command that does not exist', text: demo.replace('"arm"', '"armed"'), says: /session\.json:8: timeline\.0\.command/ },
    { mistake: 'a joint that the robot does not have', text: demo.replace('"kneeLeft"', '"ankleLeft"'), says: /session\.json:12: timeline\.4\.parameters\.romScale\.ankleLeft: the robot has no joint "ankleLeft"/ },
    { mistake: 'a link that the robot does not have', text: withTimeline({ atSec: 1, unplug: 'arm' }), says: /timeline\.0\.unplug: the robot has no link "arm"; it has leg-left, leg-right, hub/ },
    { mistake: 'steps out of order', text: withTimeline({ atSec: 9, command: 'arm' }, { atSec: 8, command: 'start' }), says: /timeline\.1\.atSec: is before the step above/ },
    { mistake: 'a step after the end', text: withTimeline({ atSec: 60, command: 'arm' }), says: /timeline\.0\.atSec: is not before the end/ },
    { mistake: 'a step that does two things', text: withTimeline({ atSec: 1, command: 'arm', estop: true }), says: /timeline\.0\.atSec: this step must name exactly one/ },
    { mistake: 'a step that does nothing', text: withTimeline({ atSec: 1 }), says: /timeline\.0\.atSec: this step must name exactly one/ },
    { mistake: 'a number that is not one', text: demo.replace('"durationSec": 60', '"durationSec": "60"'), says: /session\.json:5: durationSec/ },
  ])('$mistake', ({ text, says }) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'scriptInvalid', message: expect.stringMatching(says) as string }));
  });
});
