/** What the station keeps of an assessment that was stopped; of a whole one: `test/controller/cli/assess.test.ts`. */
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { assessmentSetup, runAssessment } from '../../../../controller/cli/lockstep-assessment.ts';
import { loadPatient } from '../../../../controller/cli/patients.ts';
import { SessionAssessment } from '../../../../controller/metrics/assessments/session-assessment.ts';
import { createSessionSummary } from '../../../../controller/metrics/session-summary.ts';
import { assessmentOutcomeSchema } from '../../../../protocols/assessment-outcome.ts';
import { gaitOrthosis } from '../../../sim/support/profile.ts';

const LONG_MS = 120_000;
const order = { kind: 'strength', joint: 'kneeLeft' } as const;

async function stopped() {
  const profile = gaitOrthosis();
  const { patient } = loadPatient(path.resolve('sim/patients/weak-80.json'), profile);
  const summary = createSessionSummary(profile, assessmentSetup(profile, patient, order));
  await runAssessment({ profile, patient, order, seed: 1, sink: summary, stopAtSec: 3 });
  const kept = summary.result().metrics.assessment;
  return assessmentOutcomeSchema.parse(JSON.parse(JSON.stringify(kept)));
}

describe('the summary of a session that was an assessment', () => {
  test('that was stopped is incomplete, names what stopped it, and tells no value', { timeout: LONG_MS }, async () => {
    const kept = await stopped();
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
