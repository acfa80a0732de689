import { expect, test } from 'vitest';
import { BenchLoad } from '../../../sim/drives/bench-load.ts';
import { bareMit } from '../../../sim/drives/mit-drive.ts';

const drive = bareMit(1);

function run(load: BenchLoad, ms: number, torqueNm: number): void {
  load.applyTorqueNm(torqueNm);
  for (let i = 0; i < ms; i++) load.step(0.001);
}

test('the continuous torque brings the flywheel close to the highest speed in about a tenth of a second', () => {
  const load = new BenchLoad(drive);
  run(load, 100, drive.continuousTorqueNm);
  expect(load.velocityRadPerSec()).toBeGreaterThan(0.9 * drive.velocityRangeRadPerSec);
  expect(load.velocityRadPerSec()).toBeLessThan(drive.velocityRangeRadPerSec);
});

test('dry friction holds it against a small torque, and stops it without turning it around', () => {
  const load = new BenchLoad(drive);
  run(load, 100, 0.02 * drive.continuousTorqueNm);
  expect(load.positionRad()).toBe(0);
  run(load, 50, -drive.continuousTorqueNm);
  let slowest = load.velocityRadPerSec();
  for (let i = 0; i < 10_000; i++) {
    run(load, 1, 0);
    slowest = Math.max(slowest, load.velocityRadPerSec());
  }
  expect(slowest).toBe(0);
  expect(load.velocityRadPerSec()).toBe(0);
});

test('it has no end: many turns go on counting', () => {
  const load = new BenchLoad(drive);
  run(load, 20_000, drive.continuousTorqueNm);
  expect(load.positionRad()).toBeGreaterThan(100 * 2 * Math.PI);
});
