import { expect, it } from 'vitest';
import { CourseRun } from '../../../../controller/cli/faults/course-run.ts';
import { createPlan } from '../../../../controller/cli/faults/plan.ts';
import { gaitExo } from '../../../sim/support/profile.ts';

// No ground is under a patient in this robot: his feet hang at −25°, where 69 of 110 cases found it not armed.
it('somebody lifts feet that hang below their range until the drives carry them', { timeout: 300_000 }, async () => {
  const profile = gaitExo();
  const [course] = createPlan(profile, 110, 1, null).courses;
  const run = await CourseRun.open(course!, profile, 'course', { row: () => {} });
  try {
    await run.prepare();
    run.begin();
    await run.cycle();
    expect(run.rig.loop.cycle.output).toMatchObject({ state: 'ready', readyBlocker: 'outsideSoftRange' });
    while (run.cycles < 1_000) await run.cycle();
    expect([run.state, run.refused, run.falseStops]).toEqual(['running', [], []]);
  } finally {
    run.dispose();
  }
});
