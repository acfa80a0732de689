/** What a robot was set to belongs to a result; changed in a trial, there is none. */
import { describe, expect, test } from 'vitest';
import { assessmentSetup } from '../../../../controller/cli/lockstep-assessment.ts';
import { HandRecord } from '../../../../controller/metrics/assessments/hand-record.ts';
import { createMeasurement } from '../../../../controller/metrics/assessments/measurement.ts';
import { AssessmentRecord } from '../../../../controller/metrics/assessments/record.ts';
import { reachResults } from '../../../../controller/metrics/assessments/reaching.ts';
import { planAssessment } from '../../../../controller/therapy/assessments/plan.ts';
import { isDriven, type RobotProfile } from '../../../../protocols/profile.ts';
import type { AssessmentOrder } from '../../../../protocols/assessment.ts';
import { fieldOffset, layoutOf } from '../../../../protocols/session-log.ts';
import { supervisorStates } from '../../../../protocols/supervision.ts';
import { trainingModes } from '../../../../protocols/training-mode.ts';
import type { SimulatedPatient } from '../../../../sim/body/simulated-patient.ts';
import { armSupport, gaitOrthosis } from '../../../sim/support/profile.ts';

const person = { bodyMassKg: 75, heightM: 1.8 } as SimulatedPatient;

function prepared(profile: RobotProfile, order: AssessmentOrder) {
  const setup = assessmentSetup(profile, person, order);
  const plan = planAssessment(profile, setup)!;
  const layout = layoutOf(profile);
  const row = new Float64Array(layout.width);
  const put = (values: Readonly<Record<string, number>>): Float64Array => {
    for (const [key, value] of Object.entries(values)) row[fieldOffset(layout, key)] = value;
    return row;
  };
  put({ state: supervisorStates.indexOf(isDriven(profile) ? 'running' : 'ready'), mode: trainingModes.indexOf('assistTorque') });
  return { setup, plan, put };
}

describe('walking support', () => {
  const profile = gaitOrthosis();

  test('is of one speed, guidance and unloading from its first step on; begun anew, they may be others', () => {
    const { setup, plan, put } = prepared(profile, { kind: 'walking' });
    const record = new AssessmentRecord(profile, setup, plan);
    record.row(put({ assessmentStep: -1, speedMps: 0.3, guidanceLeft: 1, guidanceRight: 1, unloadingKg: 20 }), 0);
    record.row(put({ assessmentStep: 0, speedMps: 0.4 }), 0);
    record.row(put({ assessmentStep: 1 }), 0);
    expect([record.settings, record.settingsChanged]).toEqual([{ speedMps: 0.4, guidance: 1, unloadingKg: 20 }, false]);
    record.row(put({ assessmentStep: 1, unloadingKg: 25 }), 0);
    expect(record.settingsChanged).toBe(true);
    record.row(put({ assessmentStep: 0 }), 0);
    expect([record.settings?.unloadingKg, record.settingsChanged]).toEqual([25, false]);
  });

  test('tells them beside each value', () => {
    const { setup, plan, put } = prepared(profile, { kind: 'walking' });
    const measurement = createMeasurement(profile, setup, plan);
    measurement.row(put({ assessmentStep: 1, speedMps: 0.4, guidanceLeft: 1, guidanceRight: 1, unloadingKg: 20 }), 0);
    for (const { beside } of measurement.results()) expect(beside).toMatchObject({ speed_mps: 0.4, guidance: 1, unloading_kg: 20 });
  });
});

describe('reaching', () => {
  const arm = armSupport();

  test('is of the springs in its trials: before them a hand may set them', () => {
    const { setup, plan, put } = prepared(arm, { kind: 'reach', side: 'right' });
    const first = plan.steps.findIndex(({ trial }) => trial === 0);
    const record = new HandRecord(arm, setup, plan);
    record.row(put({ assessmentStep: 1, springUpperArm: 0, springForearm: 0 }), 0);
    expect(record.springs).toBeNull();
    record.row(put({ assessmentStep: first, springUpperArm: 3, springForearm: 2 }), 0);
    record.row(put({ assessmentStep: first + 2 }), 0);
    expect([record.springs, record.springsChanged]).toEqual([{ upperArm: 3, forearm: 2 }, false]);
    record.row(put({ assessmentStep: first + 2, springUpperArm: 4 }), 0);
    expect(record.springsChanged).toBe(true);
  });

  test('with other springs in the middle has no value', () => {
    const trials = new Map([['reach_success', [100, 100, 100]]]);
    expect(reachResults(trials, 'right', {})[0]).toMatchObject({ value: 100, rejected: null });
    expect(reachResults(trials, 'right', {}, true)[0]).toMatchObject({ value: null, rejected: { reason: 'settingsChanged' } });
  });
});
