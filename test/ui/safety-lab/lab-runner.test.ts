import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { LabRunner } from '../../../ui/safety-lab/lab-runner.ts';

const profile = parseProfile(readFileSync('hal/profiles/gait-orthosis.json', 'utf8'), 'gait-orthosis.json');
const create = (): LabRunner => new LabRunner(profile, profile.joints[1]!);
const cyclesOf = (runner: LabRunner): number => runner.lab.view().cycle;

function frames(runner: LabRunner, count: number, everyMs: number): void {
  for (let frame = 0; frame <= count; frame++) runner.frame(1_000 + frame * everyMs);
}

it("runs at the profile's rate whatever the screen's rate is", () => {
  for (const everyMs of [7, 16.7, 40]) {
    const runner = create();
    const before = cyclesOf(runner);
    frames(runner, Math.round(2_000 / everyMs), everyMs);
    expect(Math.abs(cyclesOf(runner) - before - 2 * profile.controlRateHz)).toBeLessThan(6);
  }
});

it('does not catch up after the page was hidden', () => {
  const runner = create();
  frames(runner, 1, 10);
  const before = cyclesOf(runner);
  runner.frame(3_600_000);
  expect(cyclesOf(runner) - before).toBeLessThanOrEqual(0.1 * profile.controlRateHz + 1);
});

it('stands while it is halted, and goes one cycle per step', () => {
  const runner = create();
  const before = cyclesOf(runner);
  runner.step();
  runner.step();
  frames(runner, 10, 16);
  expect(runner.running.value).toBe(false);
  expect(cyclesOf(runner)).toBe(before + 2);
  expect(runner.view.value.cycle).toBe(before + 2);
});

it('hands a press to exactly one cycle, at once when it is halted', () => {
  const runner = create();
  runner.step();
  runner.press('stop');
  expect(runner.view.value).toMatchObject({ state: 'stopped', cause: 'operatorStop' });
  runner.press('acknowledge');
  expect(runner.view.value).toMatchObject({ state: 'stopping', action: 'none' });
});

it('begins each preset with a fresh joint', () => {
  const runner = create();
  runner.press('stop');
  runner.choose('estop');
  expect(runner.view.value).toMatchObject({ state: 'running', action: 'none' });
  runner.step();
  expect(runner.view.value).toMatchObject({ state: 'emergency', cause: 'estopOpen', energised: false });
});
