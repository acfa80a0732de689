import { describe, expect, test } from 'vitest';
import { planAssessment, stiffnessSpeeds } from '../../../../controller/therapy/assessments/plan.ts';
import { promptAt } from '../../../../controller/therapy/assessments/steps.ts';
import { WalkCourse } from '../../../../controller/therapy/assessments/walk-course.ts';
import { MARK_SHARE, PRESS_SHARE, Procedure } from '../../../../controller/therapy/assessments/procedure.ts';
import { assessmentSetup } from '../../../../controller/cli/lockstep-assessment.ts';
import { jointAssessmentKinds, type JointAssessmentKind } from '../../../../protocols/assessment.ts';
import type { JointProfile, RobotProfile } from '../../../../protocols/profile.ts';
import { degToRad } from '../../../../protocols/units.ts';
import type { SimulatedPatient } from '../../../../sim/body/simulated-patient.ts';
import { armBimanual, armExo, gaitExo, gaitOrthosis } from '../../../sim/support/profile.ts';

const PERIOD_SEC = 0.004;
const person = { bodyMassKg: 75, heightM: 1.8 } as SimulatedPatient;
const planOf = (profile: RobotProfile, kind: JointAssessmentKind, joint: string) => planAssessment(profile, assessmentSetup(profile, person, { kind, joint }))!;

describe.each([gaitOrthosis(), gaitExo(), armExo('left')])('every assessment of every joint of $id', (profile) => {
  test.each(jointAssessmentKinds)('%s: three trials each way, inside the range, below the speed limit', (kind) => {
    profile.joints.forEach((joint, j) => {
      const { steps } = planOf(profile, kind, joint.id);
      const range = joint.softRangeDeg;
      for (const { targetRad, radPerSec } of steps) {
        expect(targetRad <= degToRad(range.min) || targetRad >= degToRad(range.max)).toBe(false);
        expect(radPerSec).toBeLessThanOrEqual(0.8 * degToRad(joint.speedLimitDegPerSec) + 1e-9);
      }
      const measured = steps.filter(({ trial }) => trial >= 0);
      for (const direction of [1, -1]) for (const trial of [0, 1, 2]) expect(measured.some((step) => step.trial === trial && step.direction === direction)).toBe(true);
      expect(planOf(profile, kind, joint.id).joint).toBe(j);
    });
  });
});

test('a training is no assessment', () => {
  const profile = gaitOrthosis();
  expect(planAssessment(profile, null)).toBeNull();
  const { assessment, ...training } = assessmentSetup(profile, person, { kind: 'rom', joint: 'kneeLeft' });
  expect(assessment).toBeDefined();
  expect(planAssessment(profile, training)).toBeNull();
});

test('hips and knees are moved at 30, 60 and 120 degrees per second, the joints of an arm and its light ones more slowly', () => {
  const speedsOf = (joint: JointProfile): number[] => stiffnessSpeeds(joint).map((speed) => Math.round((speed * 180) / Math.PI));
  expect(speedsOf(gaitOrthosis().joints[1]!)).toEqual([30, 60, 120]);
  expect(speedsOf(armExo().joints[3]!)).toEqual([30, 60, 96]);
  expect(speedsOf(armExo().joints[5]!)).toEqual([20, 40, 60]);
});

/** Joints that go where they should, and a person who adds what is asked for. */
class Bench {
  readonly profile = gaitOrthosis();
  readonly plan;
  readonly procedure: Procedure;
  readonly #personNm = new Float64Array(4);

  constructor(kind: JointAssessmentKind) {
    this.plan = planOf(this.profile, kind, 'kneeLeft');
    this.procedure = new Procedure(this.profile, this.plan);
    this.procedure.begin(() => 0.1);
  }

  get kind(): string {
    return this.plan.steps[this.procedure.step]?.kind ?? 'end';
  }

  /** Until the step's kind is this one. @returns the fastest step of the knee's point */
  until(kind: string, personNm: (kneeRad: number) => number = () => 0, jointRad?: number): number {
    let fastest = 0;
    for (let i = 0; i < 100_000 && this.kind !== kind; i++) fastest = Math.max(fastest, this.tick(personNm, jointRad));
    if (this.kind !== kind) throw new Error(`it never came to ${kind}`);
    return fastest;
  }

  tick(personNm: (kneeRad: number) => number = () => 0, jointRad?: number): number {
    const before = this.procedure.points[1]!.positionRad;
    this.#personNm[1] = personNm(before);
    this.procedure.update(this.procedure.points.map(({ positionRad }) => ({ positionRad: jointRad ?? positionRad, velocityRadPerSec: 0 })), this.#personNm, PERIOD_SEC);
    return Math.abs(this.procedure.points[1]!.positionRad - before) / PERIOD_SEC;
  }
}

describe('the procedure', () => {
  test.each(jointAssessmentKinds)('%s goes through all its steps, and no point ever leaps', (kind) => {
    const bench = new Bench(kind);
    expect(bench.until('end')).toBeLessThan(degToRad(125));
    expect(bench.procedure.step).toBe(bench.plan.steps.length);
    expect(promptAt(bench.plan, bench.procedure.step)).toBe('none');
    expect(bench.procedure.expected).toBe(0);
  });

  test('the mark leaves room for what the limb does at rest: both together stay below the interaction limit', () => {
    const bench = new Bench('strength');
    const limitNm = bench.profile.joints[1]!.interactionLimitNm;
    bench.until('push', () => -5);
    expect(bench.procedure.promptNm).toBeCloseTo(MARK_SHARE * limitNm + 5, 1);
    bench.until('relax', () => -5);
    bench.until('push', () => -5);
    expect(bench.procedure.promptNm).toBeCloseTo(-(MARK_SHARE * limitNm - 5), 1);
  });

  test('nobody is asked to push harder than the drive may hold, with the weight on it', () => {
    const { profile, plan } = new Bench('strength');
    const { coulombFrictionNm, interactionLimitNm } = profile.joints[1]!;
    const heldNm = interactionLimitNm / 4;
    const asked: number[] = [];
    const procedure = new Procedure(profile, plan, (joint) => (joint === 1 ? heldNm : 0));
    procedure.begin(() => 0.1);
    for (let i = 0; i < 100_000 && procedure.step < plan.steps.length; i++) {
      procedure.update(procedure.points, new Float64Array(4), PERIOD_SEC, Float64Array.of(0, 3, 0, 0));
      if (procedure.promptNm !== 0 && procedure.promptNm !== asked.at(-1)) asked.push(procedure.promptNm);
    }
    // Pushed upward, what holds the limb against gravity need not be given.
    const [up, down] = [0.9 * (heldNm + coulombFrictionNm + 3), -0.9 * (heldNm + coulombFrictionNm - 3)];
    expect(asked.map((nm) => nm.toFixed(6))).toEqual([up, down, up, down, up, down].map((nm) => nm.toFixed(6)));
  });

  test('a push is wanted, and nothing else of a person is but what is asked for', () => {
    const bench = new Bench('strength');
    bench.until('rest');
    expect([bench.procedure.expected, bench.procedure.free]).toEqual([0, 0]);
    bench.until('push');
    expect([bench.procedure.expected, bench.procedure.free, bench.procedure.freeJoint]).toEqual([1, 1, -1]);
  });

  test('a limb that resists is pressed no further', () => {
    const bench = new Bench('rom');
    const endRad = degToRad(60);
    const resistNm = PRESS_SHARE * bench.profile.joints[1]!.interactionLimitNm;
    bench.until('press');
    let furthest = 0;
    while (bench.kind === 'press') {
      bench.tick((kneeRad) => (kneeRad > endRad ? -1.01 * resistNm : 0));
      furthest = Math.max(furthest, bench.procedure.points[1]!.positionRad);
    }
    // Half of the way that it has at 10 degrees per second in the time of the stop.
    expect(furthest - endRad).toBeGreaterThan(0);
    expect(furthest - endRad).toBeLessThan(degToRad(1));
  });

  test('a joint that was free is held where it is', () => {
    const bench = new Bench('rom');
    bench.until('free');
    expect(bench.procedure.freeJoint).toBe(1);
    bench.until('relax', () => 0, degToRad(55));
    expect(bench.procedure.freeJoint).toBe(-1);
    expect(bench.procedure.points[1]!.positionRad).toBeCloseTo(degToRad(55), 9);
  });
});

describe('reaching', () => {
  const sideOf = { 'arm-exo': 'left', 'arm-bimanual': 'right' } as const;
  test.each([armExo('left'), armBimanual()])('of $id: eight targets three times inside the range, shoulder and elbow of that arm free, the rest held', (profile) => {
    const side = sideOf[profile.id as keyof typeof sideOf];
    const plan = planAssessment(profile, assessmentSetup(profile, person, { kind: 'reach', side }))!;
    const own = profile.joints.filter((joint) => joint.side === side);
    for (const trial of [0, 1, 2]) for (const kind of ['reach', 'explore']) expect(plan.steps.filter((step) => step.kind === kind && step.trial === trial)).toHaveLength(8);
    const angles = plan.steps.flatMap(({ handAtRad = [] }) => own.flatMap(({ softRangeDeg }, k) => handAtRad.slice(k, k + 1).map((rad) => rad > degToRad(softRangeDeg.min) && rad < degToRad(softRangeDeg.max))));
    expect(angles.length).toBeGreaterThan(100);
    expect(angles.every(Boolean)).toBe(true);
    const procedure = new Procedure(profile, plan);
    procedure.begin(() => 0.5);
    const measured = profile.joints.map(() => ({ positionRad: 0.7, velocityRadPerSec: 0 }));
    while (plan.steps[procedure.step]?.kind !== 'reach') procedure.update(measured, new Float64Array(profile.joints.length), 0.05);
    expect(profile.joints.map((_, j) => procedure.isFree(j))).toEqual(profile.joints.map((joint) => joint.side === side && !['forearm', 'wrist'].includes(joint.kind)));
    while (procedure.step < plan.steps.length) procedure.update(measured, new Float64Array(profile.joints.length), 0.05);
    // Held where it went.
    expect(procedure.points[profile.joints.indexOf(own[0]!)]!.positionRad).toBe(0.7);
    expect(profile.joints.some((_, j) => procedure.isFree(j))).toBe(false);
  });
});

test('walking: twelve strides to learn, three times six, and a pause begins anew', () => {
  const plan = planAssessment(gaitOrthosis(), assessmentSetup(gaitOrthosis(), person, { kind: 'walking' }))!;
  const course = new WalkCourse(plan);
  course.look(false, 0, PERIOD_SEC, 0.5);
  expect(course.step).toBe(-1);
  const stepsAt = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => (course.look(true, from + i, PERIOD_SEC, 0.5), course.step));
  // The stride in which it begins is not a whole one.
  expect(stepsAt(3, 3 + 13).every((step) => step === 0)).toBe(true);
  expect(stepsAt(16, 22).every((step) => step === 1)).toBe(true);
  course.look(false, 22, PERIOD_SEC, 0.5);
  expect(course.step).toBe(-1);
  const again = stepsAt(30, 30 + 13 + 18 + 1);
  expect(again[0]).toBe(0);
  expect(again.at(-2)).toBe(3);
  expect(again.at(-1)).toBe(plan.steps.length);
  course.look(false, 70, PERIOD_SEC, 0.5);
  expect(course.step).toBe(plan.steps.length);
});

test('walk tests: six strides to get used to it, then so much of the belt or so much time; a belt that stands counts no metre', () => {
  const planned = (kind: 'walk10m' | 'walk6min') => planAssessment(gaitOrthosis(), assessmentSetup(gaitOrthosis(), person, { kind }))!;
  const secondsOf = (kind: 'walk10m' | 'walk6min', beltMps: number): number[] => {
    const plan = planned(kind);
    const course = new WalkCourse(plan);
    for (let strides = 0; strides <= 7; strides++) course.look(true, strides, PERIOD_SEC, beltMps);
    expect(course.step).toBe(1);
    const seconds: number[] = [];
    for (let i = 0; i < 400 / PERIOD_SEC && course.step < plan.steps.length; i++) {
      seconds[course.step - 1] = (seconds[course.step - 1] ?? 0) + PERIOD_SEC;
      course.look(true, 8, PERIOD_SEC, beltMps);
    }
    return seconds;
  };
  for (const sec of secondsOf('walk10m', 0.5)) expect(sec).toBeCloseTo(20, 1);
  expect(secondsOf('walk10m', 0)).toHaveLength(1);
  expect(secondsOf('walk6min', 0.5)[0]).toBeCloseTo(360, 1);
  expect(planAssessment(gaitExo(), assessmentSetup(gaitExo(), person, { kind: 'walk10m' }))).toBeNull();
});
