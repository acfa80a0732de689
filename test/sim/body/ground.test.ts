import { afterEach, describe, expect, test } from 'vitest';
import { kgToNewton } from '../../../protocols/units.ts';
import { Body } from '../../../sim/body/body.ts';
import { Ground } from '../../../sim/body/ground.ts';
import { standingHipM } from '../../../sim/body/ground-model.ts';
import type { Patient } from '../../../sim/body/human.ts';
import { averagePatient, gaitOrthosis, groundedOrthosis } from '../support/profile.ts';

const profile = groundedOrthosis();
const bodies: Body[] = [];

afterEach(() => {
  for (const body of bodies.splice(0)) body.dispose();
});

interface Person {
  readonly body: Body;
  readonly ground: Ground;
}

async function person(patient: Patient = averagePatient, robot = profile): Promise<Person> {
  const body = await Body.create(robot, patient);
  bodies.push(body);
  const { ground } = body;
  if (!(ground instanceof Ground)) throw new Error('needs ground');
  return { body, ground };
}

/** Motors that hold hips and knees slightly bent, as an orthosis does, or this many times as firmly. */
function stand({ body }: Person, sec: number, each: () => void = () => {}, firmness = 1): void {
  for (let ms = 0; ms < sec * 1_000; ms++) {
    profile.joints.forEach(({ kind, stiffnessNmPerRad }, joint) => {
      const heldRad = kind === 'hip' ? 0.08 : 0.15;
      body.setMotorTorqueNm(joint, firmness * (stiffnessNmPerRad * (heldRad - body.positionRad(joint)) - 8 * body.velocityRadPerSec(joint)));
    });
    body.step();
    each();
  }
}

/** Lets him down slowly until the rope carries no more than that. */
function lower(who: Person, unloadingN: number): void {
  const { ground } = who;
  ground.ropeN = ground.bodyWeightN;
  stand(who, 3, () => (ground.ropeN = Math.max(unloadingN, ground.ropeN - 0.4)));
  stand(who, 2);
}

const onTheBeltN = ({ ground }: Person): number => ground.footLoadsN.reduce((sum, loadN) => sum + loadN, 0);

test('without ground the feet swing free', async () => {
  const body = await Body.create(gaitOrthosis(), averagePatient);
  bodies.push(body);
  expect(body.ground).toBeNull();
});

describe('standing', () => {
  test.each([
    { bodyMassKg: 75, heightM: 1.8, unloadingKg: 30 },
    { bodyMassKg: 75, heightM: 1.8, unloadingKg: 10 },
    { bodyMassKg: 25, heightM: 1.2, unloadingKg: 0 },
    { bodyMassKg: 120, heightM: 2, unloadingKg: 85 },
  ])('$bodyMassKg kg with $unloadingKg kg of unloading weigh the rest on the belt, within 1 %', async ({ unloadingKg, ...patient }) => {
    const who = await person(patient);
    lower(who, kgToNewton(unloadingKg));
    const weightN = 9.81 * patient.bodyMassKg - kgToNewton(unloadingKg);
    expect(Math.abs(onTheBeltN(who) / weightN - 1)).toBeLessThan(0.01);
    expect(who.ground.footLoadsN[0]! + who.ground.footLoadsN[1]!).toBeCloseTo(who.ground.footLoadsN[2]! + who.ground.footLoadsN[3]!, 3);
    expect(who.ground.pelvisHeightM).toBeLessThan(standingHipM(patient, profile.geometry));
    expect(who.ground.pelvisHeightM).toBeGreaterThan(0.95 * standingHipM(patient, profile.geometry));
  });

  test('a standing person gains no energy and goes nowhere: pelvis and feet drift by less than 2 mm in 20 s', async () => {
    const who = await person();
    lower(who, kgToNewton(30));
    const { feet } = who.ground;
    const before = [who.ground.pelvisHeightM, feet.left.heel.forwardM, feet.right.heel.forwardM];
    stand(who, 20);
    [who.ground.pelvisHeightM, feet.left.heel.forwardM, feet.right.heel.forwardM].forEach((placeM, i) => expect(Math.abs(placeM - before[i]!)).toBeLessThan(2e-3));
    expect(Math.abs(who.ground.pelvisMps)).toBeLessThan(1e-3);
  });

  test('legs that nobody holds give way, and the strap beside the rope ends the fall', async () => {
    const { body, ground } = await person();
    ground.ropeN = kgToNewton(20);
    let lowestM = Infinity;
    for (let ms = 0; ms < 5_000; ms++) {
      body.step();
      lowestM = Math.min(lowestM, ground.pelvisHeightM);
    }
    expect(ground.pelvisHeightM).toBeLessThan(standingHipM(averagePatient, profile.geometry) - 0.1);
    expect(lowestM).toBeGreaterThan(standingHipM(averagePatient, profile.geometry) - 0.25);
  });
});

describe('the empty robot', () => {
  test('is clamped where a patient would hang, within a millimetre', async () => {
    const { body, ground } = await person();
    body.setPatient(false);
    for (let ms = 0; ms < 3_000; ms++) body.step();
    expect(Math.abs(ground.pelvisHeightM - standingHipM(averagePatient, profile.geometry))).toBeLessThan(1e-3);
    expect(ground.footLoadsN.every((loadN) => loadN === 0)).toBe(true);
  });
});

describe('the belt', () => {
  test('drags feet that are held fast by friction times load, and slips under them', async () => {
    // So slippery that a foot does not dig its toes in.
    const friction = 0.2;
    const who = await person(averagePatient, { ...profile, geometry: { ...profile.geometry, ground: { ...profile.geometry.ground!, friction } } });
    lower(who, kgToNewton(30));
    // What the hips have to hold against the ground is the drag times their height less the loads times their levers; the rest is the same both ways.
    const { heel, forefoot } = who.ground.feet.left;
    const soles = Object.values(who.ground.feet).flatMap((foot) => [foot.heel, foot.forefoot]);
    const hipsNm = (beltMps: number): number => {
      who.ground.setBeltMps(beltMps);
      stand(who, 4, () => {}, 20);
      const fromM = heel.forwardM;
      let sumNm = 0;
      stand(who, 1, () => (sumNm += (who.body.motorTorqueNm(0) + who.body.motorTorqueNm(2) + soles.reduce((levers, { loadN, forwardM }) => levers + loadN * forwardM, 0)) / 1_000), 20);
      expect(Math.abs(heel.forwardM - fromM)).toBeLessThan(1e-3);
      expect(Math.abs((heel.loadN > forefoot.loadN ? heel : forefoot).slipMps - beltMps)).toBeLessThan(0.1);
      return sumNm;
    };
    const dragNm = (hipsNm(0.6) - hipsNm(-0.6)) / 2;
    const loadN = 9.81 * averagePatient.bodyMassKg - kgToNewton(30);
    // The cuffs give way by two degrees, and the legs' own weight then bears some 5 % of it.
    expect(Math.abs(dragNm / (friction * loadN * who.ground.pelvisHeightM) - 1)).toBeLessThan(0.1);
  });

  test('carries feet along that nobody holds back: they go as fast as the belt and do not slip', async () => {
    const who = await person();
    lower(who, kgToNewton(45));
    const { body, ground } = who;
    ground.setBeltMps(0.2);
    const freeHips = (): void => [0, 2].forEach((hip) => body.setMotorTorqueNm(hip, 0));
    stand(who, 0.3, freeHips);
    const { heel, forefoot } = ground.feet.left;
    const fromM = heel.forwardM;
    stand(who, 0.3, freeHips);
    expect(heel.loadN + forefoot.loadN).toBeGreaterThan(50);
    expect(fromM - heel.forwardM).toBeCloseTo(0.2 * 0.3, 2);
    expect(Math.abs(heel.slipMps)).toBeLessThan(0.02);
  });
});

test('a raised foot bears nothing and slips on nothing', async () => {
  const { body, ground } = await person();
  ground.ropeN = ground.bodyWeightN;
  ground.setBeltMps(0.5);
  for (let ms = 0; ms < 100; ms++) body.step();
  for (const { heel, forefoot } of Object.values(ground.feet))
    for (const sole of [heel, forefoot]) {
      expect(sole.heightM).toBeGreaterThan(0.001);
      expect(sole).toMatchObject({ loadN: 0, slipMps: 0 });
    }
});

test('the same walk on the belt twice is the same, bit for bit', async () => {
  const course = async (): Promise<string> => {
    const who = await person();
    lower(who, kgToNewton(30));
    who.ground.setBeltMps(0.4);
    stand(who, 2);
    return JSON.stringify([who.ground.pelvisHeightM, ...who.ground.footLoadsN, who.ground.feet, ...profile.joints.map((_, joint) => who.body.positionRad(joint))]);
  };
  expect(await course()).toBe(await course());
});
