import { describe, expect, it } from 'vitest';
import { brakingSpeed } from '../../../controller/safety/braking.ts';
import { edgeOf, outwardMostNm } from '../../../controller/safety/edge.ts';
import type { JointProfile } from '../../../protocols/profile.ts';
import { degToRad } from '../../../protocols/units.ts';
import { limits, profile } from './fixtures.ts';

const PERIOD_SEC = 1 / profile.controlRateHz;
const DEAD_TIME_SEC = 3 * PERIOD_SEC;
const { braking } = limits[1]!;
const [hip, knee] = [profile.joints[0]!, profile.joints[1]!];
const ofTorque = (joint: JointProfile): JointProfile => ({ ...joint, drive: { ...joint.drive, setPoint: 'torque' } }) as JointProfile;
const edge = edgeOf(ofTorque(knee), braking, PERIOD_SEC);

describe('what holds the edge of the range', () => {
  it('brakes as the heaviest limb can with the torque limit, and never harder than the profile says', () => {
    expect(edge.braking.accelerationRadPerSec2).toBeCloseTo(100 / 1.55, 9);
    expect(edgeOf(hip, braking, PERIOD_SEC).braking.accelerationRadPerSec2).toBeCloseTo(100 / 6.35, 9);
    expect(edgeOf({ ...knee, torqueLimitNm: 1000 }, braking, PERIOD_SEC).braking.accelerationRadPerSec2).toBe(braking.accelerationRadPerSec2);
    expect(edge.braking.jerkRadPerSec3).toBe(braking.jerkRadPerSec3);
  });

  it('takes its gains from the lightest limb and the dead time, so that the delayed loop dies out', () => {
    expect(edge.marginNmsPerRad).toBeCloseTo((0.7 * 0.45) / DEAD_TIME_SEC, 9);
    expect(edge.brakeNmsPerRad).toBeCloseTo((1.6 * 0.45) / DEAD_TIME_SEC, 9);
    expect(edgeOf(hip, braking, PERIOD_SEC).marginNmsPerRad).toBeCloseTo((0.7 * 1.5) / DEAD_TIME_SEC, 9);
    expect(edge.braking.deadTimeSec).toBeCloseTo(DEAD_TIME_SEC + (0.7 * 1.55) / edge.brakeNmsPerRad, 9);
  });

  it('feels the mass on a belt by the square of its lead', () => {
    const carriage = edgeOf({ ...ofTorque(knee), kind: 'foreAft', leadMPerRad: 0.1, torqueLimitNm: 20 }, braking, PERIOD_SEC);
    expect(carriage.braking.accelerationRadPerSec2).toBeCloseTo(20 / (60 * 0.01 + 0.35), 9);
    expect(carriage.marginNmsPerRad).toBeCloseTo((0.7 * (15 * 0.01 + 0.35)) / DEAD_TIME_SEC, 9);
  });

  it('is a passive spring where the host makes it, no stiffer than the profile, and the impedance of the profile where the drive does', () => {
    expect(knee.viscousFrictionNmsPerRad).toBeGreaterThan(edge.stiffnessNmPerRad * (PERIOD_SEC / 2 + DEAD_TIME_SEC));
    expect(edge).toMatchObject({ rendered: false, stiffnessNmPerRad: expect.closeTo(54.3, 1), dampingNmsPerRad: 0 });
    expect(edgeOf({ ...ofTorque(knee), stiffnessNmPerRad: 20 }, braking, PERIOD_SEC).stiffnessNmPerRad).toBe(20);
    for (const limit of limits) expect(limit.edge).toMatchObject({ rendered: true, stiffnessNmPerRad: limit.stiffnessNmPerRad, dampingNmsPerRad: limit.dampingNmsPerRad });
  });
});

describe('the most torque toward the edge', () => {
  const left = degToRad(10);
  const allowed = brakingSpeed(edge.braking, left, 0);
  it.each([
    ['at rest, in proportion to the speed that is left', left, 0, edge.marginNmsPerRad * allowed],
    ['at the speed from which a stop just fits, nothing', left, allowed, 0],
    ['beyond that speed it brakes', left, allowed + 0.5, -0.5 * edge.brakeNmsPerRad],
    ['inward motion leaves more', left, -0.5, edge.marginNmsPerRad * (allowed + 0.5)],
    ['far from the edge the speed limit of the device counts', 10, degToRad(350) + 1, -edge.brakeNmsPerRad],
    ['on the edge at rest, nothing', 0, 0, 0],
    ['on the edge and moving in, what its speed allows', 0, -1, edge.marginNmsPerRad],
    ['beyond the edge the spring pushes back', -left, 0, -edge.stiffnessNmPerRad * left],
    ['beyond the edge and still moving out it brakes', -left, 1, -edge.brakeNmsPerRad],
    ['beyond the edge and moving in, the spring and no more', -left, -1, -edge.stiffnessNmPerRad * left],
  ])('%s', (_, leftRad, speed, nm) => {
    expect(outwardMostNm(edge, leftRad, speed)).toBeCloseTo(nm, 9);
  });

  it('is also bounded by the spring-damper inside the range where the drive renders one', () => {
    const rendered = limits[1]!.edge;
    expect(outwardMostNm(rendered, left, 0.2)).toBeCloseTo(300 * left - 5 * 0.2, 9);
    expect(outwardMostNm(rendered, left, allowed + 0.5)).toBeCloseTo(-0.5 * edge.brakeNmsPerRad, 9);
  });
});
