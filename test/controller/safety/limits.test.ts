import { describe, expect, it } from 'vitest';
import { createLimits } from '../../../controller/safety/limits.ts';
import { degToRad } from '../../../protocols/units.ts';
import { profile, setup } from './fixtures.ts';

const withRanges = (permittedRangeRad: { min: number; max: number }[]) => ({ ...setup, permittedRangeRad });
const ranges = (first: { min: number; max: number }) => [first, ...setup.permittedRangeRad.slice(1)];

describe('the limits of a session', () => {
  it("are the profile's soft ranges where no session is open", () => {
    expect(createLimits(profile, null).map((limit) => limit.permitted)).toEqual(createLimits(profile, null).map((limit) => limit.soft));
  });

  it("are narrowed by the patient's own range", () => {
    const [hip] = createLimits(profile, withRanges(ranges({ min: degToRad(-5), max: degToRad(40) })));
    expect(hip?.permitted).toEqual({ min: degToRad(-5), max: degToRad(40) });
    expect(hip?.hard.max).toBeCloseTo(degToRad(90), 12);
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
    expect(() => createLimits(profile, withRanges(setup.permittedRangeRad.slice(1)))).toThrow(/3 permitted ranges for 4 joints/);
  });
});

it('say of each drive whether it closes a loop of torque, by itself or through the host', () => {
  const closing = (setPoint: string): boolean | undefined => {
    const [joint] = profile.joints;
    return createLimits({ ...profile, joints: [{ ...joint!, drive: { ...joint!.drive, setPoint } as (typeof profile.joints)[number]['drive'] }] }, null)[0]?.closesTorqueLoop;
  };
  expect(['impedance', 'torque', 'velocity', 'position'].map(closing)).toEqual([true, true, false, false]);
});
