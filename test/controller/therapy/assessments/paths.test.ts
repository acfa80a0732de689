import { expect, test } from 'vitest';
import { SweepPath } from '../../../../controller/therapy/assessments/paths.ts';

const point = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };

test.each([
  ['up, at its speed', 0.2, 1.2, 1, 10, 1],
  ['down', 1.2, 0.2, 1, 10, 1],
  ['too short for its speed', 0, 0.05, 2, 10, Math.sqrt((0.05 * 10) / 1.875)],
])('a way %s: begins and ends at rest, never faster or harder than it may, and is where its speed led', (_, fromRad, toRad, radPerSec, mostRadPerSec2, peak) => {
  const path = new SweepPath();
  path.begin(fromRad, toRad, radPerSec, mostRadPerSec2);
  const step = 1e-4;
  let [reached, fastest, hardest] = [fromRad, 0, 0];
  for (let t = step / 2; t < path.sec; t += step) {
    path.at(t, point);
    reached += point.velocityRadPerSec * step;
    fastest = Math.max(fastest, Math.abs(point.velocityRadPerSec));
    hardest = Math.max(hardest, Math.abs(point.accelerationRadPerSec2));
    expect(Math.abs(point.positionRad - reached)).toBeLessThan(1e-3);
  }
  path.at(path.sec, point);
  expect(point.positionRad).toBeCloseTo(toRad, 9);
  expect(point.velocityRadPerSec).toBeCloseTo(0, 9);
  expect(fastest).toBeCloseTo(peak, 3);
  expect(hardest).toBeLessThanOrEqual(mostRadPerSec2 * 1.0001);
});

test('no way at all is at its end at once', () => {
  const path = new SweepPath();
  path.begin(0.4, 0.4, 1, 10);
  path.at(0, point);
  expect([path.sec, point.positionRad, point.velocityRadPerSec]).toEqual([0, 0.4, 0]);
});
