import { expect, it } from 'vitest';
import { GaitClock } from '../../../controller/therapy/gait-clock.ts';
import { cadenceStepsPerMin, stepLengthM } from '../../../controller/therapy/gait-reference.ts';

const SPEED = 0.5;

it('a minute of walking has as many steps as the cadence says, in turn, and covers the distance of the speed', () => {
  const clock = new GaitClock();
  for (let i = 0; i < 60 * 250; i++) {
    clock.advance(SPEED, 1 / 250, true);
    expect(Math.abs(clock.stepsLeft - clock.stepsRight)).toBeLessThanOrEqual(1);
  }
  expect(clock.stepsLeft + clock.stepsRight).toBe(Math.floor(cadenceStepsPerMin(SPEED)));
  expect(clock.distanceM).toBeCloseTo((clock.stepsLeft + clock.stepsRight) * stepLengthM(SPEED), 9);
  expect(Math.abs(clock.distanceM - SPEED * 60)).toBeLessThan(stepLengthM(SPEED));
});

it('the left heel strikes at phase 0, the right one at a half', () => {
  const clock = new GaitClock();
  const cycleSec = 120 / cadenceStepsPerMin(SPEED);
  clock.advance(SPEED, 0.49 * cycleSec, true);
  expect([clock.stepsLeft, clock.stepsRight]).toEqual([0, 0]);
  clock.advance(SPEED, 0.02 * cycleSec, true);
  expect([clock.stepsLeft, clock.stepsRight]).toEqual([0, 1]);
  clock.advance(SPEED, 0.5 * cycleSec, true);
  expect([clock.stepsLeft, clock.stepsRight]).toEqual([1, 1]);
  expect(clock.phase).toBeCloseTo(0.01, 9);
});

it('a pattern on a belt steps as often as its own step length asks, and still covers the distance of the speed', () => {
  const clock = new GaitClock();
  clock.stepM = 0.55;
  for (let i = 0; i < 60 * 250; i++) clock.advance(SPEED, 1 / 250, true);
  expect(clock.cyclesPerSec).toBeCloseTo(SPEED / (2 * 0.55), 12);
  expect(clock.distanceM).toBeCloseTo((clock.stepsLeft + clock.stepsRight) * 0.55, 9);
});

it.each([0.01, 0, -0.2])('a pattern whose step of %f m is too short for a speed does not race', (stepM) => {
  const clock = new GaitClock();
  clock.stepM = stepM;
  clock.advance(SPEED, 1 / 250, true);
  expect(clock.cyclesPerSec).toBeCloseTo((1.15 * cadenceStepsPerMin(SPEED)) / 120, 12);
});

it('nothing is counted while the pattern is small, and the phase waits while it rests', () => {
  const clock = new GaitClock();
  for (let i = 0; i < 1000; i++) clock.advance(SPEED, 1 / 250, false);
  expect([clock.stepsLeft, clock.stepsRight, clock.distanceM]).toEqual([0, 0, 0]);
  const { phase } = clock;
  clock.rest();
  expect([clock.phase, clock.cyclesPerSec]).toEqual([phase, 0]);
});
