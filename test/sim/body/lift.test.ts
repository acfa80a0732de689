import { describe, expect, it } from 'vitest';
import type { LiftProfile } from '../../../protocols/actuator-profile.ts';
import { VirtualLift } from '../../../sim/body/lift.ts';

const PROFILE: LiftProfile = { heightM: { min: 0.7, max: 1.25 }, speedMps: 0.03, accelerationMps2: 0.1, driftM: 0.005, watchdogMs: 100 };
const STEP_US = 1_000;

function rig() {
  const lift = new VirtualLift(PROFILE, 1.05);
  let nowUs = 0;
  /** @param told null: nobody tells it anything */
  const run = (ms: number, told: { heightM: number; enable: boolean } | null, powered = true): number => {
    for (let n = 0; n < ms; n++) {
      nowUs += STEP_US;
      if (told !== null && n % 4 === 0) lift.take(told, nowUs);
      lift.step(nowUs, STEP_US, powered);
    }
    return lift.heightM;
  };
  return { lift, run };
}

describe('a lift', () => {
  it.each([1.2, 0.8])('goes to %f m by its own speed and ramps, and stands there', (heightM) => {
    const { lift, run } = rig();
    const way = Math.sign(heightM - 1.05);
    expect(way * (run(1_000, { heightM, enable: true }) - 1.05)).toBeCloseTo(0.03 - 0.0045, 3);
    expect(lift.moving).toBe(true);
    expect(run(10_000, { heightM, enable: true })).toBeCloseTo(heightM, 3);
    expect(lift.moving).toBe(false);
  });

  it.each([
    [9, 1.25],
    [0, 0.7],
  ])('never leaves its range: told %f m it ends at %f m', (heightM, endM) => {
    const { run } = rig();
    expect(run(20_000, { heightM, enable: true })).toBeCloseTo(endM, 3);
  });

  it('stops within 5 mm when it is told to, and 8 mm after the last word by its watchdog', () => {
    const told = rig();
    const fromM = told.run(2_000, { heightM: 1.2, enable: true });
    expect(told.run(1_000, { heightM: 1.2, enable: false }) - fromM).toBeLessThan(0.005);
    expect(told.lift.moving).toBe(false);
    const left = rig();
    const lastM = left.run(2_000, { heightM: 1.2, enable: true });
    expect(left.run(1_000, null) - lastM).toBeLessThan(0.008);
    expect(left.lift.moving).toBe(false);
  });

  it.each([
    ['without power', (_lift: VirtualLift) => {}, false],
    ['with a fault of its own', (lift: VirtualLift) => void (lift.fault = true), true],
    ['that is stuck', (lift: VirtualLift) => lift.stick(), true],
  ])('%s stands, and moves when that is over', (_what, spoil, powered) => {
    const { lift, run } = rig();
    spoil(lift);
    expect(run(1_000, { heightM: 1.2, enable: true }, powered)).toBe(1.05);
    lift.clearFaults();
    expect(run(1_000, { heightM: 1.2, enable: true })).toBeGreaterThan(1.07);
  });

  it('that runs on does so whatever it is told, until its motor loses its power or it is at its end', () => {
    const { lift, run } = rig();
    lift.runOn(-0.02);
    expect(run(1_000, { heightM: 1.2, enable: false })).toBeCloseTo(1.03, 3);
    expect(run(1_000, null, false)).toBeCloseTo(1.03, 3);
    expect(run(60_000, null)).toBe(0.7);
  });
});
