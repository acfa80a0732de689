import { expect, it } from 'vitest';
import { StopMeter } from '../../../controller/safety/stop-meter.ts';

const PERIOD_US = 4_000;
const meterOf = (meter: StopMeter) => (stopping: boolean, resting: boolean, ...seenRad: number[]) => meter.measure(stopping, Float64Array.from(seenRad), resting, PERIOD_US);

it('nothing is finished before the first stop', () => {
  const meter = new StopMeter(1);
  meterOf(meter)(false, true, 0.3);
  expect(meter).toMatchObject({ finished: false, atRest: false, timeUs: 0 });
});

it('a stop ends when all joints have rested for 100 ms, and took until the rest began', () => {
  const meter = new StopMeter(2);
  const see = meterOf(meter);
  see(false, false, 1, 2);
  for (let i = 1; i <= 10; i++) see(true, false, 1 + i / 100, 2 - i / 50);
  for (let i = 0; i < 24; i++) see(true, true, 1.08, 1.8);
  expect(meter.finished).toBe(false);
  see(true, true, 1.08, 1.8);
  expect(meter).toMatchObject({ finished: true, atRest: true, timeUs: 40_000 });
  expect(meter.distanceRad[0]).toBeCloseTo(0.1, 9);
  expect(meter.distanceRad[1]).toBeCloseTo(0.2, 9);
});

it('a stop is measured even when nothing was looked at before it', () => {
  const meter = new StopMeter(1);
  const see = meterOf(meter);
  for (let i = 0; i < 25; i++) see(true, true, 0);
  expect(meter).toMatchObject({ finished: true, atRest: true, timeUs: 0 });
});

it('a rest that is broken begins anew', () => {
  const meter = new StopMeter(1);
  const see = meterOf(meter);
  see(false, true, 0);
  for (let i = 0; i < 20; i++) see(true, true, 0);
  see(true, false, 0);
  for (let i = 0; i < 24; i++) see(true, true, 0);
  expect(meter.finished).toBe(false);
  see(true, true, 0);
  expect(meter).toMatchObject({ finished: true, timeUs: 84_000 });
});

it('goes on when the stop is acknowledged before the rest, keeps its result, and the next stop is measured from where it finds the joints', () => {
  const meter = new StopMeter(1);
  const see = meterOf(meter);
  see(false, false, 0);
  see(true, false, 0.1);
  for (let i = 0; i < 25; i++) see(false, true, 0.1);
  expect(meter).toMatchObject({ finished: true, timeUs: 4_000 });
  see(false, false, 0.7);
  expect(meter).toMatchObject({ finished: true, timeUs: 4_000 });
  see(true, false, 0.7);
  expect(meter).toMatchObject({ finished: false, atRest: false });
  for (let i = 0; i < 25; i++) see(true, true, 0.75);
  expect(meter).toMatchObject({ finished: true, timeUs: 4_000 });
  expect(meter.distanceRad[0]).toBeCloseTo(0.05, 9);
});

it('a joint that never rests is given up after three seconds, and one that was not seen has no distance', () => {
  const meter = new StopMeter(2);
  const see = meterOf(meter);
  see(false, false, 0, Number.NaN);
  for (let i = 0; i < 749; i++) see(true, false, i, 1);
  expect(meter.finished).toBe(false);
  see(true, false, 5, 1);
  expect(meter).toMatchObject({ finished: true, atRest: false, timeUs: 3_000_000 });
  expect([...meter.distanceRad]).toEqual([748, Number.NaN]);
});

it('a joint that is not seen for a while keeps its distance', () => {
  const meter = new StopMeter(1);
  const see = meterOf(meter);
  see(false, false, 0);
  see(true, false, 0.4);
  see(true, false, Number.NaN);
  see(true, false, 0.2);
  expect(meter.distanceRad[0]).toBe(0.4);
});

it('a joint that is left out is not seen', () => {
  const meter = new StopMeter(2);
  const see = meterOf(meter);
  see(false, false, 0);
  see(true, false, 0.4);
  expect([...meter.distanceRad]).toEqual([0.4, Number.NaN]);
});
