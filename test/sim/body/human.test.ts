import { expect, test } from 'vitest';
import { humanLeg, orthosisLeg } from '../../../sim/body/human.ts';
import { GRAVITY_MPS2, gravityTorques, legChain, restPose } from '../../../sim/body/rest-pose.ts';
import { passiveAnkleTorqueNm, passiveHipTorqueNm, passiveKneeTorqueNm } from '../../../sim/body/passive.ts';
import { degToRad, radToDeg } from '../../../protocols/units.ts';
import { averagePatient, gaitExo, gaitOrthosis } from '../support/profile.ts';

const { geometry } = gaitOrthosis();

test('a person of 75 kg and 1.80 m has the segments of the published tables', () => {
  const { thigh, shank } = humanLeg(averagePatient, geometry);
  expect(thigh.massKg).toBeCloseTo(7.5, 10);
  expect(thigh.lengthM).toBeCloseTo(0.441, 10);
  expect(thigh.inertiaKgM2).toBeCloseTo(0.1522, 4);
  expect(shank.massKg).toBeCloseTo(3.4875, 10);
  expect(shank.lengthM).toBeCloseTo(0.4428, 10);
  expect(shank.inertiaKgM2).toBeCloseTo(0.0624, 4);
});

test('lower leg and foot held level weigh 12.043157 Nm on the knee', () => {
  const leg = humanLeg(averagePatient, geometry);
  const none = { massKg: 0, lengthM: 0.4, comM: 0, forwardM: 0, inertiaKgM2: 0 };
  const { kneeNm } = gravityTorques(legChain(leg, { thigh: none, shank: none, foot: null }), { hipRad: 0, kneeRad: Math.PI / 2, ankleRad: 0 });
  expect(kneeNm).toBeCloseTo(-12.043157, 6);
  expect(GRAVITY_MPS2).toBe(9.81);
});

// The ankle as it is published: plantarflexion positive.
test.each([
  { hipDeg: 0, kneeDeg: 0, ankleDeg: 0, hipNm: 8.581518, kneeNm: 10.418124, ankleNm: 6.386903 },
  { hipDeg: 40, kneeDeg: 5, ankleDeg: -10, hipNm: -3.273171, kneeNm: 18.658908, ankleNm: 15.610209 },
])('passive torques at hip $hipDeg°, knee $kneeDeg°, ankle $ankleDeg° are the published ones', ({ hipDeg, kneeDeg, ankleDeg, hipNm, kneeNm, ankleNm }) => {
  expect(passiveHipTorqueNm(degToRad(hipDeg), degToRad(kneeDeg))).toBeCloseTo(hipNm, 6);
  expect(passiveKneeTorqueNm(degToRad(hipDeg), degToRad(kneeDeg), degToRad(-ankleDeg))).toBeCloseTo(kneeNm, 6);
  expect(passiveAnkleTorqueNm(degToRad(kneeDeg), degToRad(-ankleDeg))).toBeCloseTo(-ankleNm, 6);
});

test('the calf, which spans knee and ankle, pulls the toes down, the more so the straighter the knee', () => {
  const lifted = degToRad(15);
  expect(passiveAnkleTorqueNm(0, lifted)).toBeLessThan(-20);
  expect(passiveAnkleTorqueNm(degToRad(60), lifted)).toBeGreaterThan(passiveAnkleTorqueNm(0, lifted) / 2);
  expect(passiveKneeTorqueNm(0, 0, lifted)).toBeGreaterThan(passiveKneeTorqueNm(0, 0, -lifted));
});

test('passive torques stay finite and bounded far outside the anatomical range', () => {
  for (const hipRad of [-10, -1, 0, 3, 10])
    for (const kneeRad of [-10, -1, 0, 3, 10]) {
      expect(Math.abs(passiveHipTorqueNm(hipRad, kneeRad))).toBeLessThan(300);
      expect(Math.abs(passiveKneeTorqueNm(hipRad, kneeRad))).toBeLessThan(300);
      expect(Math.abs(passiveAnkleTorqueNm(kneeRad, hipRad))).toBeLessThan(300);
    }
});

test.each([
  { bodyMassKg: 75, heightM: 1.8 },
  { bodyMassKg: 15, heightM: 1 },
  { bodyMassKg: 135, heightM: 2.05 },
])('a relaxed leg of $bodyMassKg kg and $heightM m hangs in balance, inside the soft range', (patient) => {
  const profile = gaitOrthosis();
  const orthosis = { thigh: { massKg: 3.2, lengthM: 0.245 * patient.heightM, comM: 0.1, forwardM: 0, inertiaKgM2: 0 }, shank: { massKg: 2.1, lengthM: 0.4, comM: 0.1, forwardM: 0, inertiaKgM2: 0 }, foot: null };
  const chain = legChain(humanLeg(patient, geometry), orthosis);
  const pose = restPose(chain);
  const gravity = gravityTorques(chain, pose);
  expect(gravity.hipNm + passiveHipTorqueNm(pose.hipRad, pose.kneeRad)).toBeCloseTo(0, 6);
  expect(gravity.kneeNm + passiveKneeTorqueNm(pose.hipRad, pose.kneeRad)).toBeCloseTo(0, 6);
  const [hip, knee] = profile.joints;
  expect(radToDeg(pose.hipRad)).toBeLessThan(hip!.softRangeDeg.max);
  expect(radToDeg(pose.hipRad)).toBeGreaterThan(0);
  expect(radToDeg(pose.kneeRad)).toBeLessThan(knee!.softRangeDeg.max);
  expect(radToDeg(pose.kneeRad)).toBeGreaterThan(5);
});

test('a relaxed leg whose foot is free hangs in balance too', () => {
  const exo = gaitExo();
  const chain = legChain(humanLeg(averagePatient, exo.geometry), orthosisLeg(averagePatient, exo.geometry));
  const pose = restPose(chain);
  const gravity = gravityTorques(chain, pose);
  expect(gravity.hipNm + passiveHipTorqueNm(pose.hipRad, pose.kneeRad)).toBeCloseTo(0, 6);
  expect(gravity.kneeNm + passiveKneeTorqueNm(pose.hipRad, pose.kneeRad, pose.ankleRad)).toBeCloseTo(0, 6);
  expect(gravity.ankleNm + passiveAnkleTorqueNm(pose.kneeRad, pose.ankleRad)).toBeCloseTo(0, 6);
});
