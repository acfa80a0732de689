import { expect, it } from 'vitest';
import { Jolt } from '../../../controller/safety/jolt.ts';

const PERIOD_US = 4_000;

const cycle = (jolt: Jolt, latenessUs: number, ...agesUs: number[]): void => jolt.update({ latenessUs, joints: agesUs.map((driveAgeUs) => ({ driveAgeUs })) }, PERIOD_US);

it('is none while cycles come in time, or nearly', () => {
  const jolt = new Jolt(2);
  for (const latenessUs of [0, 3_000, 5_000, Number.NaN, -20_000]) {
    cycle(jolt, latenessUs);
    expect(jolt.share).toBe(0);
  }
});

it('is whole after a cycle that came late, and fades within a fifth of a second', () => {
  const jolt = new Jolt(2);
  cycle(jolt, 5_001);
  expect(jolt.share).toBe(1);
  cycle(jolt, 0);
  expect(jolt.share).toBeCloseTo(0.98, 12);
  for (let n = 1; n < 49; n++) cycle(jolt, 0);
  expect(jolt.share).toBeCloseTo(0.02, 9);
  cycle(jolt, 0);
  cycle(jolt, 0);
  expect(jolt.share).toBe(0);
});

it('is whole again after another one', () => {
  const jolt = new Jolt(2);
  cycle(jolt, 20_000);
  for (let n = 0; n < 20; n++) cycle(jolt, 0);
  cycle(jolt, 10_000);
  expect(jolt.share).toBe(1);
});

it('is whole when a drive is heard again that was out of reach for more than ten milliseconds, in a loop that is in time', () => {
  const jolt = new Jolt(2);
  for (const ageUs of [1_000, 5_000, 9_000, 13_000, 17_000]) {
    cycle(jolt, 0, 1_000, ageUs);
    expect(jolt.share).toBe(0);
  }
  cycle(jolt, 0, 1_000, 2_000);
  expect(jolt.share).toBe(1);
  cycle(jolt, 0, 1_000, 1_000);
  expect(jolt.share).toBeCloseTo(0.98, 12);
});

it('is none of a drive that answers late but steadily, one that stays silent, or one whose age is no number', () => {
  const jolt = new Jolt(2);
  for (const ageUs of [2_000, 10_000, 2_000, 6_000, 10_000, 1_000, Number.NaN, 2_000, 14_000, 50_000, 1e6, Number.POSITIVE_INFINITY]) {
    cycle(jolt, 0, ageUs);
    expect(jolt.share).toBe(0);
  }
});

it('is none of a drive more than the robot has', () => {
  const jolt = new Jolt(2);
  cycle(jolt, 0, 1_000, 1_000, 30_000);
  cycle(jolt, 0, 1_000, 1_000, 1_000);
  expect(jolt.share).toBe(0);
});
