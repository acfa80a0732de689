import { afterEach, describe, expect, it } from 'vitest';
import { Body } from '../../../sim/body/body.ts';
import { averagePatient, footplates } from '../support/profile.ts';

const profile = footplates();
const bodies: Body[] = [];
afterEach(() => {
  for (const body of bodies.splice(0)) body.dispose();
});

async function newBody(of = profile): Promise<Body> {
  const body = await Body.create(of, averagePatient);
  bodies.push(body);
  return body;
}

const run = (body: Body, sec: number): void => {
  for (let ms = 0; ms < sec * 1_000; ms++) body.step();
};
/** And no plate swings about its axis. */
const frictionless = { ...profile, geometry: { ...profile.geometry, plateComBelowM: 0, plateComForwardM: 0 }, joints: profile.joints.map((joint) => ({ ...joint, coulombFrictionNm: 0, viscousFrictionNmsPerRad: 0 })) };

describe('footplates in the engine', () => {
  it('empty, a torque at the drum is a force at the belt: torque / lead over everything that goes along', async () => {
    for (const [joint, movedKg, lead] of [[0, 21, 0.3], [1, 11, 0.125]] as const) {
      const body = await newBody(frictionless);
      body.setPatient(false);
      const rotorKg = profile.joints[joint]!.rotorInertiaKgM2 / lead ** 2;
      const weightN = joint === 1 ? (1 - profile.geometry.balancedShare) * movedKg * 9.81 : 0;
      body.setMotorTorqueNm(joint, 12);
      run(body, 0.1);
      expect((lead * body.velocityRadPerSec(joint)) / 0.1).toBeCloseTo((12 / lead - weightN) / (movedKg + rotorKg), 1);
    }
  });

  it.each([0.5, 1, 1.5])('empty and released, they stay where they are by %f of their friction', async (friction) => {
    const body = await newBody({ ...profile, joints: profile.joints.map((joint) => ({ ...joint, coulombFrictionNm: friction * joint.coulombFrictionNm })) });
    body.setPatient(false);
    run(body, 5);
    profile.joints.forEach(({ homePositionDeg }, j) => expect(Math.abs((body.positionRad(j) * 180) / Math.PI - homePositionDeg)).toBeLessThan(1.5));
  });

  it('who is carried whole sits with his feet on the plates, and presses on them with what his legs weigh at most', async () => {
    const body = await newBody();
    const ground = body.ground!;
    body.setBrakes(true);
    ground.ropeN = ground.bodyWeightN;
    run(body, 3);
    const pressedN = ground.footLoadsN.reduce((sum, loadN) => sum + loadN, 0);
    expect(pressedN).toBeLessThan(0.322 * ground.bodyWeightN);
    for (const { heel, forefoot } of [ground.feet.left, ground.feet.right]) for (const sole of [heel, forefoot]) expect([Math.abs(sole.heightM) < 0.005, Math.abs(sole.slipMps) < 1e-3]).toEqual([true, true]);
  });

  it('who is let down presses with what the saddle does not carry, until its travel ends', async () => {
    const body = await newBody();
    const pressedN = (): number => -(body.cuffTorqueNm(1) + body.cuffTorqueNm(4)) / 0.125;
    const ground = body.ground!;
    body.setBrakes(true);
    ground.ropeN = ground.bodyWeightN;
    run(body, 2);
    const carriedN = pressedN();
    ground.ropeN = ground.bodyWeightN - 60;
    run(body, 3);
    expect(pressedN() - carriedN).toBeCloseTo(60, -1);
    ground.ropeN = 0;
    run(body, 3);
    const lowestM = profile.geometry.saddleLowestFraction * 0.491 * averagePatient.heightM;
    expect(Math.abs(ground.pelvisHeightM - lowestM)).toBeLessThan(0.01);
  });

  it('what somebody does to a joint of the leg the plates feel as that joint does', async () => {
    const body = await newBody();
    body.ground!.ropeN = body.ground!.bodyWeightN;
    body.setBrakes(true);
    run(body, 2);
    const before = body.cuffTorqueNm(2);
    body.setPushNm(2, 5);
    run(body, 1);
    expect(body.cuffTorqueNm(2) - before).toBeGreaterThan(2);
    expect(body.cuffTorqueNm(2) - before).toBeLessThan(6);
  });

  it('is laid onto the plates where they stand, without a pull', async () => {
    const body = await newBody();
    body.setPatient(false);
    body.setMotorTorqueNm(0, 15);
    run(body, 0.4);
    body.setMotorTorqueNm(0, 0);
    body.setBrakes(true);
    run(body, 0.5);
    expect(body.positionRad(0)).toBeGreaterThan(0.2);
    body.setPatient(true);
    body.ground!.ropeN = body.ground!.bodyWeightN;
    body.step();
    expect(Math.abs(body.cuffTorqueNm(0))).toBeLessThan(15);
  });
});
