import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JointLoad } from '../../../controller/safety/loads.ts';
import { untrustedJoint, type TrustedJoint } from '../../../controller/safety/trusted-joint.ts';
import { limits, PERIOD_US } from './fixtures.ts';

const [hip] = limits;
const { continuousTorqueNm, peakTorqueNm, peakTimeSec, torqueNm: limitNm, tempWarnC, tempLimitC } = hip!;
const drive = (over: Partial<TrustedJoint> = {}): TrustedJoint => ({ ...untrustedJoint(), trusted: true, motorFresh: true, ...over });
const COOL_C = 30;

/** After so many seconds of a torque. */
function after(seconds: number, torqueNm: number, load = new JointLoad(hip!), motorFresh = true): JointLoad {
  for (let n = Math.round((seconds * 1e6) / PERIOD_US); n > 0; n--) load.update(drive({ torqueNm, motorFresh }), COOL_C, PERIOD_US);
  return load;
}

describe('the overload of a drive', () => {
  it('is spent by torque beyond the continuous one, and refills below it', () => {
    expect(after(peakTimeSec, peakTorqueNm).overload).toBeCloseTo(1, 6);
    expect(after(peakTimeSec, -peakTorqueNm).overload).toBeCloseTo(1, 6);
    expect(after(60, continuousTorqueNm).overload).toBe(0);
    const rested = after(5, 0, after(peakTimeSec / 2, peakTorqueNm));
    expect(rested.overload).toBeCloseTo(0.5 - (5 * continuousTorqueNm ** 2) / ((peakTorqueNm ** 2 - continuousTorqueNm ** 2) * peakTimeSec), 6);
    expect(after(600, 0, rested).overload).toBe(0);
  });

  it('stays while the drive is not heard', () => {
    const load = after(peakTimeSec / 2, peakTorqueNm);
    expect(after(60, 0, load, false).overload).toBeCloseTo(0.5, 6);
    expect(after(60, peakTorqueNm, load, false).overload).toBeCloseTo(0.5, 6);
  });

  it('is complete at once where the drive has no more than its continuous torque', () => {
    const load = new JointLoad({ ...hip!, peakTorqueNm: continuousTorqueNm });
    expect(after(1, continuousTorqueNm, load).overload).toBe(0);
    expect(after(0.004, continuousTorqueNm + 1, load).overload).toBe(Infinity);
    expect(load.torqueShare).toBeCloseTo(continuousTorqueNm / limitNm, 9);
  });

  it('is near from 70 % on, and no more below 60 %', () => {
    const load = new JointLoad(hip!);
    const near = (seconds: number, torqueNm: number): [percent: number, near: boolean] => {
      after(seconds, torqueNm, load);
      return [Math.floor(load.overload * 100), load.overloadNear];
    };
    expect(near(6.99, peakTorqueNm)).toEqual([69, false]);
    expect(near(0.02, peakTorqueNm)).toEqual([70, true]);
    expect(near(4, 0)).toEqual([62, true]);
    expect(near(2, 0)).toEqual([58, false]);
  });

  it('is not near at just 70 %, and is near no more at just 60 %', () => {
    // A budget of 100 (Nm)²s: a second at 3 Nm takes 8 of it, a second of rest gives 1 back.
    const load = new JointLoad({ ...hip!, continuousTorqueNm: 1, peakTorqueNm: 3, peakTimeSec: 12.5 });
    const seconds = (duration: number, torqueNm: number): [overload: number, near: boolean] => {
      load.update(drive({ torqueNm }), COOL_C, duration * 1e6);
      return [load.overload, load.overloadNear];
    };
    expect(seconds(8.75, 3)).toEqual([0.7, false]);
    expect(seconds(0.25, 3)).toEqual([0.72, true]);
    expect(seconds(11, 0)).toEqual([0.61, true]);
    expect(seconds(1, 0)).toEqual([0.6, false]);
  });

  it('takes torque away down to the continuous one before it is spent', () => {
    expect(after(0.69 * peakTimeSec, peakTorqueNm).torqueShare).toBe(1);
    expect(after(0.85 * peakTimeSec, peakTorqueNm).torqueShare * limitNm).toBeCloseTo((limitNm + continuousTorqueNm) / 2, 6);
    expect(after(2 * peakTimeSec, peakTorqueNm).torqueShare * limitNm).toBeCloseTo(continuousTorqueNm, 6);
    const asked = new JointLoad(hip!);
    for (let n = 0; n < 250 * 300; n++) asked.update(drive({ torqueNm: limitNm * asked.torqueShare }), COOL_C, PERIOD_US);
    expect(asked.overload).toBeLessThan(1);
    expect(asked.overload).toBeGreaterThan(0.95);
  });
});

it('a drive of which nothing is known yet may be asked for all its torque', () => {
  const { torqueShare, overload, overloadNear, hot, powerW } = new JointLoad(hip!);
  expect({ torqueShare, overload, overloadNear, hot, powerW }).toEqual({ torqueShare: 1, overload: 0, overloadNear: false, hot: false, powerW: 0 });
});

describe('a temperature', () => {
  const shareAt = (load: JointLoad, tempC: number): number => {
    load.update(drive(), tempC, PERIOD_US);
    return load.torqueShare;
  };
  const least = (0.5 * continuousTorqueNm) / limitNm;

  it('takes torque away between warning and limit, and gives it back only when it has cooled by 3°', () => {
    const load = new JointLoad(hip!);
    expect([shareAt(load, tempWarnC), load.hot]).toEqual([1, false]);
    expect(shareAt(load, (tempWarnC + tempLimitC) / 2)).toBeCloseTo((1 + least) / 2, 9);
    expect(load.hot).toBe(true);
    const held = load.torqueShare;
    for (const tempC of [82, 80.5, 81, 79.6, 80]) expect(shareAt(load, tempC)).toBe(held);
    expect(shareAt(load, 79)).toBe(shareAt(new JointLoad(hip!), 82));
    expect(shareAt(load, 77)).toBeGreaterThan(held);
    expect(shareAt(load, tempLimitC)).toBeCloseTo(least, 9);
    expect(shareAt(load, tempLimitC + 50)).toBeCloseTo(least, 9);
    expect([shareAt(load, tempWarnC - 3), load.hot]).toEqual([1, false]);
  });

  it('that is no number is hot', () => {
    const load = new JointLoad(hip!);
    expect(shareAt(load, Number.NaN)).toBeCloseTo(least, 9);
    expect(load.hot).toBe(true);
    expect(shareAt(load, Number.NaN)).toBeCloseTo(least, 9);
    expect(shareAt(load, COOL_C)).toBe(1);
  });

  it('gives never more torque when it is higher, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 20, max: 120, noNaN: true }), { maxLength: 20 }), fc.double({ min: 20, max: 120, noNaN: true }), fc.double({ min: 0, max: 50, noNaN: true }), (past, tempC, more) => {
        const [cooler, hotter] = [new JointLoad(hip!), new JointLoad(hip!)];
        for (const before of past) {
          shareAt(cooler, before);
          shareAt(hotter, before);
        }
        expect(shareAt(hotter, tempC + more)).toBeLessThanOrEqual(shareAt(cooler, tempC));
      }),
      { numRuns: 300 },
    );
  });

  it('that ripples by less than the hysteresis moves nothing to and fro', () => {
    const load = new JointLoad(hip!);
    shareAt(load, 81);
    const held = load.torqueShare;
    for (let n = 0; n < 100; n++) expect(shareAt(load, 80 + Math.sin(n))).toBe(held);
  });
});

describe('the power at a joint', () => {
  const powerOf = (over: Partial<TrustedJoint>): number => {
    const load = new JointLoad(hip!);
    load.update(drive(over), COOL_C, PERIOD_US);
    return load.powerW;
  };
  it('is what passes between gear and limb', () => {
    expect(powerOf({ jointTorqueNm: 40, torqueNm: 60, velocityRadPerSec: -2 })).toBe(-80);
  });
  it('is the motor’s where the torque sensor is doubted, and unknown of a drive that is not heard', () => {
    expect(powerOf({ jointTorqueNm: 40, torqueNm: 60, velocityRadPerSec: 2, torqueDoubted: true })).toBe(120);
    expect(powerOf({ jointTorqueNm: 40, velocityRadPerSec: 2, motorFresh: false })).toBe(0);
  });
});
