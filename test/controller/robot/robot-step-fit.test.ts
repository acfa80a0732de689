import { expect, it } from 'vitest';
import { assertGaitFits, assertStepsFit } from '../../../controller/robot/robot-step-fit.ts';
import { createLimits } from '../../../controller/safety/limits.ts';
import type { LegJoint, GaitProfile } from '../../../protocols/profile.ts';
import { footplates } from '../../sim/support/profile.ts';
import { profile } from '../safety/fixtures.ts';

const withKnee = (change: Partial<LegJoint>, therapy: Partial<GaitProfile['therapy']> = {}): GaitProfile => ({
  ...profile,
  joints: profile.joints.map((joint) => (joint.id === 'kneeRight' ? { ...joint, ...change } : joint)),
  therapy: { ...profile.therapy, ...therapy },
});
const check = (candidate: GaitProfile) => () => assertGaitFits(candidate, createLimits(candidate, null));

it('the profile that comes with Dari lets its own gait pass', () => {
  expect(check(profile)).not.toThrow();
});

it.each([
  ['a speed limit', { speedLimitDegPerSec: 250 }],
  ['an acceleration limit', { accelerationLimitDegPerSec2: 1000 }],
  ['a braking time', { jerkLimitDegPerSec3: 200_000 }],
] as const)('%s that clips the gait is refused, with joint, walking speed and phase', (_, change) => {
  expect(check(withKnee(change))).toThrow(/kneeRight clip its own gait: at 3\.2 km\/h and \d+ % .*°\/s.*Widen/s);
});

it('the same limits are accepted for slower walking', () => {
  expect(check(withKnee({ speedLimitDegPerSec: 250 }, { speedKmh: { min: 0.5, max: 2, initial: 1.5 } }))).not.toThrow();
});

it.each([
  ['a speed limit', { speedLimitDegPerSec: 300 }],
  ['a range too short for its longest steps', { softRangeDeg: { min: -60, max: 80 } }],
] as const)('%s that clips the steps of a footplate is refused, with joint, ground, step length and phase', (_, change) => {
  const plates = footplates();
  const narrow = { ...plates, joints: plates.joints.map((joint) => (joint.id === 'foreAftRight' ? { ...joint, ...change } : joint)) };
  expect(() => assertStepsFit(plates, createLimits(plates, null))).not.toThrow();
  expect(() => assertStepsFit(narrow, createLimits(narrow, null))).toThrow(/foreAftRight clip its own steps: in levelWalk, with steps of 0\.\d\d m and at \d+ %.*Widen/s);
});
