import { expect, it } from 'vitest';
import { runCase } from '../../../../controller/cli/faults/case-run.ts';
import { CourseRun } from '../../../../controller/cli/faults/course-run.ts';
import { createPlan } from '../../../../controller/cli/faults/plan.ts';
import { degToRad } from '../../../../protocols/units.ts';
import { armSupport, gaitExo } from '../../../sim/support/profile.ts';

const profile = gaitExo();
const plan = createPlan(profile, 110, 1, null);

async function begun(course: number): Promise<CourseRun> {
  const run = await CourseRun.open(plan.courses[course]!, profile, 'course', { row: () => {} });
  await run.prepare();
  run.begin();
  return run;
}

// No ground is under a patient in this robot: his feet hang at −25°, where 69 of 110 cases found it not armed.
it('somebody lifts feet that hang below their range, and holds them until the drives carry them', { timeout: 300_000 }, async () => {
  const run = await begun(0);
  try {
    // Long before: at rest for that second a torque sensor shows its noise, which a stuck one is then told by.
    let restless = 0;
    while (run.cycles < 1_000) {
      await run.cycle();
      const { state, readyBlocker } = run.rig.loop.cycle.output;
      const rests = profile.joints.every((_, j) => Math.abs(run.rig.robot.robot.body.velocityRadPerSec(j)) < 0.005);
      if (state === 'ready' && !(rests && readyBlocker === 'none')) restless++;
    }
    expect(restless).toBe(0);
    expect([run.state, run.refused, run.falseStops]).toEqual(['running', [], []]);
  } finally {
    run.dispose();
  }
});

// The end of a torque sensor's fault took the hand away too: both feet fell 1.4° out of their range from drives that had only begun to carry.
it('the hand stays where it is when a fault is over', { timeout: 300_000 }, async () => {
  const planned = plan.cases[3]!;
  expect([planned.row, planned.mode, planned.faults[0]!.variant.name]).toEqual(['F04', 'arming', 'jointTorque of ankleRight']);
  const run = await begun(planned.course);
  try {
    while (run.cycles < planned.onsetCycle) await run.cycle();
    const { findings, stopMs } = await runCase(run, profile, plan.courses[planned.course]!, planned);
    expect([findings, stopMs! < 500]).toEqual([[], true]);
  } finally {
    run.dispose();
  }
});

it('a session of a robot that only measures counts what its patient does, and each reading that is doubted without a fault', { timeout: 120_000 }, async () => {
  const measuring = armSupport();
  const [course] = createPlan(measuring, 20, 1, null).courses;
  const run = await CourseRun.open(course!, measuring, 'course', { row: () => {} });
  try {
    await run.prepare();
    run.begin();
    while (run.cycles < 1_000) await run.cycle();
    expect([run.state, run.refused, run.falseStops]).toEqual(['ready', [], []]);
    expect(run.strides).toBe(Math.floor(1_000 / course!.strideCycles));
    expect(run.strides).toBeGreaterThan(0);
    // No campaign does this in a session: it stands for a trust that doubts what it should not.
    run.rig.robot.controls.fault({ kind: 'sensor', sensor: 'motorEncoder', joint: 'forearm', how: 'jump', size: degToRad(30) });
    while (run.cycles < 1_100) await run.cycle();
    expect(run.falseStops).toMatchObject([{ cause: 'implausibleInput', joint: 'forearm' }]);
  } finally {
    run.dispose();
  }
});
