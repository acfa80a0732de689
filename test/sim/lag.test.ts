import { expect, test } from 'vitest';
import { LagMeter } from '../../sim/lag.ts';

test('percentiles are within one bin, the largest is exact', () => {
  const meter = new LagMeter();
  for (let i = 1; i <= 1_000; i++) meter.add(i * 10);
  expect(Math.abs(meter.percentileUs(0.5) - 5_000)).toBeLessThanOrEqual(50);
  expect(Math.abs(meter.percentileUs(0.99) - 9_900)).toBeLessThanOrEqual(50);
  expect(meter.maxUs).toBe(10_000);
});

test('before the first measurement everything is 0, and a huge one is kept as the largest', () => {
  const meter = new LagMeter();
  expect(meter.percentileUs(0.5)).toBe(0);
  meter.add(5e6);
  expect(meter.percentileUs(0.5)).toBeGreaterThan(190_000);
  expect(meter.maxUs).toBe(5e6);
});

test('tells the most since it was asked last, whatever was before', () => {
  const meter = new LagMeter();
  meter.add(9_000);
  meter.add(4_000);
  expect(meter.takeNewMaxUs()).toBe(9_000);
  meter.add(3_000);
  expect(meter.takeNewMaxUs()).toBe(3_000);
  expect(meter.takeNewMaxUs()).toBe(0);
  expect(meter.maxUs).toBe(9_000);
});
