import { afterEach, describe, expect, test } from 'vitest';
import { sin } from '../../../protocols/math.ts';
import { degToRad, radToDeg } from '../../../protocols/units.ts';
import { Body } from '../../../sim/body/body.ts';
import { STEP_US } from '../../../sim/drives/device.ts';
import { Engine, loadEngine } from '../../../sim/body/engine.ts';
import { humanLeg, orthosisLeg } from '../../../sim/body/human.ts';
import { CUFF_IMPEDANCE, bodyModel, cuffName, humanJointName, orthosisJointName, segmentName } from '../../../sim/body/model.ts';
import { gravityTorques, legChain } from '../../../sim/body/rest-pose.ts';
import { averagePatient, gaitExo, gaitOrthosis } from '../support/profile.ts';

const profile = gaitOrthosis();
const disposables: { dispose(): void }[] = [];

afterEach(() => {
  for (const disposable of disposables.splice(0)) disposable.dispose();
});

async function engineOf(xml: string): Promise<Engine> {
  const engine = new Engine(await loadEngine(), xml);
  disposables.push(engine);
  return engine;
}

async function newBody(of = profile): Promise<Body> {
  const body = await Body.create(of, averagePatient);
  disposables.push(body);
  return body;
}

const run = (body: Body, durationS: number): void => {
  for (let i = 0; i < durationS * 1e6; i += STEP_US) body.step();
};

const anglesDeg = (body: Body): number[] => profile.joints.map((_, joint) => radToDeg(body.positionRad(joint)));

test('the engine holds two bodies of known truth: a point-mass double pendulum', async () => {
  const bob = '<inertial pos="0 0 -1" mass="1" diaginertia="1e-12 1e-12 1e-12"/>';
  const pendulum = await engineOf(`<mujoco><compiler angle="radian" boundmass="0" boundinertia="0"/>
<option timestep="0.001" integrator="RK4" gravity="0 0 -9.81"/><worldbody>
<body><joint name="upper" type="hinge" axis="0 -1 0"/>${bob}<body pos="0 0 -1"><joint name="lower" type="hinge" axis="0 -1 0"/>${bob}</body></body>
</worldbody></mujoco>`);
  pendulum.qposRad[pendulum.jointIndex('upper')] = Math.PI / 2;
  for (let i = 0; i < 1_000; i++) pendulum.step();
  // The relative angle of the lower arm is 0 at the start: both arms point at pi/2.
  const upper = pendulum.qposRad[0]!;
  expect(upper).toBeCloseTo(-0.6250877, 6);
  expect(upper + pendulum.qposRad[1]!).toBeCloseTo(-1.034585086, 6);
});

test('gravity on limb and orthosis is the closed form, at any pose', async () => {
  const engine = await engineOf(bodyModel(profile, averagePatient, { timestepS: 0.001 }));
  const leg = humanLeg(averagePatient, profile.geometry);
  const orthosis = orthosisLeg(averagePatient, profile.geometry);
  const none = { massKg: 0, lengthM: leg.thigh.lengthM, comM: 0, forwardM: 0, inertiaKgM2: 0 };
  for (const [hipDeg, kneeDeg] of [[0, 0], [30, 60], [-20, 5], [80, 75]] as const) {
    const pose = { hipRad: degToRad(hipDeg), kneeRad: degToRad(kneeDeg), ankleRad: 0 };
    for (const side of ['left', 'right'] as const)
      for (const name of [humanJointName, orthosisJointName]) {
        engine.qposRad[engine.jointIndex(name(side, 'hip'))] = pose.hipRad;
        engine.qposRad[engine.jointIndex(name(side, 'knee'))] = pose.kneeRad;
      }
    engine.forward();
    const limb = gravityTorques(legChain(leg, { thigh: none, shank: none, foot: null }), pose);
    expect(-engine.biasNm[engine.jointIndex(humanJointName('left', 'hip'))]!).toBeCloseTo(limb.hipNm, 6);
    expect(-engine.biasNm[engine.jointIndex(humanJointName('left', 'knee'))]!).toBeCloseTo(limb.kneeNm, 6);
    const empty = { thigh: none, shank: none, foot: none };
    const frame = gravityTorques(legChain(empty, orthosis), pose);
    expect(-engine.biasNm[engine.jointIndex(orthosisJointName('right', 'hip'))]!).toBeCloseTo(frame.hipNm, 6);
    expect(-engine.biasNm[engine.jointIndex(orthosisJointName('right', 'knee'))]!).toBeCloseTo(frame.kneeNm, 6);
  }
});

test('gravity on a leg whose foot is free is the closed form, at any pose', async () => {
  const exo = gaitExo();
  const engine = await engineOf(bodyModel(exo, averagePatient, { timestepS: 0.001 }));
  const none = { massKg: 0, lengthM: 0.441, comM: 0, forwardM: 0, inertiaKgM2: 0 };
  const shank = { ...none, lengthM: 0.4428 };
  const limb = legChain(humanLeg(averagePatient, exo.geometry), { thigh: none, shank, foot: none });
  const frame = legChain({ thigh: none, shank, foot: none }, orthosisLeg(averagePatient, exo.geometry));
  for (const [hipDeg, kneeDeg, ankleDeg] of [[0, 0, 0], [30, 60, -15], [-20, 5, 25], [80, 75, 10]] as const) {
    const pose = { hipRad: degToRad(hipDeg), kneeRad: degToRad(kneeDeg), ankleRad: degToRad(ankleDeg) };
    for (const [name, chain] of [[humanJointName, limb], [orthosisJointName, frame]] as const) {
      for (const side of ['left', 'right'] as const)
        for (const [kind, rad] of [['hip', pose.hipRad], ['knee', pose.kneeRad], ['ankle', pose.ankleRad]] as const) engine.qposRad[engine.jointIndex(name(side, kind))] = rad;
      engine.forward();
      const { hipNm, kneeNm, ankleNm } = gravityTorques(chain, pose);
      for (const [kind, torqueNm] of [['hip', hipNm], ['knee', kneeNm], ['ankle', ankleNm]] as const) expect(-engine.biasNm[engine.jointIndex(name('left', kind))]!).toBeCloseTo(torqueNm, 6);
    }
  }
});

test('a pull test gives the cuffs the stiffness of the profile', async () => {
  const engine = await engineOf(bodyModel(profile, averagePatient, { timestepS: 0.001 }).replaceAll(/frictionloss="[^"]*"/g, ''));
  for (const side of ['left', 'right'] as const)
    for (const part of ['thigh', 'shank'] as const)
      engine.setConnectStiffness(cuffName(part, side), [segmentName('orthosis', part, side), segmentName('human', part, side)], profile.geometry.cuffStiffnessNPerM, profile.geometry.cuffDampingNsPerM, CUFF_IMPEDANCE);
  const [thigh, orthosis] = [engine.jointIndex(humanJointName('left', 'hip')), engine.jointIndex(orthosisJointName('left', 'hip'))];
  // Limb and orthosis pulled apart at the thigh: the weight of the leg cancels out of the difference of two pulls.
  const gapM = (pullNm: number): number => {
    engine.appliedNm[thigh] = pullNm;
    engine.appliedNm[orthosis] = -pullNm;
    for (let i = 0; i < 20_000; i++) engine.step();
    const leverM = 0.6 * humanLeg(averagePatient, profile.geometry).thigh.lengthM;
    return leverM * (engine.qposRad[thigh]! - engine.qposRad[orthosis]!);
  };
  const leverM = 0.6 * humanLeg(averagePatient, profile.geometry).thigh.lengthM;
  const stiffnessNPerM = (2 * 4) / leverM / (gapM(4) - gapM(-4));
  expect(stiffnessNPerM / profile.geometry.cuffStiffnessNPerM).toBeGreaterThan(0.8);
  expect(stiffnessNPerM / profile.geometry.cuffStiffnessNPerM).toBeLessThan(1.25);
});

describe('the relaxed patient', () => {
  test('hangs still inside the soft range with no drive on', async () => {
    const body = await newBody();
    const before = anglesDeg(body);
    run(body, 5);
    const after = anglesDeg(body);
    after.forEach((angle, joint) => {
      expect(Math.abs(angle - before[joint]!)).toBeLessThan(0.5);
      expect(angle).toBeGreaterThan(profile.joints[joint]!.softRangeDeg.min + 2);
      expect(angle).toBeLessThan(profile.joints[joint]!.softRangeDeg.max);
    });
  });

  test('falls back toward the resting pose after being lifted', async () => {
    const body = await newBody();
    body.setMotorTorqueNm(0, 45);
    run(body, 3);
    expect(anglesDeg(body)[0]!).toBeGreaterThan(30);
    body.setMotorTorqueNm(0, 0);
    run(body, 5);
    expect(anglesDeg(body)[0]!).toBeLessThan(15);
  });

  test('is moved along a sine by the impedance of the profile, within a few degrees', async () => {
    const body = await newBody();
    const [omegaRadPerSec, seconds] = [2 * Math.PI * 0.7, 10];
    let [squares, count, peakNm] = [0, 0, 0];
    for (let step = 0; step < seconds * 1_000; step++) {
      const fade = Math.min(1, step / 2_000);
      profile.joints.forEach((joint, i) => {
        const phase = (omegaRadPerSec * step) / 1_000 + (joint.side === 'left' ? 0 : Math.PI);
        const [middleDeg, swingDeg] = joint.kind === 'hip' ? [10, 20] : [30, 22];
        const targetRad = degToRad(middleDeg + fade * swingDeg * sin(phase));
        const targetRadPerSec = degToRad(fade * swingDeg * sin(phase + Math.PI / 2)) * omegaRadPerSec;
        const errorRad = targetRad - body.positionRad(i);
        const torqueNm = joint.stiffnessNmPerRad * errorRad + joint.dampingNmsPerRad * (targetRadPerSec - body.velocityRadPerSec(i));
        body.setMotorTorqueNm(i, torqueNm);
        if (step < 4_000) return;
        squares += errorRad ** 2;
        count++;
        peakNm = Math.max(peakNm, Math.abs(torqueNm));
      });
      body.step();
    }
    expect(radToDeg(Math.sqrt(squares / count))).toBeLessThan(3);
    expect(peakNm).toBeLessThan(60);
  });
});

test('no torque that a motor has drives a joint far through its mechanical stop', async () => {
  const body = await newBody();
  for (const direction of [1, -1]) {
    profile.joints.forEach((joint, i) => body.setMotorTorqueNm(i, direction * joint.drive.peakTorqueNm));
    run(body, 3);
    anglesDeg(body).forEach((angle, i) => {
      const { min, max } = profile.joints[i]!.mechanicalStopDeg;
      expect(angle).toBeGreaterThan(min - 6);
      expect(angle).toBeLessThan(max + 6);
    });
  }
});

test('an engaged brake holds the leg against a torque that otherwise lifts it', async () => {
  const body = await newBody();
  body.setBrakes(true);
  body.setMotorTorqueNm(0, 60);
  const [before] = anglesDeg(body);
  run(body, 2);
  expect(Math.abs(anglesDeg(body)[0]! - before!)).toBeLessThan(1);
});

test('the torque sensor shows the load behind the friction: next to nothing on a leg that hangs', async () => {
  const body = await newBody();
  run(body, 1);
  expect(Math.abs(body.jointTorqueNm(0))).toBeLessThan(1);
  body.setMotorTorqueNm(0, 30);
  run(body, 5);
  const friction = profile.joints[0]!.coulombFrictionNm;
  expect(body.jointTorqueNm(0)).toBeGreaterThan(30 - friction - 0.5);
  expect(body.jointTorqueNm(0)).toBeLessThan(30 + friction + 0.5);
});

test('a patient is laid into the orthosis where that stands: the cuffs pull neither limb to the other', async () => {
  const body = await newBody();
  body.setPatient(false);
  // Empty and without power it sinks to another posture than the one in which he hung.
  run(body, 3);
  const before = anglesDeg(body);
  body.setPatient(true);
  let fastest = 0;
  for (let i = 0; i < 100; i++) {
    run(body, 0.001);
    for (let joint = 0; joint < profile.joints.length; joint++) fastest = Math.max(fastest, Math.abs(radToDeg(body.velocityRadPerSec(joint))));
  }
  expect(fastest).toBeLessThan(5);
  anglesDeg(body).forEach((deg, joint) => expect(Math.abs(deg - before[joint]!)).toBeLessThan(0.5));
});

describe('a limb that is held fast', () => {
  const KNEE = 1;

  test('is caught in full swing, and flings nothing about', async () => {
    const body = await newBody();
    body.setMotorTorqueNm(KNEE, 60);
    run(body, 0.12);
    const swingDegPerSec = radToDeg(body.velocityRadPerSec(KNEE));
    expect(swingDegPerSec).toBeGreaterThan(150);
    body.setMotorTorqueNm(KNEE, 0);
    body.setBlocked(KNEE, true);
    for (let ms = 0; ms < 100; ms++) {
      run(body, 0.001);
      expect(Math.abs(radToDeg(body.velocityRadPerSec(KNEE))), `${ms} ms`).toBeLessThan(1.1 * swingDegPerSec);
      expect(Math.abs(body.cuffTorqueNm(KNEE)), `${ms} ms`).toBeLessThan(400);
    }
  });

  test('stays where it is against a person who pushes with 50 Nm, and moves again when it is let go', async () => {
    const body = await newBody();
    run(body, 0.5);
    body.setBlocked(KNEE, true);
    run(body, 0.2);
    const heldDeg = radToDeg(body.positionRad(KNEE));
    body.setPushNm(KNEE, 50);
    run(body, 1);
    expect(Math.abs(radToDeg(body.positionRad(KNEE)) - heldDeg)).toBeLessThan(1.5);
    body.setBlocked(KNEE, false);
    run(body, 0.5);
    expect(Math.abs(radToDeg(body.positionRad(KNEE)) - heldDeg)).toBeGreaterThan(3);
  });
});

describe('the true torque through the cuffs', () => {
  // Stiff cuffs: in soft ones the limb gives way by degrees, and its weight and tissue take some of the push.
  const { cuffStiffnessNPerM, cuffDampingNsPerM } = profile.geometry;
  const stiff = { ...profile, geometry: { ...profile.geometry, cuffStiffnessNPerM: 20 * cuffStiffnessNPerM, cuffDampingNsPerM: 4 * cuffDampingNsPerM } };

  const pushed = async (joint: number): Promise<number[]> => {
    const body = await newBody(stiff);
    body.setBrakes(true);
    run(body, 2);
    const before = profile.joints.map((_, i) => body.cuffTorqueNm(i));
    body.setPushNm(joint, 20);
    run(body, 2);
    return profile.joints.map((_, i) => body.cuffTorqueNm(i) - before[i]!);
  };

  test('is the push on the limb, at that joint and at no other, while the orthosis stands', async () => {
    for (const joint of [0, 1, 3]) {
      const changesNm = await pushed(joint);
      changesNm.forEach((changeNm, i) => expect(Math.abs(changeNm - (i === joint ? 20 : 0))).toBeLessThan(0.6));
    }
  });

  test('balances motor, friction and weight of an orthosis that is moved', async () => {
    const body = await newBody();
    body.setBrakes(true);
    run(body, 3);
    // At rest under the brake the sensor shows what the brake carries: the orthosis' weight less what the limb adds.
    const frame = orthosisLeg(averagePatient, profile.geometry);
    const none = { massKg: 0, lengthM: frame.thigh.lengthM, comM: 0, forwardM: 0, inertiaKgM2: 0 };
    const weight = gravityTorques(legChain({ thigh: none, shank: none, foot: none }, frame), { hipRad: body.positionRad(0), kneeRad: body.positionRad(1), ankleRad: 0 });
    expect(body.cuffTorqueNm(0) + weight.hipNm + body.jointTorqueNm(0)).toBeCloseTo(0, 1);
    expect(body.cuffTorqueNm(1) + weight.kneeNm + body.jointTorqueNm(1)).toBeCloseTo(0, 1);
  });
});

test('a body that blows up says so instead of starting over', async () => {
  const body = await newBody();
  body.setMotorTorqueNm(0, Number.NaN);
  expect(() => run(body, 0.1)).toThrow(/unstable/);
});

test('open cuffs carry nothing, and carry again when they are closed', async () => {
  const wayDeg = async (closed: boolean): Promise<[Body, number]> => {
    const body = await newBody();
    body.setCuffs(closed);
    const before = anglesDeg(body)[0]!;
    body.setMotorTorqueNm(0, 15);
    run(body, 0.2);
    return [body, anglesDeg(body)[0]! - before];
  };
  const [, loadedDeg] = await wayDeg(true);
  const [body, emptyDeg] = await wayDeg(false);
  expect(emptyDeg).toBeGreaterThan(1.5 * loadedDeg);
  expect(body.cuffTorqueNm(0)).toBe(0);
  body.setMotorTorqueNm(0, 0);
  body.setCuffs(true);
  run(body, 2);
  expect(Math.abs(body.cuffTorqueNm(0))).toBeGreaterThan(0.05);
});
