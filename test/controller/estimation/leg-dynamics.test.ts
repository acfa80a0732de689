import { describe, expect, it } from 'vitest';
import { createLegModel, frictionTorque, gravityTorques, inertiaTorques, jointInertiaKgM2, noLegMotion, noLegTorques, torqueOf, type LegModel, type LegMotion } from '../../../controller/estimation/leg-dynamics.ts';
import { cos, sin } from '../../../protocols/math.ts';
import { legKinds } from '../../../protocols/profile.ts';
import { degToRad } from '../../../protocols/units.ts';
import { Engine, loadEngine } from '../../../sim/body/engine.ts';
import { bodyModel, humanJointName, orthosisJointName } from '../../../sim/body/model.ts';
import { averagePatient, gaitExo } from '../../sim/support/profile.ts';
import { profile } from '../safety/fixtures.ts';

const body = { bodyMassKg: 75 };
const limb = createLegModel(profile, body, 1.8);
const device = createLegModel(profile, null, 1.8);
const withFoot = createLegModel(gaitExo(), body, 1.8);

const models = [['a leg whose foot is fixed', limb], ['a leg whose foot is free', withFoot]] as const;

function potentialJ(model: LegModel, hip: number, knee: number, ankle: number): number {
  const shank = hip - knee;
  const foot = shank + ankle;
  return -model.thighGravityNm * cos(hip) - model.shankGravityNm * cos(shank) - model.footGravityNm * cos(foot) + model.footForwardNm * sin(foot);
}

/** From the segments' own speeds and the angles between them. */
function kineticJ(model: LegModel, { kneeRad, ankleRad, hipRadPerSec, kneeRadPerSec, ankleRadPerSec }: LegMotion): number {
  const thigh = hipRadPerSec;
  const shank = thigh - kneeRadPerSec;
  const foot = shank + ankleRadPerSec;
  const [thighFoot, shankFoot] = [kneeRad - ankleRad, -ankleRad];
  return (
    (model.thighInertiaKgM2 * thigh ** 2 + model.shankInertiaKgM2 * shank ** 2 + model.footInertiaKgM2 * foot ** 2) / 2 +
    model.couplingKgM2 * cos(kneeRad) * thigh * shank +
    (model.thighFootKgM2 * cos(thighFoot) + model.thighFootAcrossKgM2 * sin(thighFoot)) * thigh * foot +
    (model.shankFootKgM2 * cos(shankFoot) + model.shankFootAcrossKgM2 * sin(shankFoot)) * shank * foot
  );
}

describe('gravity', () => {
  it('of leg and foot alone at 90° is the published 12.043157 Nm', () => {
    expect(limb.shankGravityNm - device.shankGravityNm).toBeCloseTo(12.043157, 5);
  });

  it('of shank and foot is the same where the foot is a segment of its own, but for what lies in front of the ankle', () => {
    const alone = createLegModel(gaitExo(), null, 1.8);
    expect(withFoot.shankGravityNm + withFoot.footGravityNm - alone.shankGravityNm - alone.footGravityNm).toBeCloseTo(12.043157, 5);
  });

  it.each([['foot is fixed', profile], ['foot is free', gaitExo()]])('of orthosis and limb in it is the engine’s, to 1e-6 Nm, of a leg whose %s', async (_, robot) => {
    const engine = new Engine(await loadEngine(), bodyModel(robot, averagePatient, { timestepS: 0.001 }));
    const kinds = legKinds.filter((kind) => robot.joints.some((joint) => joint.kind === kind));
    const joints = kinds.map((kind) => ({ kind, places: [humanJointName, orthosisJointName].map((name) => engine.jointIndex(name('left', kind))) }));
    for (const poseDeg of [[0, 0, 0], [30, 60, 10], [-20, 5, -15], [80, 75, 20]]) {
      joints.forEach(({ places }, k) => places.forEach((place) => (engine.qposRad[place] = degToRad(poseDeg[k]!))));
      engine.forward();
      const [hip, knee, ankle] = poseDeg.map(degToRad);
      const own = noLegTorques();
      gravityTorques(createLegModel(robot, averagePatient, averagePatient.heightM), hip!, knee!, kinds.includes('ankle') ? ankle! : 0, own);
      for (const { kind, places } of joints) expect(Math.abs(torqueOf(kind, own) - places.reduce((sum, place) => sum + engine.biasNm[place]!, 0))).toBeLessThan(1e-6);
    }
    engine.dispose();
  });

  it('holds a hanging leg with nothing', () => {
    const out = noLegTorques();
    gravityTorques(limb, 0, 0, 0, out);
    expect([out.hipNm, out.kneeNm + 0, out.ankleNm]).toEqual([0, 0, 0]);
  });

  it.each(models)('of %s is the slope of the potential energy', (_, model) => {
    const out = noLegTorques();
    const h = 1e-6;
    for (const [hip, knee, ankle] of [[0.5, 0.9, 0], [-0.3, 0.1, 0.3], [1.2, 1.3, -0.4]] as const) {
      gravityTorques(model, hip, knee, ankle, out);
      expect(out.hipNm).toBeCloseTo((potentialJ(model, hip + h, knee, ankle) - potentialJ(model, hip - h, knee, ankle)) / (2 * h), 5);
      expect(out.kneeNm).toBeCloseTo((potentialJ(model, hip, knee + h, ankle) - potentialJ(model, hip, knee - h, ankle)) / (2 * h), 5);
      expect(out.ankleNm).toBeCloseTo((potentialJ(model, hip, knee, ankle + h) - potentialJ(model, hip, knee, ankle - h)) / (2 * h), 5);
    }
  });
});

describe('inertia', () => {
  it.each(models)('of %s conserves energy: torque times speed is the change of the kinetic energy', (_, model) => {
    const out = noLegTorques();
    const motion = (t: number): LegMotion => ({
      hipRad: 0.3 * sin(3 * t),
      kneeRad: 0.6 + 0.5 * sin(4 * t + 1),
      ankleRad: 0.3 * sin(5 * t + 2),
      hipRadPerSec: 0.9 * cos(3 * t),
      kneeRadPerSec: 2 * cos(4 * t + 1),
      ankleRadPerSec: 1.5 * cos(5 * t + 2),
      hipRadPerSec2: -2.7 * sin(3 * t),
      kneeRadPerSec2: -8 * sin(4 * t + 1),
      ankleRadPerSec2: -7.5 * sin(5 * t + 2),
    });
    for (let t = 0; t < 2; t += 0.05) {
      const at = motion(t);
      inertiaTorques(model, at, out);
      const power = out.hipNm * at.hipRadPerSec + out.kneeNm * at.kneeRadPerSec + out.ankleNm * at.ankleRadPerSec;
      expect(power).toBeCloseTo((kineticJ(model, motion(t + 1e-5)) - kineticJ(model, motion(t - 1e-5))) / 2e-5, 4);
    }
  });

  it.each(models)('of %s, seen by one drive alone, is what accelerates its joint from rest', (_, model) => {
    const out = noLegTorques();
    const still: LegMotion = { ...noLegMotion(), hipRad: 0.2, kneeRad: 0.7, ankleRad: -0.2 };
    const changes = { hip: { hipRadPerSec2: 1 }, knee: { kneeRadPerSec2: 1 }, ankle: { ankleRadPerSec2: 1 } };
    for (const kind of legKinds) {
      inertiaTorques(model, { ...still, ...changes[kind] }, out);
      expect(torqueOf(kind, out)).toBeCloseTo(jointInertiaKgM2(model, kind, 0.7, -0.2), 9);
    }
  });

  it('of a fixed foot is none of its own', () => {
    expect(jointInertiaKgM2(limb, 'ankle', 0.7, 0)).toBe(0);
    expect([limb.footGravityNm, limb.footForwardNm, limb.thighFootKgM2, limb.shankFootAcrossKgM2]).toEqual([0, 0, 0, 0]);
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
