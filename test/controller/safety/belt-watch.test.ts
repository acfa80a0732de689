import { describe, expect, it } from 'vitest';
import { BeltWatch } from '../../../controller/safety/belt-watch.ts';
import type { TreadmillInputs } from '../../../protocols/joints.ts';

const PERIOD_US = 4_000;
const LAG_SEC = 0.05;
const watchOf = (): BeltWatch => new BeltWatch({ lagMs: 50, runawayToleranceMps: 0.06, syncToleranceMps: 0.1 });
const belt = (left: number, right = left): TreadmillInputs => ({ ageUs: 1000, leftMps: left, rightMps: right, ready: true, stopRopePulled: false, fault: false });
const at = (beltSpeedMps: number): { beltSpeedMps: number } => ({ beltSpeedMps });

/** A belt at a steady speed, with the legs on it. */
function steady(mps: number): BeltWatch {
  const watch = watchOf();
  for (let n = 0; n < 250; n++) watch.update(belt(mps), at(mps), at(mps), PERIOD_US);
  expect([watch.runaway, watch.desync]).toEqual([false, false]);
  return watch;
}

it('nothing is wrong with a belt that was not looked at', () => {
  expect([watchOf().runaway, watchOf().desync]).toEqual([false, false]);
});

describe('a belt', () => {
  it.each([
    ['left', belt(0.47, 0.4)],
    ['right', belt(0.4, 0.47)],
    ['in no number on the left', belt(Number.NaN, 0.4)],
    ['in no number on the right', belt(0.4, Number.NaN)],
  ])('that is faster than told, %s, runs away', (_where, measured) => {
    const watch = steady(0.4);
    watch.update(measured, at(0.4), at(0.4), PERIOD_US);
    expect(watch.runaway).toBe(true);
  });

  it('may be as much faster as the profile tolerates', () => {
    const watch = steady(0.4);
    watch.update(belt(0.459), at(0.4), at(0.4), PERIOD_US);
    expect(watch.runaway).toBe(false);
  });

  it.each([
    [belt(-0.061, 0), true],
    [belt(0, -0.061), true],
    [belt(-0.059), false],
  ])('that runs backward runs away: %j', (measured, runaway) => {
    const watch = watchOf();
    watch.update(measured, at(0), null, PERIOD_US);
    expect(watch.runaway).toBe(runaway);
  });

  it('that stands may creep by the tolerance either way', () => {
    const watch = watchOf();
    for (const measured of [belt(0.06), belt(-0.06), belt(0.06, -0.06)]) {
      watch.update(measured, at(0), at(0), PERIOD_US);
      expect([watch.runaway, watch.desync]).toEqual([false, false]);
    }
  });

  it('that follows its ramps with its usual lag neither runs away nor parts from the legs', () => {
    const watch = steady(0.8);
    let [told, real] = [0.8, 0.8];
    for (let n = 0; n < 200; n++) {
      real += ((told - real) * PERIOD_US) / 1e6 / LAG_SEC;
      watch.update(belt(real), at(told), at(told), PERIOD_US);
      told = Math.max(0, told - 0.008);
      expect([watch.runaway, watch.desync]).toEqual([false, false]);
    }
  });

  it('that stands while it is told to slow down runs away at last', () => {
    const watch = steady(0.8);
    for (let n = 0; n < 40; n++) watch.update(belt(0.8), at(0.4), null, PERIOD_US);
    expect(watch.runaway).toBe(true);
  });

  it('is looked at through its lag even after a pause of the loop', () => {
    const watch = steady(0.8);
    watch.update(belt(0.8), at(0.3), at(0.3), 1_000_000);
    expect([watch.runaway, watch.desync]).toEqual([true, true]);
  });
});

describe('belt and legs', () => {
  it.each([
    ['the left belt is slower', belt(0.29, 0.4), true],
    ['the right belt is slower', belt(0.4, 0.29), true],
    ['the left belt is faster', belt(0.51, 0.4), true],
    ['the right belt is faster', belt(0.4, 0.51), true],
    ['the speed is no number', belt(Number.NaN, 0.4), true],
    ['they differ by what feet may slip', belt(0.31, 0.49), false],
  ])('part: %s', (_what, measured, desync) => {
    const watch = steady(0.4);
    watch.update(measured, at(0.4), at(0.4), PERIOD_US);
    expect(watch.desync).toBe(desync);
  });

  it('are together when the legs begin to step with a belt that ran before them', () => {
    const watch = steady(0.4);
    for (let n = 0; n < 250; n++) watch.update(belt(0.4), at(0.4), null, PERIOD_US);
    watch.update(belt(0.4), at(0.4), at(0.4), PERIOD_US);
    expect(watch.desync).toBe(false);
  });

  it('part where the legs step and nobody says how fast', () => {
    const watch = steady(0.4);
    for (let n = 0; n < 50; n++) watch.update(belt(0.4), at(0.4), {}, PERIOD_US);
    expect(watch.desync).toBe(true);
  });

  it('do not part where the legs do not step', () => {
    const watch = steady(0.4);
    watch.update(belt(0), at(0.4), null, PERIOD_US);
    expect(watch.desync).toBe(false);
  });
});
