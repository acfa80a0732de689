/** Walk tests from made-up rows: what the belt tells, what was broken off, and what was changed. */
import { describe, expect, test } from 'vitest';
import { assessmentSetup } from '../../../../controller/cli/lockstep-assessment.ts';
import { createMeasurement } from '../../../../controller/metrics/assessments/measurement.ts';
import { planAssessment } from '../../../../controller/therapy/assessments/plan.ts';
import type { WalkTestKind } from '../../../../protocols/assessment.ts';
import { fieldOffset, layoutOf } from '../../../../protocols/session-log.ts';
import { supervisorStates, type SupervisorState } from '../../../../protocols/supervision.ts';
import { trainingModes, type TrainingMode } from '../../../../protocols/training-mode.ts';
import type { SimulatedPatient } from '../../../../sim/body/simulated-patient.ts';
import { gaitOrthosis } from '../../../sim/support/profile.ts';

const profile = gaitOrthosis();
const layout = layoutOf(profile);
const PERIOD_US = 4_000;

interface Walk {
  readonly mps: number;
  readonly mode?: TrainingMode;
  readonly beltAgeUs?: number;
  readonly guidance?: number;
  readonly unloadingKg?: number;
}

/** Rows of a walk, each step of the plan for so many seconds. */
function measured(kind: WalkTestKind, secOfStep: readonly number[], walkAt: (sec: number, step: number) => Walk, last: SupervisorState = 'running') {
  const setup = assessmentSetup(profile, { bodyMassKg: 75, heightM: 1.8 } as SimulatedPatient, { kind });
  const measurement = createMeasurement(profile, setup, planAssessment(profile, setup)!);
  const row = new Float64Array(layout.width);
  const put = (key: string, value: number): void => void (row[fieldOffset(layout, key)] = value);
  let cycle = 0;
  secOfStep.forEach((sec, step) => {
    for (let i = 0; i < Math.round((sec * 1e6) / PERIOD_US); i++) {
      const { mps, mode = 'guidedGait', beltAgeUs = 5_000, guidance = 0.8, unloadingKg = 20 } = walkAt((i * PERIOD_US) / 1e6, step);
      put('nowUs', cycle++ * PERIOD_US);
      put('state', supervisorStates.indexOf('running'));
      put('assessmentStep', step);
      put('mode', trainingModes.indexOf(mode));
      put('beltLeftMps', mps);
      put('beltRightMps', mps);
      put('treadmillAgeUs', beltAgeUs);
      put('guidanceLeft', guidance);
      put('guidanceRight', guidance);
      put('unloadingKg', unloadingKg);
      measurement.row(row, 0);
    }
  });
  put('nowUs', cycle * PERIOD_US);
  put('state', supervisorStates.indexOf(last));
  if (last === 'running') put('assessmentStep', secOfStep.length);
  measurement.row(row, 0);
  return measurement;
}

describe('ten metres', () => {
  test('are timed by the belt, three times, without what was walked too much; what it was walked with stands beside', () => {
    const measurement = measured('walk10m', [6, 20.4, 25.2, 16.8], (_, step) => ({ mps: [0.4, 0.5, 0.4, 0.6][step]! }));
    expect(measurement.interruptedBy).toBeNull();
    const [speed, time] = measurement.results();
    expect(speed).toMatchObject({ name: 'walk_10m_speed', unit: 'm/s', rejected: null, detectableChange: null });
    speed!.trials.forEach((trial, i) => expect(trial).toBeCloseTo([0.5, 0.4, 0.6][i]!, 3));
    time!.trials.forEach((trial, i) => expect(trial).toBeCloseTo([20, 25, 10 / 0.6][i]!, 1));
    expect(speed!.value).toBeCloseTo(0.5, 3);
    expect(speed!.uncertainty).toBeCloseTo((4.3 * 0.1) / Math.sqrt(3), 2);
    expect(speed!.beside).toMatchObject({ guidance: expect.closeTo(0.8, 6) as number, unloading_kg: expect.closeTo(20, 6) as number });
  });

  test('are not told of fewer than three, and not where the mode was changed, or the belt was not heard', () => {
    const of = (secOfStep: readonly number[], walkAt: (sec: number, step: number) => Walk, last?: SupervisorState) => measured('walk10m', secOfStep, walkAt, last).results()[0];
    expect(of([6, 20, 10], () => ({ mps: 0.5 }), 'stopped')).toMatchObject({ value: null, rejected: { reason: 'tooFewTrials' }, trials: [expect.closeTo(0.5, 3), null] });
    expect(of([6, 20, 20, 20], (_, step) => ({ mps: 0.5, mode: step === 2 ? 'transparent' : 'guidedGait' }))).toMatchObject({ value: null, rejected: { reason: 'modeChanged' } });
    // Before the first metre it may be chosen.
    expect(of([6, 20, 20, 20], (_, step) => ({ mps: 0.5, mode: step === 0 ? 'transparent' : 'guidedGait' }))).toMatchObject({ rejected: null });
    expect(of([6, 20, 20, 20], (sec, step) => ({ mps: 0.5, beltAgeUs: step === 1 && sec > 3 && sec < 4 ? 200_000 : 5_000 }))).toMatchObject({ value: null, rejected: { reason: 'beltNotHeard' } });
  });
});

describe('six minutes', () => {
  test('are as far as the belt went, also where its speed was changed on the way', () => {
    const measurement = measured('walk6min', [6, 360], (sec) => ({ mps: sec < 120 ? 0.5 : 0.8, guidance: sec < 180 ? 1 : 0.5 }));
    expect(measurement.interruptedBy).toBeNull();
    const [distance] = measurement.results();
    expect(distance!.value).toBeCloseTo(120 * 0.5 + 240 * 0.8, 0);
    expect(distance!.uncertainty).toBeCloseTo(0.18, 2);
    expect(distance!.beside['guidance']).toBeCloseTo(0.75, 2);
  });

  test('ended early are incomplete: nothing is told but how long and how far he came', () => {
    const measurement = measured('walk6min', [6, 150], () => ({ mps: 0.5 }), 'ready');
    expect(measurement.interruptedBy).toBe('ended');
    const [distance] = measurement.results();
    expect(distance).toMatchObject({ value: null, trials: [null], rejected: { reason: 'endedEarly' } });
    expect(distance!.rejected!.figure).toBeCloseTo(150, 1);
    expect(distance!.beside['walked_m']).toBeCloseTo(75, 1);
  });

  test('that nobody began are not begun', () => {
    const setup = assessmentSetup(profile, { bodyMassKg: 75, heightM: 1.8 } as SimulatedPatient, { kind: 'walk6min' });
    const measurement = createMeasurement(profile, setup, planAssessment(profile, setup)!);
    const row = new Float64Array(layout.width);
    row[fieldOffset(layout, 'state')] = supervisorStates.indexOf('ready');
    row[fieldOffset(layout, 'assessmentStep')] = -1;
    measurement.row(row, 0);
    expect(measurement.interruptedBy).toBe('notBegun');
  });
});
