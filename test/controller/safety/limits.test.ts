import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { edgeOf } from '../../../controller/safety/edge.ts';
import { createLimits } from '../../../controller/safety/limits.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { toRangeRad, type RangeRad } from '../../../protocols/profile.ts';
import type { SessionSetup } from '../../../protocols/supervision.ts';
import { degToRad } from '../../../protocols/units.ts';

// Not from the fixtures: those are made of limits, so that with wrong ones no test here would run.
const profile = parseProfile(readFileSync('hal/profiles/gait-orthosis.json', 'utf8'), 'gait-orthosis.json');
const soft = profile.joints.map((joint) => toRangeRad(joint.softRangeDeg));
const withRanges = (permittedRangeRad: readonly RangeRad[]) => ({ permittedRangeRad }) as SessionSetup;
const ranges = (first: RangeRad) => [first, ...soft.slice(1)];

describe('the limits of a session', () => {
  it("are the profile's soft ranges where no session is open", () => {
    expect(createLimits(profile, null).map((limit) => limit.permitted)).toEqual(createLimits(profile, null).map((limit) => limit.soft));
  });

  it('let a drive tell of twice its own speed where its frames carry more, because a person drives it faster', () => {
    expect(createLimits(profile, null)[0]?.frameSpeedRadPerSec).toBe(8);
    expect(createLimits(parseProfile(readFileSync('hal/profiles/gait-exo.json', 'utf8'), 'gait-exo.json'), null)[0]?.frameSpeedRadPerSec).toBe(16);
    expect(createLimits(parseProfile(readFileSync('hal/profiles/gait-endeffector.json', 'utf8'), 'gait-endeffector.json'), null)[2]?.frameSpeedRadPerSec).toBe(16);
  });

  it("are narrowed by the patient's own range", () => {
    const [hip] = createLimits(profile, withRanges(ranges({ min: degToRad(-5), max: degToRad(40) })));
    expect(hip?.permitted).toEqual({ min: degToRad(-5), max: degToRad(40) });
    expect(hip?.hard.max).toBeCloseTo(degToRad(90), 12);
  });

  it("may be the device's own to the last bit, and a little beyond it by rounding only", () => {
    const [own] = soft;
    for (const beyondRad of [0, 0.9e-9, 1e-9]) {
      const range = { min: own!.min - beyondRad, max: own!.max + beyondRad };
      expect(createLimits(profile, withRanges(ranges(range)))[0]?.permitted).toEqual(range);
    }
    for (const range of [{ ...own!, min: own!.min - 1.1e-9 }, { ...own!, max: own!.max + 1.1e-9 }, { min: 0.1, max: 0.1 }]) expect(() => createLimits(profile, withRanges(ranges(range)))).toThrow(/hipLeft/);
  });

  it('say in SI units what the profile says in degrees, with three periods of dead time', () => {
    const [hip] = createLimits(profile, null);
    const joint = profile.joints[0]!;
    expect(hip?.braking).toEqual({ accelerationRadPerSec2: degToRad(joint.accelerationLimitDegPerSec2), jerkRadPerSec3: degToRad(joint.jerkLimitDegPerSec3), deadTimeSec: 0.012 });
    expect(hip?.edge).toEqual(edgeOf(joint, hip!.braking, 0.004));
    expect([hip?.speedRadPerSec, hip?.mechanical, hip?.soft]).toEqual([degToRad(200), toRangeRad(joint.mechanicalStopDeg), soft[0]]);
  });

  it.each([
    ['leaves the soft range below', { min: degToRad(-20.1), max: degToRad(40) }],
    ['leaves the soft range above', { min: degToRad(-5), max: degToRad(80.1) }],
    ['is upside down', { min: degToRad(40), max: degToRad(-5) }],
    ['is no number', { min: Number.NaN, max: degToRad(40) }],
  ])('are refused when a range %s, naming the joint', (_, range) => {
    expect(() => createLimits(profile, withRanges(ranges(range)))).toThrow(/hipLeft.*Correct the patient's range/s);
  });

  it('are refused when a joint has no range', () => {
    expect(() => createLimits(profile, withRanges(soft.slice(1)))).toThrow(/3 permitted ranges for 4 joints/);
  });
});

it('say of each drive whether it closes a loop of torque, by itself or through the host', () => {
  const closing = (setPoint: string): boolean | undefined => {
    const [joint] = profile.joints;
    return createLimits({ ...profile, joints: [{ ...joint!, drive: { ...joint!.drive, setPoint } as (typeof profile.joints)[number]['drive'] }] }, null)[0]?.closesTorqueLoop;
  };
  expect(['impedance', 'torque', 'velocity', 'position'].map(closing)).toEqual([true, true, false, false]);
});

it('say of each drive whether it moves its set-point on until the next one comes, and how much damping it renders: a moteus moves on for a period, and damps in proportion to its stiffness', () => {
  const own = (protocol: string): (number | undefined)[] => {
    const [joint] = profile.joints;
    const [limit] = createLimits({ ...profile, joints: [{ ...joint!, drive: { ...joint!.drive, protocol, dampingMaxNmsPerRad: 10, stiffnessMaxNmPerRad: 200 } as (typeof profile.joints)[number]['drive'] }] }, null);
    return [limit?.movesOnSec, limit?.dampingPerStiffnessSec];
  };
  expect(['mit', 'cubemars-v3', 'unitree', 'moteus'].map(own)).toEqual([[0, Infinity], [0, Infinity], [0, Infinity], [0.004, 0.05]]);
});

it('say of each drive whether only the relay of the hub can release it', () => {
  const released = (watchdog: string): boolean | undefined => {
    const [joint] = profile.joints;
    return createLimits({ ...profile, joints: [{ ...joint!, drive: { ...joint!.drive, watchdog } as (typeof profile.joints)[number]['drive'] }] }, null)[0]?.releasedByRelayOnly;
  };
  expect(['hubRelay', 'proven', 'readBack'].map(released)).toEqual([true, false, false]);
});
