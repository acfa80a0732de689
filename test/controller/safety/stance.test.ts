import { describe, expect, it } from 'vitest';
import { carriedKg } from '../../../controller/safety/stance.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { armExo, footplates } from '../../sim/support/profile.ts';
import { profile } from './fixtures.ts';

const posed = (hipDeg: number, kneeDeg: number): RobotProfile => ({
  ...profile,
  joints: profile.joints.map((joint) => ({ ...joint, homePositionDeg: joint.kind === 'hip' ? hipDeg : kneeDeg })),
});

describe('the mass that a leg carries on the continuous torque of its drives', () => {
  it('is that of a straight thigh flexed by 30° over a bent knee, worked out by hand', () => {
    // Height 1.8 m: thigh 0.441 m, shank 0.4428 m; shank vertical. Ankle and knee stand 0.2205 m in front of the hip.
    const [hip, knee] = carriedKg(posed(30, 30), 1.8);
    expect(hip).toBeCloseTo(48 / (9.81 * 0.2205), 6);
    expect(knee).toBe(Infinity);
  });

  it('counts the lever of the knee from the ankle, on whichever side it stands', () => {
    const [, knee] = carriedKg(posed(0, 30), 1.8);
    expect(knee).toBeCloseTo(48 / (9.81 * 0.2214), 6);
    expect(carriedKg(posed(10, 40), 1.8)[1]).toBeCloseTo(48 / (9.81 * 0.2214), 6);
  });

  it('takes a leg without a knee of its own for straight there', () => {
    const hipsOnly = { ...posed(30, 30), joints: posed(30, 30).joints.filter(({ kind }) => kind === 'hip') };
    expect(carriedKg(hipsOnly, 1.8)[0]).toBeCloseTo(48 / (9.81 * 0.8838 * 0.5), 4);
  });

  it('puts no weight on the drive of an ankle: it stands over it', () => {
    const [hip, knee] = posed(30, 20).joints;
    const withAnkle = { ...posed(30, 20), joints: [hip!, knee!, { ...knee!, kind: 'ankle' as const }] };
    const [, kneeKg, ankleKg] = carriedKg(withAnkle, 1.8);
    expect(kneeKg).toBeLessThan(Infinity);
    expect(ankleKg).toBe(Infinity);
  });

  it('goes by the posture of the own side alone', () => {
    const uneven = { ...profile, joints: profile.joints.map((joint) => ({ ...joint, homePositionDeg: joint.side === 'left' ? 0 : 30 })) };
    const [hipLeft, kneeLeft, hipRight] = carriedKg(uneven, 1.8);
    expect([hipLeft, kneeLeft]).toEqual([Infinity, Infinity]);
    expect(hipRight).toBeCloseTo(48 / (9.81 * 0.2205), 6);
  });

  it('is unlimited on a straight leg, and less for a taller person', () => {
    expect(carriedKg(posed(0, 0), 1.8)).toEqual([Infinity, Infinity, Infinity, Infinity]);
    expect(carriedKg(posed(5, 20), 2)[0]!).toBeLessThan(carriedKg(posed(5, 20), 1.6)[0]!);
  });
});

it('nobody stands in a robot for the arm', () => {
  expect(carriedKg(armExo(), 1.8)).toEqual(armExo().joints.map(() => Infinity));
});

it('is on a footplate the whole of who stands there, at the drum of its belt', () => {
  const { joints } = footplates();
  const byHand = joints.map(({ kind, drive, leadMPerRad }) => (kind === 'vertical' ? drive.continuousTorqueNm / leadMPerRad! / 9.81 : Infinity));
  expect(byHand[1]).toBeCloseTo(97.86, 2);
  carriedKg(footplates(), 1.8).forEach((kg, j) => expect(1 / kg).toBeCloseTo(1 / byHand[j]!, 12));
});
