import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { planAssessment } from '../../../controller/therapy/assessments/plan.ts';
import { TRIALS } from '../../../controller/therapy/assessments/steps.ts';
import { initialSetup } from '../../../controller/station/session-setup.ts';
import { demoPatients } from '../../../controller/station/records/demo-patients.ts';
import { jointAssessmentKinds, type JointAssessmentKind } from '../../../protocols/assessment.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { AssessmentReadings, assessmentView, WalkCourseReadings } from '../../../ui/assessment/assessment-view.ts';

const profile = parseProfile(fs.readFileSync('hal/profiles/gait-orthosis.json', 'utf8'), 'gait-orthosis');
const planOf = (kind: JointAssessmentKind) => planAssessment(profile, initialSetup(profile, demoPatients[0]!, {}, { assessment: { kind, joint: 'kneeLeft' } }))!;

describe('where an assessment is', () => {
  const plan = planOf('strength');

  it('begins, goes on while the robot runs, is broken off when it does not, and is done after the last step', () => {
    expect(assessmentView(plan, -1, 'armed')).toMatchObject({ stage: 'before', trial: 0, trials: TRIALS });
    expect(assessmentView(plan, 2, 'running').stage).toBe('doing');
    for (const state of ['paused', 'stopping', 'stopped', 'ready'] as const) expect(assessmentView(plan, 2, state).stage).toBe('broken');
    expect(assessmentView(plan, plan.steps.length, 'running')).toMatchObject({ stage: 'done', step: plan.steps.length });
    expect(assessmentView(plan, plan.steps.length, 'ready').stage).toBe('done');
  });

  it('says in a rest what comes next, and counts trials', () => {
    const push = plan.steps.findIndex(({ kind, trial }) => kind === 'push' && trial === 1);
    expect(assessmentView(plan, push - 1, 'running')).toMatchObject({ asked: 'rest', next: { asked: 'push', direction: plan.steps[push]!.direction }, trial: 2 });
    expect(assessmentView(plan, push, 'running')).toMatchObject({ asked: 'push', next: null, trial: 2 });
    expect(assessmentView(plan, push + 1, 'running')).toMatchObject({ asked: 'letGo', next: null });
  });

  it.each(jointAssessmentKinds)('has a trial of three in every step of %s', (kind) => {
    const { steps } = planOf(kind);
    for (let step = 0; step < steps.length; step++) {
      const { trial, trials } = assessmentView(planOf(kind), step, 'running');
      expect(trials).toBe(TRIALS);
      expect(trial).toBeGreaterThanOrEqual(1);
      expect(trial).toBeLessThanOrEqual(TRIALS);
    }
  });
});

describe('what the person does', () => {
  it('is the torque beyond the rest before, in the direction that is asked for, and the most of it', () => {
    const { steps } = planOf('strength');
    const readings = new AssessmentReadings();
    const push = steps.findIndex(({ kind, direction }) => kind === 'push' && direction === -1);
    for (let ms = 0; ms < 2_000; ms += 16) readings.look(steps[push - 1], push - 1, 6, 0.8, ms);
    readings.look(steps[push], push, 6 + 25, 0.8, 2_016);
    readings.look(steps[push], push, 6 + 10, 0.8, 2_032);
    expect(readings.nowNm).toBeCloseTo(10, 6);
    expect(readings.mostNm).toBeCloseTo(25, 6);
    readings.look(steps[push + 1], push + 1, 6, 0.8, 2_048);
    expect(readings.mostNm).toBe(0);
  });

  it('is how far the joint went that way', () => {
    const { steps } = planOf('rom');
    const free = steps.findIndex(({ kind, direction }) => kind === 'free' && direction === -1);
    const readings = new AssessmentReadings();
    for (const angle of [0.8, 0.5, 0.2, 0.6]) readings.look(steps[free], free, 0, angle, 0);
    expect(readings.farthestRad).toBe(0.2);
  });
});

describe('a walk', () => {
  const walk10m = planAssessment(profile, initialSetup(profile, demoPatients[0]!, {}, { assessment: { kind: 'walk10m' } }))!;

  it('begins with strides that are not measured, and counts trials after them', () => {
    expect(assessmentView(walk10m, 0, 'running')).toMatchObject({ getsUsed: true, trial: 0, asked: 'walk', stage: 'doing' });
    expect(assessmentView(walk10m, 2, 'running')).toMatchObject({ getsUsed: false, trial: 2, trials: TRIALS });
  });

  it('of a robot that only measures goes on while that is ready', () => {
    expect(assessmentView(walk10m, 1, 'ready', 'ready').stage).toBe('doing');
  });

  it('tells how far a step has come, but not of one in whose middle the page was opened', () => {
    const readings = new WalkCourseReadings();
    readings.look(1, 100, 40, 20);
    expect(readings.shareOf(walk10m.steps[1]!)).toBeNaN();
    readings.look(2, 120, 50, 25);
    readings.look(2, 125, 52.5, 27);
    expect([readings.sec, readings.wayM, readings.strides, readings.shareOf(walk10m.steps[2]!)]).toEqual([5, 2.5, 2, 0.25]);
    readings.look(-1, 126, 53, 28);
    readings.look(0, 130, 54, 30);
    readings.look(0, 131, 55, 33);
    expect(readings.shareOf(walk10m.steps[0]!)).toBe(0.5);
  });
});
