import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { sessionPlanSchema } from '../../../protocols/session-plan.ts';
import { firstPlan, firstTrigger, plansOf, stepThreshold } from '../../../ui/plan/plan-choice.ts';

const profileOf = (name: string) => parseProfile(fs.readFileSync(`hal/profiles/${name}.json`, 'utf8'), name);

describe('what a session may be', () => {
  it.each([
    ['gait-orthosis', ['training', 'replay', 'assessment']],
    ['gait-exo', ['training', 'triggered', 'replay', 'assessment']],
    ['arm-exo', ['training', 'triggered', 'replay', 'assessment']],
    ['arm-bimanual', ['training', 'replay', 'assessment']],
    ['arm-support', ['training', 'assessment']],
    ['gait-endeffector', ['training', 'triggered']],
  ])('is, on %s, %j', (name, kinds) => {
    expect(plansOf(profileOf(name))).toEqual(kinds);
  });

  it('begins with something that the station takes, or with nothing where a movement is to be chosen', () => {
    const profile = profileOf('arm-exo');
    for (const kind of ['triggered', 'assessment'] as const) expect(sessionPlanSchema.safeParse(firstPlan(kind, profile)).success).toBe(true);
    expect(firstPlan('replay', profile)).toBeNull();
    expect(firstPlan('training', profile)).toBeNull();
  });
});

describe('the threshold of a trigger', () => {
  it('goes in steps and stays within what the station takes', () => {
    let trigger = firstTrigger('torque');
    expect(stepThreshold(trigger, 1)).toEqual({ source: 'torque', thresholdNm: 3.5 });
    for (let i = 0; i < 100; i++) trigger = stepThreshold(trigger, -1);
    expect(trigger).toEqual({ source: 'torque', thresholdNm: 0.5 });
    let emg = firstTrigger('emg');
    for (let i = 0; i < 100; i++) emg = stepThreshold(emg, 1);
    expect(emg).toMatchObject({ thresholdShare: 0.9 });
  });
});
