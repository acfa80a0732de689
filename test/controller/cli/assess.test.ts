/** Assessments against what the simulated patient really did. Arms, and each joint with each patient, take too long for here: `docs/assessments.md` has their numbers and the command. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { assessCommand } from '../../../controller/cli/assess.ts';
import { parseCommandArguments } from '../../../controller/cli/arguments.ts';
import { assessmentSetup, runAssessment, type AssessmentOutcome } from '../../../controller/cli/lockstep-assessment.ts';
import { loadPatient } from '../../../controller/cli/patients.ts';
import { evaluateAssessment } from '../../../controller/metrics/assessments/evaluate.ts';
import { createSessionSummary } from '../../../controller/metrics/session-summary.ts';
import { createMeasurement } from '../../../controller/metrics/assessments/measurement.ts';
import { AssessmentRecord } from '../../../controller/metrics/assessments/record.ts';
import { createRobotStep } from '../../../controller/robot/robot-step.ts';
import { planAssessment } from '../../../controller/therapy/assessments/plan.ts';
import { readCycleRow, writeCycleRow } from '../../../protocols/cycle-row.ts';
import { cycleLayout, emptyInputs, emptyIntent } from '../../../protocols/session-log.ts';
import { assessmentOutcomeSchema } from '../../../protocols/assessment-outcome.ts';
import type { JointAssessmentKind } from '../../../protocols/assessment.ts';
import type { GaitProfile, RobotProfile } from '../../../protocols/profile.ts';
import { armSupport, gaitOrthosis } from '../../sim/support/profile.ts';

const LONG_MS = 120_000;
const fileOf = (patient: string): string => path.resolve(`sim/patients/${patient}.json`);
const robot = ['--robot', path.resolve('hal/profiles/gait-orthosis.json'), '--patient', fileOf('passive')];

function assess(profile: RobotProfile, name: string, kind: JointAssessmentKind, joint: string, own = {}): Promise<AssessmentOutcome> {
  const { patient } = loadPatient(fileOf(name), profile);
  return runAssessment({ profile, patient: { ...patient, ...own }, order: { kind, joint }, seed: 1 });
}

const found = ({ results }: AssessmentOutcome, name: string, direction: string) => results.find((result) => result.name === name && result.direction === direction)!;

const told = ({ direction, value, uncertainty, trials }: Pick<AssessmentOutcome['results'][number], 'direction' | 'value' | 'uncertainty' | 'trials'>) => ({ direction, value, uncertainty, trials });

/** The belt goes as fast as it may from the start. */
const withFastWalk = (profile: GaitProfile): GaitProfile => ({ ...profile, therapy: { ...profile.therapy, speedKmh: { ...profile.therapy.speedKmh, initial: profile.therapy.speedKmh.max } } });

/** @param endedByMark whether flexion and extension ended at the mark up to which a patient is asked to push */
function expectStrengthAsItIs(outcome: AssessmentOutcome, endedByMark: readonly [boolean, boolean]): void {
  (['flexion', 'extension'] as const).forEach((direction, i) => {
    const { value, truth, trials, atLeast, uncertainty } = found(outcome, 'isometric_strength', direction);
    expect(trials).toHaveLength(3);
    expect(Math.abs(value! / truth! - 1)).toBeLessThan(0.05);
    expect(uncertainty).toBeGreaterThan(0);
    expect(atLeast).toBe(endedByMark[i]);
  });
}

describe('stiffness is told within 5 % of the truth', () => {
  test('kneeLeft of the patient spastic-3', { timeout: LONG_MS }, async () => {
    const outcome = await assess(gaitOrthosis(), 'spastic-3', 'stiffness', 'kneeLeft');
    expect(outcome.complete).toBe(true);
    for (const direction of ['flexion', 'extension']) {
      const { value, truth, beside, rejected } = found(outcome, 'passive_stiffness', direction);
      expect(rejected).toBeNull();
      expect(Math.abs(value! / truth! - 1)).toBeLessThan(0.05);
      expect(beside['r_squared']).toBeGreaterThan(0.9);
    }
  });

  test('who cannot let go is not called stiff', { timeout: LONG_MS }, async () => {
    const outcome = await assess(gaitOrthosis(), 'active', 'stiffness', 'kneeRight', { relaxes: false });
    const results = ['flexion', 'extension'].map((direction) => found(outcome, 'passive_stiffness', direction));
    for (const { value, rejected } of results) expect([value, rejected?.reason]).toEqual([null, 'notRelaxed']);
  });
});

describe('range of motion is told within half a degree at the robot and three at the limb', () => {
  test('hipRight of the patient stroke-right', { timeout: LONG_MS }, async () => {
    const outcome = await assess(gaitOrthosis(), 'stroke-right', 'rom', 'hipRight');
    expect(outcome.complete).toBe(true);
    for (const manner of ['passive', 'active'])
      for (const direction of ['flexion', 'extension']) {
        const [robot, limb] = ['joint', 'limb'].map((part) => found(outcome, `rom_${manner}_${part}`, direction));
        expect(robot!.trials).toHaveLength(3);
        expect(Math.abs(robot!.value! - robot!.truth!)).toBeLessThan(0.5);
        expect(Math.abs(limb!.value! - limb!.truth!)).toBeLessThan(3);
      }
    // A hip that is stretched backward resists before the robot's own end.
    expect(found(outcome, 'rom_passive_joint', 'extension').atLeast).toBe(false);
  });
});

test('strength is told within 5 % of the truth; its log replays bit for bit, and evaluated anew it tells the same, which the station keeps with its trials, uncertainty and source', { timeout: LONG_MS }, async () => {
  const profile = gaitOrthosis();
  const { patient } = loadPatient(fileOf('weak-80'), profile);
  const order = { kind: 'strength', joint: 'kneeLeft' } as const;
  const rows: Float64Array[] = [];
  const width = cycleLayout(profile.joints.length, profile.links.length).width;
  const outcome = await runAssessment({ profile, patient, order, seed: 7, sink: { row: (row, start) => void rows.push(row.slice(start, start + width)) } });
  expect(outcome).toMatchObject({ complete: true, interruptedBy: null });
  expectStrengthAsItIs(outcome, [false, true]);
  const setup = assessmentSetup(profile, patient, order);
  const step = createRobotStep(profile, setup, 'none');
  const record = new AssessmentRecord(profile, setup, planAssessment(profile, setup)!);
  const [inputs, intent] = [emptyInputs(profile.joints.length, profile.links.length), emptyIntent(profile.joints.length)];
  const summary = createSessionSummary(profile, setup);
  const replayed = new Float64Array(width);
  let differing = 0;
  for (const row of rows) {
    record.row(row, 0);
    summary.row(row, 0);
    readCycleRow(row, 0, inputs, intent);
    writeCycleRow(replayed, 0, inputs, intent, step.step(inputs, intent));
    if (!row.every((value, i) => Object.is(value, replayed[i]))) differing++;
  }
  expect(rows.length).toBeGreaterThan(10_000);
  expect(differing).toBe(0);
  expect(evaluateAssessment(profile, record).map(({ value }) => value)).toEqual(outcome.results.map(({ value }) => value));
  const kept = assessmentOutcomeSchema.parse(JSON.parse(JSON.stringify(summary.result().metrics.assessment)));
  expect(kept).toMatchObject({ kind: 'strength', joint: 'kneeLeft', complete: true, interruptedBy: null });
  expect(kept.results.map(told)).toEqual(outcome.results.map(told));
  expect(kept.results[0]?.value).toBeGreaterThan(1);
  expect(kept.results[0]?.source).toContain('J NeuroEng Rehabil');
  const half = createMeasurement(profile, setup, planAssessment(profile, setup)!);
  for (const row of rows.slice(0, rows.length / 2)) half.row(row, 0);
  for (const result of half.results()) expect(result).toMatchObject({ value: null, interruptedBy: 'recordEnded' });
});

test('walking: what the robot still gives is told within 5 % of the truth over the whole cycle, with who does the work', { timeout: LONG_MS }, async () => {
  const profile = gaitOrthosis();
  const { results, complete } = await runAssessment({ profile, patient: loadPatient(fileOf('stroke-right'), profile).patient, order: { kind: 'walking' }, seed: 1 });
  expect(complete).toBe(true);
  const of = (name: string, joint: string) => results.find((result) => result.name === name && result.joint === joint)!;
  for (const { id } of profile.joints) {
    const { value, truth, curve, trials } = of('walking_assistance', id);
    expect(trials).toHaveLength(3);
    expect(Math.abs(value! / truth! - 1)).toBeLessThan(0.05);
    expect(curve).toHaveLength(51);
  }
  // His stiff right knee has to be driven, which his left one has not.
  expect(of('walking_work', 'kneeRight').value).toBeGreaterThan(5 + of('walking_work', 'kneeLeft').value!);
  expect(of('walking_work', 'hipLeft').value).toBeLessThan(0);
});

test('ten metres of the belt are timed as the belt really went; six minutes that are ended early tell no distance', { timeout: LONG_MS }, async () => {
  const profile = withFastWalk(gaitOrthosis());
  const { patient } = loadPatient(fileOf('weak-50'), profile);
  const ten = await runAssessment({ profile, patient, order: { kind: 'walk10m' }, seed: 1 });
  expect(ten).toMatchObject({ complete: true, interruptedBy: null });
  for (const { value, truth, trials } of ten.results) {
    expect(trials).toHaveLength(3);
    expect(Math.abs(value! / truth! - 1)).toBeLessThan(0.001);
  }
  const six = await runAssessment({ profile, patient, order: { kind: 'walk6min' }, seed: 1, stopAtSec: 25 });
  expect(six).toMatchObject({ complete: false, interruptedBy: 'operatorStop' });
  const [distance] = six.results;
  expect(distance).toMatchObject({ value: null, rejected: { reason: 'endedEarly' } });
  expect(distance!.beside['walked_m']).toBeGreaterThan(5);
});

describe('an assessment that is broken off', () => {
  test('by a spasm: the checks stand, whatever is asked of the person, and nothing is told of too few trials', { timeout: LONG_MS }, async () => {
    const outcome = await assess(gaitOrthosis(), 'spasm-at-12s', 'strength', 'kneeRight');
    expect(outcome.complete).toBe(false);
    expect(['interactionTooStrong', 'spasm']).toContain(outcome.interruptedBy);
    for (const { value, rejected } of outcome.results) expect([value, rejected?.reason]).toEqual([null, 'tooFewTrials']);
  });

  test.each([
    ['the patient himself', gaitOrthosis(), { kind: 'strength', joint: 'kneeLeft' }, { buttonAtSec: 3 }, 'patientButton'],
    ['a stop, of a robot that only measures', armSupport(), { kind: 'reach', side: 'right' }, { stopAtSec: 3 }, 'operatorStop'],
  ] as const)('by %s: every result says so', { timeout: LONG_MS }, async (_, profile, order, when, cause) => {
    const outcome = await runAssessment({ profile, patient: loadPatient(fileOf('passive'), profile).patient, order, seed: 1, ...when });
    expect(outcome).toMatchObject({ complete: false, interruptedBy: cause });
    expect(outcome.durationSec).toBeLessThan(3.2);
    for (const result of outcome.results) expect(result).toMatchObject({ value: null, interruptedBy: cause, rejected: { reason: 'tooFewTrials' } });
  });

  test('by a stop: the command says so, names the reason and exits with 1', { timeout: LONG_MS }, async () => {
    const written: string[] = [];
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    const words = [...robot, '--joint', 'kneeLeft', '--assessment', 'rom', '--stop-at', '3', '--json'];
    try {
      expect(await assessCommand.run(parseCommandArguments(assessCommand, words))).toBe(1);
    } finally {
      write.mockRestore();
    }
    const [assessment] = (JSON.parse(written.join('')) as { assessments: Record<string, unknown>[] }).assessments;
    expect(assessment).toMatchObject({ kind: 'rom', joint: 'kneeLeft', complete: false, interruptedBy: 'operatorStop' });
  });
});

describe('what makes no sense is refused, naming what there is', () => {
  test.each([
    ['heightM', 1800, /"?heightM"?.*must be 0\.8 to 2\.3 m/s],
    ['heigthM', 1.8, /heigthM/],
  ])('a patient file with %s %d', async (key, value, message) => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'dari-patient-')), 'patient.json');
    fs.writeFileSync(file, JSON.stringify({ ...(JSON.parse(fs.readFileSync(fileOf('passive'), 'utf8')) as object), [key]: value }, null, 2));
    const words = [...robot.slice(0, 2), '--patient', file];
    await expect((async () => assessCommand.run(parseCommandArguments(assessCommand, words)))()).rejects.toThrow(message);
    fs.rmSync(path.dirname(file), { recursive: true });
  });

  const robotOf = (profile: string): string[] => ['--robot', path.resolve(`hal/profiles/${profile}.json`)];
  test.each([
    [['--joint', 'elbow'], /no such joint as "elbow"\. It has hipLeft/],
    [['--assessment', 'force'], /no assessment called "force"\. Choose strength/],
    [['--side', 'top'], /"top" is no side/],
    [['--assessment', 'reach'], /gait-orthosis cannot assess reach\. Choose strength, stiffness, rom, walking/],
    [['--assessment', 'walking', '--joint', 'kneeLeft'], /walking is not of one joint\. Leave --joint out/],
    [[...robotOf('arm-support'), '--assessment', 'strength'], /arm-support cannot assess strength\. Choose reach/],
    [[...robotOf('arm-exo'), '--side', 'left'], /arm-exo has no left side\. Choose right/],
    [robotOf('gait-endeffector'), /leads the feet by plates and assesses nothing\. Choose a robot/],
  ])('%j', async (words, message) => {
    await expect((async () => assessCommand.run(parseCommandArguments(assessCommand, [...robot, ...words])))()).rejects.toThrow(message);
  });
});
