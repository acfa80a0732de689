/**
 * One process of a campaign: runs the sessions that it is given one after the other, and a copy of itself for each case.
 * It talks with plain system calls, because its copies must not touch the event loop: its tasks come in as
 * lines, results go out as lines of JSON.
 */
import { readSync, writeSync } from 'node:fs';
import { systemClock } from '../../../hal/clock.ts';
import { createRandom } from '../../../protocols/random.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { US_PER_S } from '../../../protocols/units.ts';
import { createLockstepRobot } from '../../../sim/lockstep.ts';
import { loadProfile, THREE_BUSES } from '../profiles.ts';
import { isInMode, runCase } from './case-run.ts';
import { CourseRun } from './course-run.ts';
import type { Course } from './course.ts';
import { Forker } from './fork.ts';
import { createJudge } from './create-judge.ts';
import type { Bench, Variant } from './lockstep/fault.ts';
import { createPlan, MUTATIONS_PER_PORTION, type Case, type Plan } from './plan.ts';
import { tryMutations } from './profile-mutations.ts';
import type { CourseReport, WorkerLine, WorkerOrder } from './worker-lines.ts';

const [STDIN, STDOUT] = [0, 1];
const LINE_BYTES = 4_096;
const ENGINE_SEC = 2;
/** Before the first onset. */
const WARM_CYCLES = 100;

async function work(): Promise<void> {
  const order = JSON.parse(readLine()) as WorkerOrder;
  const { profile } = loadProfile(order.profilePath);
  const plan = createPlan(profile, order.cases, order.seed, order.only);
  const profiles = [profile, loadProfile(THREE_BUSES).profile];
  const forker = new Forker();
  for (let line = readLine(); line !== ''; line = readLine()) {
    const [task, first = 0, second = 0] = line.split(' ').map((word, i) => (i === 0 ? word : Number(word)));
    const course = plan.courses[Number(first)];
    if (task === 'engine') tell({ type: 'engine', timesRealTime: await bareEngine(profile) });
    else if (task === 'profiles') tell({ type: 'profiles', ...tryMutations(profiles, order.seed, Number(first) * MUTATIONS_PER_PORTION, Number(second)) });
    else if (course !== undefined) tell({ type: 'course', ...(await runCourse(course, plan, profile, forker)) });
  }
}

async function runCourse(course: Course, plan: Plan, profile: RobotProfile, forker: Forker): Promise<CourseReport> {
  const lostBefore = forker.lost;
  const cases = plan.cases.filter((planned) => planned.course === course.index).toSorted((a, b) => a.onsetCycle - b.onsetCycle || a.index - b.index);
  const run = await CourseRun.open(course, profile, `campaign-${plan.seed}-${course.index}`, { row: () => {} });
  try {
    await run.prepare();
    run.begin();
    await warmUp(run, profile, course);
    let next = 0;
    while (run.cycles < course.cycles) {
      for (let planned = cases[next]; planned !== undefined && planned.onsetCycle <= run.cycles; planned = cases[++next]) await fork(planned, run, course, forker);
      await run.cycle();
    }
    return { course: course.index, patient: course.patient, strides: run.strides, falseStops: run.falseStops, refused: run.refused, simulatedSec: run.rig.nowUs / US_PER_S, copiesLost: forker.lost - lostBefore };
  } finally {
    run.dispose();
  }

  async function fork(planned: Case, session: CourseRun, { patient }: Course, copies: Forker): Promise<void> {
    if (!isInMode(session.rig, planned.mode)) {
      tell({ type: 'skipped', case: planned.index, state: session.state, patient });
      return;
    }
    await copies.run(async () => tell({ type: 'case', ...(await runCase(session, profile, course, planned)) }));
  }
}

/** Each copy would compile the judge anew, and run it slowly until then; so it looks at the session's first moments too. */
async function warmUp(run: CourseRun, profile: RobotProfile, course: Course): Promise<void> {
  const variant: Variant = { name: 'nothing', riskClass: 'A', wanted: 'none', withinMs: 0, inject: () => {} };
  const oracle = createJudge(run, profile, course, [{ variant, onsetUs: run.rig.nowUs }], { variant, onsetUs: run.rig.nowUs, timed: true }, false);
  const bench: Bench = { profile, rig: run.rig, random: createRandom(course.seed), breach: () => {} };
  run.rig.onMoved = () => oracle.moved();
  while (run.cycles < WARM_CYCLES) {
    oracle.beforeCycle(bench);
    await run.cycle();
    oracle.afterCycle(run.rig.nowUs);
  }
  run.rig.onMoved = run.watchMoved;
}

/** The physics alone, of the same model, as a multiple of real time. */
async function bareEngine(profile: RobotProfile): Promise<number> {
  const simulated = await createLockstepRobot({ profile, seed: 1, bodyMassKg: 75, heightM: 1.8 });
  const { body } = simulated.robot;
  const steps = ENGINE_SEC * 1_000;
  for (let i = 0; i < steps; i++) body.step();
  const startUs = systemClock.nowUs();
  for (let i = 0; i < steps; i++) body.step();
  const tookUs = systemClock.nowUs() - startUs;
  simulated.dispose();
  return (ENGINE_SEC * US_PER_S) / tookUs;
}

const tell = (line: WorkerLine): void => {
  const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
  for (let sent = 0; sent < bytes.length; ) sent += writeSync(STDOUT, bytes, sent);
};

const input = Buffer.alloc(LINE_BYTES);
let waiting = '';

/** @returns '' at the end */
function readLine(): string {
  for (;;) {
    const end = waiting.indexOf('\n');
    if (end >= 0) {
      const line = waiting.slice(0, end);
      waiting = waiting.slice(end + 1);
      return line;
    }
    const read = readSync(STDIN, input, 0, LINE_BYTES, null);
    if (read === 0) return '';
    waiting += input.toString('utf8', 0, read);
  }
}

void work();
