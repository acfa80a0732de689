import { describe, expect, it } from 'vitest';
import type { AssessmentOutcome, KnownAssessment, ToldResult } from '../../../protocols/assessment-outcome.ts';
import { conditionsOf, sameSettings } from '../../../ui/assessment/conditions.ts';
import { earlierOf, earlierThan } from '../../../ui/assessment/earlier-results.ts';

const told = (value: number | null, own: Partial<ToldResult> = {}): ToldResult => ({ name: 'isometric_strength', joint: 'kneeLeft', direction: 'flexion', value, unit: 'Nm', uncertainty: 1, trials: [], atLeast: false, rejected: null, source: '', detectableChange: null, beside: {}, ...own });
const outcomeOf = (result: ToldResult, own: Partial<AssessmentOutcome> = {}): AssessmentOutcome => ({ kind: 'strength', joint: 'kneeLeft', complete: true, interruptedBy: null, results: [result], ...own });
const known = (day: number, result: ToldResult, own: Partial<KnownAssessment> = {}): KnownAssessment => ({ sessionId: `s${day}`, startedAt: `2026-03-0${day}T09:00:00.000Z`, profileId: 'gait-orthosis', simulated: true, outcome: outcomeOf(result), ...own });

describe('what stands beside a result', () => {
  it('is of sessions before it, of the same robot, kind and joint, simulated beside simulated, newest first', () => {
    const all = [
      known(6, told(20)), known(5, told(25)), known(4, told(24), { profileId: 'gait-exo' }), known(3, told(22), { simulated: false }),
      known(2, told(21), { outcome: outcomeOf(told(21), { joint: 'kneeRight' }) }), known(1, told(18)),
    ];
    expect(earlierThan(all, 's5', outcomeOf(told(25))).map(({ sessionId }) => sessionId)).toEqual(['s1']);
    expect(earlierThan(all, 'unknown', outcomeOf(told(25)))).toEqual([]);
  });

  it('has the change since then, but not where a value is a lower bound or missing, and at most three', () => {
    const before = [known(4, told(null)), known(3, told(24)), known(2, told(20, { atLeast: true })), known(1, told(18))];
    expect(earlierOf(told(25), before).map(({ sessionId, change }) => [sessionId, change])).toEqual([['s3', 1], ['s2', null], ['s1', 7]]);
    expect(earlierOf(told(25, { atLeast: true }), before).map(({ change }) => change)).toEqual([null, null, null]);
    expect(earlierOf(told(25), [...before, ...before])).toHaveLength(3);
    expect(earlierOf(told(25, { direction: 'extension' }), before)).toEqual([]);
  });

  it('says where the robot was set otherwise; the speed of a walk test is no setting but the result', () => {
    const walked = (speed_mps: number, guidance: number, name = 'walking_work') => told(1, { name, beside: { speed_mps, guidance } });
    expect(sameSettings(walked(0.4, 1), walked(0.4, 1))).toBe(true);
    expect(sameSettings(walked(0.4, 1), walked(0.5, 1))).toBe(false);
    expect(sameSettings(walked(0.4, 1, 'walk_10m_speed'), walked(0.5, 1, 'walk_10m_speed'))).toBe(true);
    expect(sameSettings(walked(0.4, 1, 'walk_10m_speed'), walked(0.4, 0.6, 'walk_10m_speed'))).toBe(false);
    expect(sameSettings(walked(0.4, 1), told(1))).toBe(false);
  });

  it('shows settings in the units of the page, and none that are not known', () => {
    expect(conditionsOf({ beside: { speed_mps: 0.5, guidance: 0.8, unloading_kg: null, r_squared: 0.9 } }).map(({ key }) => key)).toEqual(['speed_mps', 'guidance']);
  });
});
