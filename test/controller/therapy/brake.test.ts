import { expect, it } from 'vitest';
import { BrakePath } from '../../../controller/therapy/brake.ts';

const point = () => ({ positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 });

it('a braking joint comes to rest in the time given, after half of what it would have travelled', () => {
  const path = new BrakePath();
  path.begin(0.5, -4);
  const at = point();
  path.at(0, 0.2, at);
  expect(at).toEqual({ positionRad: 0.5, velocityRadPerSec: -4, accelerationRadPerSec2: 0 });
  path.at(0.2, 0.2, at);
  expect(at.positionRad).toBeCloseTo(0.5 - 4 * 0.2 * 0.5, 12);
  expect(at.velocityRadPerSec).toBeCloseTo(0, 12);
  path.at(5, 0.2, at);
  expect(at.positionRad).toBeCloseTo(0.1, 12);
  expect(at.accelerationRadPerSec2).toBeCloseTo(0, 12);
});

it('its speed is the derivative of its position, its acceleration that of its speed', () => {
  const path = new BrakePath();
  path.begin(0.5, 5);
  const [before, here, after] = [point(), point(), point()];
  for (let t = 0.001; t < 0.199; t += 0.001) {
    path.at(t - 1e-6, 0.2, before);
    path.at(t, 0.2, here);
    path.at(t + 1e-6, 0.2, after);
    expect(here.velocityRadPerSec).toBeCloseTo((after.positionRad - before.positionRad) / 2e-6, 5);
    expect(here.accelerationRadPerSec2).toBeCloseTo((after.velocityRadPerSec - before.velocityRadPerSec) / 2e-6, 4);
  }
});

it('a joint that a person drags on its way comes to rest that much further on', () => {
  const path = new BrakePath();
  path.begin(0.5, -4);
  path.drag(0.2);
  path.drag(-0.05);
  const at = point();
  path.at(0.2, 0.2, at);
  expect(at.positionRad).toBeCloseTo(0.5 + 0.15 - 4 * 0.2 * 0.5, 12);
});

it('a joint that creeps to the end of its path is met on the way, one that rests or goes back is not, and none is led beyond', () => {
  const end = (positionRad: number, velocityRadPerSec: number, elapsedSec = 0.004): number => {
    const path = new BrakePath();
    path.begin(0, 4);
    const at = point();
    path.at(0.2, 0.2, at);
    path.settle(at.positionRad, { positionRad, velocityRadPerSec }, elapsedSec);
    path.at(0.3, 0.2, at);
    return at.positionRad;
  };
  expect(end(0.3, 0.25)).toBeCloseTo(0.4 - 4 * 0.25 * 0.004, 12);
  expect(end(0.5, -0.25)).toBeCloseTo(0.4 + 4 * 0.25 * 0.004, 12);
  expect(end(0.3, -0.25)).toBeCloseTo(0.4, 12);
  expect(end(0.3, 0.04)).toBeCloseTo(0.4, 12);
  expect(end(0.399, 2)).toBeCloseTo(0.399, 12);
  expect(end(Number.NaN, 2)).toBeCloseTo(0.4, 12);
});
