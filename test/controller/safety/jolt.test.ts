import { expect, it } from 'vitest';
import { Jolt } from '../../../controller/safety/jolt.ts';

const PERIOD_US = 4_000;

it('is none while cycles come in time, or nearly', () => {
  const jolt = new Jolt();
  for (const latenessUs of [0, 3_000, 5_000, Number.NaN, -20_000]) {
    jolt.update(latenessUs, PERIOD_US);
    expect(jolt.share).toBe(0);
  }
});

it('is whole after a cycle that came late, and fades within a fifth of a second', () => {
  const jolt = new Jolt();
  jolt.update(5_001, PERIOD_US);
  expect(jolt.share).toBe(1);
  jolt.update(0, PERIOD_US);
  expect(jolt.share).toBeCloseTo(0.98, 12);
  for (let n = 1; n < 49; n++) jolt.update(0, PERIOD_US);
  expect(jolt.share).toBeCloseTo(0.02, 9);
  jolt.update(0, PERIOD_US);
  jolt.update(0, PERIOD_US);
  expect(jolt.share).toBe(0);
});

it('is whole again after another one', () => {
  const jolt = new Jolt();
  jolt.update(20_000, PERIOD_US);
  for (let n = 0; n < 20; n++) jolt.update(0, PERIOD_US);
  jolt.update(10_000, PERIOD_US);
  expect(jolt.share).toBe(1);
});
