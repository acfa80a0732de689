import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../protocols/random.ts';
import { STEP_US } from '../../../sim/drives/device.ts';
import { Drift } from '../../../sim/faults/drift.ts';
import { Flip } from '../../../sim/faults/flip.ts';
import { Invalid } from '../../../sim/faults/invalid.ts';
import { Jump } from '../../../sim/faults/jump.ts';
import { Noise } from '../../../sim/faults/noise.ts';
import { Offset } from '../../../sim/faults/offset.ts';
import { Push } from '../../../sim/faults/push.ts';
import { Sensor, type SensorFault } from '../../../sim/faults/sensor.ts';
import { Stuck } from '../../../sim/faults/stuck.ts';

const ONSET_US = 10_000;

function sensorWith(...faults: SensorFault[]): { sensor: Sensor; at: (us: number) => Sensor } {
  let nowUs = ONSET_US;
  const sensor = new Sensor(() => nowUs);
  for (const fault of faults) sensor.add(fault);
  return {
    sensor,
    at: (us) => {
      nowUs = us;
      return sensor;
    },
  };
}

describe('what a drive makes of its encoder', () => {
  test('nothing else while nothing is wrong', () => {
    const { sensor } = sensorWith();
    expect([sensor.value(0.3), sensor.rate(1.2), sensor.usable]).toEqual([0.3, 1.2, true]);
  });

  test('a jump is one step of the speed that it takes, then only a place', () => {
    const { at } = sensorWith(new Jump(0.2, ONSET_US));
    expect(at(ONSET_US).rate(1)).toBeCloseTo(201, 9);
    expect(at(ONSET_US + STEP_US).rate(1)).toBe(1);
    expect(at(ONSET_US + STEP_US).value(0.1)).toBeCloseTo(0.3, 12);
  });

  test('a drift is a speed, an offset is none', () => {
    const { at } = sensorWith(new Drift(0.5, ONSET_US));
    expect(at(ONSET_US + 2_000_000).value(0)).toBeCloseTo(1, 12);
    expect(at(ONSET_US + 2_000_000).rate(1)).toBe(1.5);
    expect(sensorWith(new Offset(0.5)).sensor.rate(1)).toBe(1);
  });

  test('a flip turns both signs, a stuck encoder stands, a broken one tells what cannot be', () => {
    const flipped = sensorWith(new Flip()).sensor;
    expect([flipped.value(0.3), flipped.rate(2)]).toEqual([-0.3, -2]);
    const stuck = sensorWith(new Stuck()).sensor;
    expect([stuck.value(0.3), stuck.value(0.4), stuck.rate(2)]).toEqual([0.3, 0.3, 0]);
    const broken = sensorWith(new Invalid('motorEncoder')).sensor;
    expect([broken.value(0.3), broken.rate(2), broken.usable]).toEqual([50, 0, true]);
  });

  test('noise is the same for all who ask in one step, and another in the next', () => {
    const { at } = sensorWith(new Noise(0.1, createRandom(1)));
    const first = [at(1_000).value(0), at(1_000).rate(0)];
    expect([at(1_000).value(0), at(1_000).rate(0)]).toEqual(first);
    expect(at(2_000).value(0)).not.toBe(first[0]);
  });

  test('faults stack in the order in which they came, and all end together', () => {
    const { sensor } = sensorWith(new Offset(1), new Flip());
    expect(sensor.value(0.5)).toBe(-1.5);
    sensor.add(new Invalid('jointEncoder'));
    expect([sensor.usable, sensor.value(0.5)]).toEqual([false, -1.5]);
    sensor.lift();
    expect([sensor.usable, sensor.value(0.5)]).toEqual([true, 0.5]);
  });
});

describe('a push', () => {
  const order = { kind: 'push', joint: 'kneeLeft', torqueNm: -40, riseMs: 100, holdMs: 200 } as const;

  test('rises smoothly, holds, and ends as it rose', () => {
    const push = new Push(order, ONSET_US);
    const atMs = (ms: number): number => push.torqueNm(ONSET_US + ms * 1_000);
    expect([-1, 0, 50, 100, 250, 300, 350, 400, 900].map(atMs).map((torqueNm) => Math.round(torqueNm * 1e6) / 1e6 + 0)).toEqual([0, 0, -20, -40, -40, -40, -20, 0, 0]);
    // Minimum jerk: a tenth of the time is less than a hundredth of the way.
    expect(Math.abs(atMs(10))).toBeLessThan(0.4);
    expect([push.isOver(ONSET_US + 400_000), push.isOver(ONSET_US + 400_001)]).toEqual([false, true]);
  });

  test('without a rise is there at once', () => {
    expect(new Push({ ...order, riseMs: 0 }, ONSET_US).torqueNm(ONSET_US)).toBe(-40);
  });
});
