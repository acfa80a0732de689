import { expect, it } from 'vitest';
import { LabRunner } from '../../../ui/safety-lab/lab-runner.ts';
import { gaitOrthosis } from '../../sim/support/profile.ts';

const profile = gaitOrthosis();
/** The left knee, of a robot that walks. */
function create(): LabRunner {
  const runner = new LabRunner(profile, 1);
  runner.lab.bringUp();
  return runner;
}

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

it('brings a fresh robot to its walk before it shows a preset, a little in each frame', () => {
  const runner = create();
  runner.press('stop');
  runner.choose('estop');
  expect(runner.inputs.value.estopClosed).toBe(true);
  let framesNeeded = 0;
  for (; runner.inputs.value.estopClosed; framesNeeded++) runner.frame(5_000 + framesNeeded * 16);
  expect(framesNeeded).toBeGreaterThan(10);
  expect(runner.lab.view()).toMatchObject({ state: 'running', action: 'none' });
  runner.step();
  expect(runner.view.value).toMatchObject({ state: 'emergency', cause: 'estopOpen', energised: false });
});

it('takes a cycle by hand from a fresh robot as well', () => {
  const runner = new LabRunner(profile, 1);
  runner.choose('encoderStuck');
  runner.step();
  expect(runner.view.value.state).toBe('running');
  expect(runner.inputs.value.encoderPositionDeg).not.toBeNull();
});
