import { afterEach, describe, expect, it } from 'vitest';
import { ArmDevice } from '../../../controller/estimation/arm-dynamics.ts';
import { ArmInteraction } from '../../../controller/estimation/arm-interaction.ts';
import { degToRad, radToDeg, US_PER_S } from '../../../protocols/units.ts';
import { passiveArmTorqueNm } from '../../../sim/body/arm-plan.ts';
import { Body } from '../../../sim/body/body.ts';
import { STEP_US } from '../../../sim/drives/device.ts';
import { armExo, averagePatient } from '../support/profile.ts';

const profile = armExo();
const disposables: { dispose(): void }[] = [];
afterEach(() => {
  for (const disposable of disposables.splice(0)) disposable.dispose();
});

async function newBody(of = profile): Promise<Body> {
  const body = await Body.create(of, averagePatient);
  disposables.push(body);
  return body;
}

const run = (body: Body, seconds: number): void => {
  for (let us = 0; us < seconds * US_PER_S; us += STEP_US) body.step();
};
const anglesDeg = (body: Body): number[] => profile.joints.map((_, j) => radToDeg(body.positionRad(j)));
const scaled = (friction: number): typeof profile => ({ ...profile, joints: profile.joints.map((joint) => ({ ...joint, coulombFrictionNm: friction * joint.coulombFrictionNm })) });

describe('an arm in its robot', () => {
  it.each([0.5, 1, 1.5])('empty and released, stays where it is by %f of its friction', async (friction) => {
    const body = await newBody(scaled(friction));
    body.setPatient(false);
    run(body, 5);
    anglesDeg(body).forEach((deg, j) => expect(Math.abs(deg - profile.joints[j]!.homePositionDeg)).toBeLessThan(1.5));
  });

  it('sinks with an arm in it, and is held by its brakes', async () => {
    const held = await newBody();
    held.setBrakes(true);
    run(held, 3);
    expect(Math.abs(anglesDeg(held)[1]! - profile.joints[1]!.homePositionDeg)).toBeLessThan(1);
    const free = await newBody();
    run(free, 3);
    expect(anglesDeg(free)[1]).toBeLessThan(profile.joints[1]!.homePositionDeg - 15);
  });

  it('is taken along by the device in every joint, through its cuffs', async () => {
    for (let j = 0; j < profile.joints.length; j++) {
      const body = await newBody();
      body.setBrakes(true);
      run(body, 1);
      const before = body.cuffTorqueNm(j);
      body.setPushNm(j, 4);
      run(body, 1);
      expect(body.cuffTorqueNm(j) - before).toBeGreaterThan(3);
      expect(body.cuffTorqueNm(j) - before).toBeLessThan(5);
    }
  });

  it('is laid in where the device stands, without a pull', async () => {
    const body = await newBody();
    body.setBrakes(true);
    body.setPatient(false);
    run(body, 2);
    body.setPatient(true);
    run(body, 0.5);
    for (let j = 0; j < profile.joints.length; j++) expect(Math.abs(body.cuffTorqueNm(j))).toBeLessThan(15);
    anglesDeg(body).forEach((deg, j) => expect(Math.abs(deg - profile.joints[j]!.homePositionDeg)).toBeLessThan(1.5));
  });

  it('has tissue that holds it at the ends of its joints, and hardly between them', () => {
    expect(Math.abs(passiveArmTorqueNm('elbow', degToRad(60)))).toBeLessThan(0.01);
    expect(passiveArmTorqueNm('elbow', degToRad(-10))).toBeGreaterThan(1.5);
    expect(passiveArmTorqueNm('wrist', degToRad(95))).toBeLessThan(-5);
  });
});

it('a push on the arm is found from motor side and torque sensor, at the joint where it is', async () => {
  const body = await newBody();
  const setup = { patientRef: 'p', ...averagePatient, permittedRangeRad: [], parameters: { speedMps: 0.1, guidance: { left: 1, right: 1 }, romScale: [], offsetRad: [] } };
  const estimate = new ArmInteraction(profile, setup);
  let sequence = 0;
  const watch = (seconds: number): void => {
    for (let n = 0; n < seconds * 250; n++) {
      for (let step = 0; step < 4; step++) {
        profile.joints.forEach(({ stiffnessNmPerRad, dampingNmsPerRad, homePositionDeg }, j) => body.setMotorTorqueNm(j, stiffnessNmPerRad * (degToRad(homePositionDeg) - body.positionRad(j)) - dampingNmsPerRad * body.velocityRadPerSec(j)));
        body.step();
      }
      sequence++;
      estimate.update(profile.joints.map((_, j) => ({ positionRad: body.positionRad(j), velocityRadPerSec: body.velocityRadPerSec(j), jointTorqueNm: body.jointTorqueNm(j), motorAtUs: sequence * 4_000, motorSequence: sequence })), sequence * 4_000);
    }
  };
  watch(2);
  const before = [...estimate.torqueNm];
  for (const torqueNm of before) expect(Math.abs(torqueNm)).toBeLessThan(1);
  body.setPushNm(3, 5);
  watch(2);
  expect(estimate.torqueNm[3]! - before[3]!).toBeGreaterThan(4);
  expect(estimate.torqueNm[3]! - before[3]!).toBeLessThan(6);
  for (const j of [0, 1, 4, 5]) expect(Math.abs(estimate.torqueNm[j]! - before[j]!)).toBeLessThan(1);
});

it('what the empty device asks of its joints is little, and found for the posture it has', () => {
  const device = new ArmDevice(profile);
  const joints = profile.joints.map(({ homePositionDeg }) => ({ positionRad: degToRad(homePositionDeg) }));
  profile.joints.forEach(({ coulombFrictionNm }, j) => expect(Math.abs(device.gravityNm(j, joints))).toBeLessThan(coulombFrictionNm));
  expect(device.inertiaKgM2(1, joints)).toBeGreaterThan(0.1);
  expect(device.gravityNm(7, joints)).toBeNaN();
});
