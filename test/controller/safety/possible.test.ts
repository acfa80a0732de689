import { describe, expect, it } from 'vitest';
import { isJointSidePossible, isMotorPossible } from '../../../controller/safety/possible.ts';
import type { JointInputs } from '../../../protocols/joints.ts';
import { degToRad } from '../../../protocols/units.ts';
import { healthyInputs, limits } from './fixtures.ts';

const limit = limits[0]!;
const { mechanical, frameSpeedRadPerSec, frameTorqueNm, peakTorqueNm } = limit;
const sides = { motor: isMotorPossible, 'joint side': isJointSidePossible };
const possible = (side: keyof typeof sides, over: Partial<JointInputs>): boolean => sides[side]({ ...healthyInputs().joints[0]!, ...over }, limit);

describe.each<[keyof typeof sides, string, keyof JointInputs, number, number]>([
  ['motor', 'stands 5° beyond its lower stop', 'motorPositionRad', mechanical.min - degToRad(5), -1],
  ['motor', 'stands 5° beyond its upper stop', 'motorPositionRad', mechanical.max + degToRad(5), 1],
  ['motor', 'is as fast as its frame can say, and rounding', 'motorVelocityRadPerSec', frameSpeedRadPerSec * 1.05, 1],
  ['motor', 'is as fast backward', 'motorVelocityRadPerSec', -frameSpeedRadPerSec * 1.05, -1],
  ['motor', 'gives as much as its frame can say, and rounding', 'motorTorqueNm', frameTorqueNm * 1.05, 1],
  ['motor', 'gives as much backward', 'motorTorqueNm', -frameTorqueNm * 1.05, -1],
  ['joint side', 'stands 5° beyond its lower stop', 'encoderPositionRad', mechanical.min - degToRad(5), -1],
  ['joint side', 'stands 5° beyond its upper stop', 'encoderPositionRad', mechanical.max + degToRad(5), 1],
  ['joint side', 'bears half more than the peak of its drive', 'jointTorqueNm', peakTorqueNm * 1.5, 1],
  ['joint side', 'bears as much backward', 'jointTorqueNm', -peakTorqueNm * 1.5, -1],
  ['joint side', 'has an encoder of the least quality', 'encoderQuality', 32, -1],
])('a %s that %s', (side, _, key, edge, outward) => {
  it('is possible; a little more is not, and no number is not', () => {
    expect(possible(side, { [key]: edge })).toBe(true);
    expect(possible(side, { [key]: edge + outward * 1e-6 })).toBe(false);
    expect(possible(side, { [key]: Number.NaN })).toBe(false);
  });
});

it('a drive whose temperature is no number tells nothing that is possible', () => {
  expect(possible('motor', { driveTempC: 30 })).toBe(true);
  for (const driveTempC of [Number.NaN, Infinity]) expect(possible('motor', { driveTempC })).toBe(false);
});
