import { describe, expect, test } from 'vitest';
import { kgToNewton } from '../../../protocols/units.ts';
import { VirtualSupport } from '../../../sim/body/support.ts';
import { Body } from '../../../sim/body/body.ts';
import { averagePatient, groundedOrthosis } from '../support/profile.ts';

const profile = groundedOrthosis();
const { harnessNPerM } = profile.geometry.ground!;
const STEP_US = 1_000;
const weightN = 9.81 * averagePatient.bodyMassKg;

/** A patient whose height somebody else decides. */
const hung = () => {
  const support = new VirtualSupport(profile.bodyWeightSupport!);
  const harness = { harnessNPerM: 20_000, harnessNsPerM: 500, pelvisHeightM: 1, pelvisMps: 0 };
  support.harness = harness;
  support.hang(weightN);
  let nowUs = 0;
  const run = (sec: number, unloadingN: number, lock: boolean): void => {
    for (let us = 0; us < sec * 1e6; us += STEP_US) {
      support.take({ unloadingN, lock }, (nowUs += STEP_US));
      support.step(nowUs, STEP_US);
    }
  };
  return { support, harness, run };
};

describe('with its brake closed', () => {
  test('rope and harness are a spring with a damper, which never push', () => {
    const { support, harness, run } = hung();
    run(0.2, 0, true);
    expect(support.unloadingN).toBeCloseTo(weightN, 9);
    harness.pelvisHeightM = 0.99;
    harness.pelvisMps = -0.1;
    expect(support.unloadingN).toBeCloseTo(weightN + 0.01 * 20_000 + 0.1 * 500, 9);
    harness.pelvisHeightM = 1.2;
    expect(support.unloadingN).toBe(0);
  });

  test('it holds him where he was when it closed, with the force that he then had', () => {
    const { support, harness, run } = hung();
    run(9, kgToNewton(30), false);
    expect(support.unloadingN).toBeCloseTo(kgToNewton(30), 6);
    harness.pelvisHeightM = 0.94;
    run(0.5, kgToNewton(30), true);
    expect(support.locked).toBe(true);
    expect(support.unloadingN).toBeCloseTo(kgToNewton(30), 6);
    harness.pelvisHeightM = 0.93;
    expect(support.unloadingN).toBeCloseTo(kgToNewton(30) + 200, 6);
  });
});

test('with its brake open it gives its force wherever he goes, taken over from what the brake held', () => {
  const { support, harness, run } = hung();
  harness.pelvisHeightM = 0.99;
  run(0.001, kgToNewton(30), false);
  const { rateKgPerSec } = profile.bodyWeightSupport!;
  expect(support.unloadingN).toBeCloseTo(weightN + 200 - 1.2 * kgToNewton(rateKgPerSec) * 1e-3, 6);
  harness.pelvisHeightM = 0.9;
  harness.pelvisMps = -0.5;
  run(12, kgToNewton(30), false);
  expect(support.unloadingN).toBeCloseTo(kgToNewton(30), 6);
});

test('a rope that slips loses its force for good, and not a second time when the fault is lifted under a closed brake', () => {
  const { support, harness, run } = hung();
  run(9, kgToNewton(30), false);
  support.drop(200);
  run(0.1, kgToNewton(30), false);
  expect(support.unloadingN).toBeCloseTo(kgToNewton(30) - 200, 6);
  run(0.2, kgToNewton(30), true);
  harness.pelvisHeightM -= 0.02;
  expect(support.unloadingN).toBeCloseTo(kgToNewton(30) - 200 + 400, 6);
  support.clearFaults();
  expect(support.unloadingN).toBeCloseTo(kgToNewton(30) - 200 + 400, 6);
});

test('a patient who hangs by the closed brake swings up and down with the period of his mass on that spring', async () => {
  const body = await Body.create(profile, averagePatient);
  const { ground } = body;
  if (ground === null) throw new Error('needs ground');
  // The legs are held fast, so that all of them moves as one mass.
  body.setBrakes(true);
  profile.joints.forEach((_, joint) => body.setBlocked(joint, true));
  const support = new VirtualSupport(profile.bodyWeightSupport!);
  support.harness = { harnessNPerM, harnessNsPerM: 0, get pelvisHeightM() { return ground.pelvisHeightM; }, pelvisMps: 0 };
  support.hang(weightN + 150);
  const upwardMs: number[] = [];
  let before = 0;
  for (let ms = 0; ms < 3_000; ms++) {
    ground.ropeN = support.unloadingN;
    body.step();
    if (before <= 0 && ground.pelvisMps > 0) upwardMs.push(ms);
    before = ground.pelvisMps;
  }
  const periodSec = (upwardMs.at(-1)! - upwardMs[0]!) / (upwardMs.length - 1) / 1_000;
  const { orthosisThigh, orthosisShank } = profile.geometry;
  const massKg = averagePatient.bodyMassKg + 2 * (orthosisThigh.massKg + orthosisShank.massKg);
  expect(upwardMs.length).toBeGreaterThan(5);
  expect(periodSec / (2 * Math.PI * Math.sqrt(massKg / harnessNPerM))).toBeCloseTo(1, 1.5);
  body.dispose();
});
