import { describe, expect, it } from 'vitest';
import { createLegModel, frictionTorque, gravityTorques, hipInertiaKgM2, inertiaTorques, kneeInertiaKgM2, type LegMotion } from '../../../controller/estimation/leg-dynamics.ts';
import { sin } from '../../../protocols/math.ts';
import { profile } from '../safety/fixtures.ts';

const body = { bodyMassKg: 75 };
const limb = createLegModel(profile, body, 1.8);
const device = createLegModel(profile, null, 1.8);
const torques = () => ({ hipNm: 0, kneeNm: 0 });

describe('gravity', () => {
  it('of leg and foot alone at 90° is the published 12.043157 Nm', () => {
    expect(limb.shankGravityNm - device.shankGravityNm).toBeCloseTo(12.043157, 5);
  });

  it('holds a hanging leg with nothing', () => {
    const out = torques();
    gravityTorques(limb, 0, 0, out);
    expect([out.hipNm, out.kneeNm + 0]).toEqual([0, 0]);
  });

  it('is the slope of the potential energy', () => {
    const energy = (hip: number, knee: number) => -limb.thighGravityNm * sin(hip + Math.PI / 2) - limb.shankGravityNm * sin(hip - knee + Math.PI / 2);
    const out = torques();
    const h = 1e-6;
    for (const [hip, knee] of [[0.5, 0.9], [-0.3, 0.1], [1.2, 1.3]] as const) {
      gravityTorques(limb, hip, knee, out);
      expect(out.hipNm).toBeCloseTo((energy(hip + h, knee) - energy(hip - h, knee)) / (2 * h), 5);
      expect(out.kneeNm).toBeCloseTo((energy(hip, knee + h) - energy(hip, knee - h)) / (2 * h), 5);
    }
  });
});

describe('inertia', () => {
  it('conserves energy: torque times speed is the change of the kinetic energy', () => {
    const out = torques();
    const motion = (t: number): LegMotion => ({
      hipRad: 0.3 * sin(3 * t),
      kneeRad: 0.6 + 0.5 * sin(4 * t + 1),
      hipRadPerSec: 0.9 * sin(3 * t + Math.PI / 2),
      kneeRadPerSec: 2 * sin(4 * t + 1 + Math.PI / 2),
      hipRadPerSec2: -2.7 * sin(3 * t),
      kneeRadPerSec2: -8 * sin(4 * t + 1),
    });
    const kinetic = (t: number) => {
      const { hipRadPerSec: thigh, kneeRadPerSec, kneeRad } = motion(t);
      const shank = thigh - kneeRadPerSec;
      return 0.5 * limb.thighInertiaKgM2 * thigh ** 2 + 0.5 * limb.shankInertiaKgM2 * shank ** 2 + limb.couplingKgM2 * sin(kneeRad + Math.PI / 2) * thigh * shank;
    };
    for (let t = 0; t < 2; t += 0.05) {
      const at = motion(t);
      inertiaTorques(limb, at, out);
      const power = out.hipNm * at.hipRadPerSec + out.kneeNm * at.kneeRadPerSec;
      expect(power).toBeCloseTo((kinetic(t + 1e-5) - kinetic(t - 1e-5)) / 2e-5, 4);
    }
  });

  it('seen by one drive alone is what accelerates its joint from rest', () => {
    const out = torques();
    const still: LegMotion = { hipRad: 0.2, kneeRad: 0.7, hipRadPerSec: 0, kneeRadPerSec: 0, hipRadPerSec2: 0, kneeRadPerSec2: 0 };
    inertiaTorques(limb, { ...still, hipRadPerSec2: 1 }, out);
    expect(out.hipNm).toBeCloseTo(hipInertiaKgM2(limb, 0.7), 9);
    inertiaTorques(limb, { ...still, kneeRadPerSec2: 1 }, out);
    expect(out.kneeNm).toBeCloseTo(kneeInertiaKgM2(limb), 9);
  });

  it('of the limb are the published segments', () => {
    const thighOnly = createLegModel({ ...profile, geometry: { ...profile.geometry, orthosisThigh: { massKg: 1e-12, comFraction: 0.5, inertiaKgM2: 1e-12 }, orthosisShank: { massKg: 1e-12, comFraction: 0.5, inertiaKgM2: 1e-12 } } }, body, 1.8);
    const atKnee = 0.061 * 75 * 0.441 ** 2;
    expect(thighOnly.thighInertiaKgM2 - atKnee - 7.5 * (0.433 * 0.441) ** 2).toBeCloseTo(0.1522, 4);
  });
});

describe('friction', () => {
  const [joint] = profile.joints;
  it('is smooth at standstill, odd, and never more than the joint has', () => {
    expect(frictionTorque(joint!, 0)).toBe(0);
    expect(frictionTorque(joint!, -1)).toBe(-frictionTorque(joint!, 1));
    for (const speed of [0.01, 0.1, 1, 5]) {
      expect(frictionTorque(joint!, speed)).toBeGreaterThan(0);
      expect(frictionTorque(joint!, speed)).toBeLessThan(joint!.coulombFrictionNm + joint!.viscousFrictionNmsPerRad * speed);
    }
  });
});

it('an orthosis without a patient is fitted to somebody of common height', () => {
  expect(createLegModel(profile, null)).toEqual(createLegModel(profile, null, 1.75));
});
