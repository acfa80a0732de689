/** Treadmill and support of the virtual robot: what they do by themselves, and how they fail. */
import { describe, expect, it } from 'vitest';
import { VirtualSupport } from '../../../sim/body/support.ts';
import { VirtualTreadmill } from '../../../sim/body/treadmill.ts';
import { faultOrderSchema } from '../../../sim/faults/catalogue.ts';
import { RobotFaults } from '../../../sim/faults/robot-faults.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { readFileSync } from 'node:fs';

const STEP_US = 1_000;
const profile = parseProfile(readFileSync('hal/profiles/gait-orthosis.json', 'utf8'), 'gait-orthosis.json');

function treadmill() {
  const belt = new VirtualTreadmill(profile.treadmill!);
  let nowUs = 0;
  /** @param told mm/s and enable, every 4 ms; null: the host says nothing */
  const run = (ms: number, told: { speedMps: number; enable: boolean } | null, powered = true): number => {
    for (let n = 0; n < ms; n++) {
      if (told !== null && n % 4 === 0) belt.take(told, nowUs);
      nowUs += STEP_US;
      belt.step(nowUs, STEP_US, powered);
    }
    return belt.speedMps;
  };
  return { belt, run };
}
const at = (speedMps: number, enable = true) => ({ speedMps, enable });

describe('a virtual treadmill', () => {
  it('follows within its own ramps and its own limit, and not without enable', () => {
    const { run } = treadmill();
    expect(run(1_000, at(0.5, false))).toBe(0);
    expect(run(1_000, at(5))).toBeLessThanOrEqual(0.3);
    expect(run(6_000, at(5))).toBeCloseTo(3.2 / 3.6, 3);
  });

  it.each([
    ['without set-points', null, true],
    ['without power', at(0.5), false],
    ['without enable', at(0.5, false), true],
  ])('stops by itself %s', (_what, told, powered) => {
    const { run } = treadmill();
    run(4_000, at(0.5));
    expect(run(90, null)).toBeGreaterThan(0.45);
    expect(run(700, told, powered)).toBeLessThan(0.01);
  });

  it('runs away until its motor loses its power, sticks where it is held, and is whole again when its faults are lifted', () => {
    const { belt, run } = treadmill();
    run(4_000, at(0.5));
    belt.runAway(1, 1);
    expect(run(200, at(0.5))).toBeCloseTo(0.7, 2);
    expect(run(800, at(0))).toBeCloseTo(1, 2);
    expect(run(800, at(0.5, false))).toBeLessThan(0.01);
    belt.clearFaults();
    expect(run(4_000, at(0.5))).toBeCloseTo(0.5, 2);
    belt.stick();
    expect(run(100, at(0.5))).toBe(0);
    belt.clearFaults();
    belt.stopRopePulled = true;
    expect(run(1_000, at(0.5))).toBe(0);
  });
});

describe('a virtual support', () => {
  function support() {
    const winch = new VirtualSupport(profile.bodyWeightSupport!);
    let nowUs = 0;
    const run = (ms: number, told: { unloadingN: number; lock: boolean } | null): number => {
      for (let n = 0; n < ms; n++) {
        if (told !== null && n % 4 === 0) winch.take(told, nowUs);
        nowUs += STEP_US;
        winch.step(nowUs, STEP_US);
      }
      return winch.unloadingN;
    };
    return { winch, run };
  }

  it('lifts as fast as its own winch goes, and locks within a tenth of a second', () => {
    const { winch, run } = support();
    expect(run(1_000, { unloadingN: 300, lock: false })).toBeLessThanOrEqual(1.21 * 5 * 9.81);
    run(70, { unloadingN: 300, lock: true });
    expect(winch.locked).toBe(false);
    run(20, { unloadingN: 300, lock: true });
    expect(winch.locked).toBe(true);
    const held = winch.unloadingN;
    expect(run(1_000, { unloadingN: 0, lock: true })).toBe(held);
  });

  it('locks by itself when nobody tells it anything', () => {
    const { winch, run } = support();
    const held = run(4_000, { unloadingN: 100, lock: false });
    expect(run(1_000, null)).toBe(held);
    expect(winch.locked).toBe(true);
  });

  it('drops by what is ordered, and less when it is locked in time', () => {
    const whole = support();
    whole.run(6_000, { unloadingN: 200, lock: false });
    whole.winch.drop(150);
    expect(whole.run(100, { unloadingN: 200, lock: false })).toBeCloseTo(50, 0);
    whole.winch.clearFaults();
    expect(whole.run(6_000, { unloadingN: 200, lock: false })).toBeCloseTo(200, 0);
    const locked = support();
    locked.run(6_000, { unloadingN: 200, lock: false });
    locked.run(200, { unloadingN: 200, lock: true });
    locked.winch.drop(150);
    expect(locked.run(100, { unloadingN: 200, lock: true })).toBeCloseTo(200, 0);
  });
});

describe('orders of such faults', () => {
  it('are refused by a robot that has none of them', () => {
    const body = { setPushNm: () => {}, setBlocked: () => {} };
    const faults = new RobotFaults({ profile, seed: 1, now: () => 0, body, drive: () => undefined, freezeHubClock: () => {}, actuators: () => ({ belt: null, support: null, lift: null }) });
    for (const kind of ['beltStuck', 'beltFault', 'stopRope', 'supportFault'] as const) expect(() => faults.order({ kind })).toThrow(RangeError);
    expect(() => faults.order({ kind: 'supportDrop', dropN: 100 })).toThrow(/no body-weight support/);
    for (const order of [{ kind: 'liftStuck' }, { kind: 'liftFault' }, { kind: 'liftRunsOn', speedMps: 0.03 }] as const) expect(() => faults.order(order)).toThrow(/no lift/);
    expect(() => faults.clear(null)).not.toThrow();
  });

  it.each([{ kind: 'beltRunaway', accelerationMps2: -1, toMps: 1 }, { kind: 'beltRunaway', accelerationMps2: 1 }, { kind: 'supportDrop', dropN: 1e9 }, { kind: 'liftRunsOn', speedMps: 9 }])('must be possible: %j', (order) => {
    expect(faultOrderSchema.safeParse(order).success).toBe(false);
  });
});
