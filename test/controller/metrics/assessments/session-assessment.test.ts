/** What the station keeps of an assessment is what `dari assess` tells of the same cycles. */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { assessmentSetup, runAssessment, type AssessmentRun } from '../../../../controller/cli/lockstep-assessment.ts';
import { loadPatient } from '../../../../controller/cli/patients.ts';
import { SessionAssessment } from '../../../../controller/metrics/assessments/session-assessment.ts';
import { createSessionSummary } from '../../../../controller/metrics/session-summary.ts';
import { assessmentOutcomeSchema } from '../../../../protocols/assessment-outcome.ts';
import { gaitOrthosis } from '../../../sim/support/profile.ts';

const LONG_MS = 120_000;
const order = { kind: 'strength', joint: 'kneeLeft' } as const;

async function assessed(own: Partial<AssessmentRun>) {
  const profile = gaitOrthosis();
  const { patient } = loadPatient(path.resolve('sim/patients/weak-80.json'), profile);
  const summary = createSessionSummary(profile, assessmentSetup(profile, patient, order));
  const outcome = await runAssessment({ profile, patient, order, seed: 1, sink: summary, ...own });
  const kept = summary.result().metrics.assessment;
  return { outcome, kept: assessmentOutcomeSchema.parse(JSON.parse(JSON.stringify(kept))) };
}

describe('the summary of a session that was an assessment', () => {
  test('has its results, each with trials, uncertainty and source', { timeout: LONG_MS }, async () => {
    const { outcome, kept } = await assessed({});
    expect(kept).toMatchObject({ kind: 'strength', joint: 'kneeLeft', complete: true, interruptedBy: null });
    expect(kept.results.map(({ direction, value, uncertainty, trials }) => ({ direction, value, uncertainty, trials }))).toEqual(outcome.results.map(({ direction, value, uncertainty, trials }) => ({ direction, value, uncertainty, trials })));
    expect(kept.results[0]?.value).toBeGreaterThan(1);
    expect(kept.results[0]?.source).toContain('J NeuroEng Rehabil');
  });

  test('that was stopped is incomplete, names what stopped it, and tells no value', { timeout: LONG_MS }, async () => {
    const { kept } = await assessed({ stopAtSec: 6 });
    expect(kept).toMatchObject({ complete: false, interruptedBy: 'operatorStop' });
    expect(kept.results).toHaveLength(2);
    for (const { value, rejected } of kept.results) {
      expect(value).toBeNull();
      expect(rejected).toEqual({ reason: 'tooFewTrials', figure: null });
    }
  });
});

test('a training has none', () => {
  const profile = gaitOrthosis();
  const { patient } = loadPatient(path.resolve('sim/patients/weak-80.json'), profile);
  const { assessment: _, ...training } = assessmentSetup(profile, patient, order);
  expect(SessionAssessment.of(profile, training)).toBeNull();
  expect(createSessionSummary(profile, training).result().metrics).not.toHaveProperty('assessment');
});
