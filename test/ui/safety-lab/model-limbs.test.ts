import { expect, test } from 'vitest';
import { createLimbModel } from '../../../controller/estimation/limb-model.ts';
import { emptyJointCommand } from '../../../protocols/joints.ts';
import { isArm } from '../../../protocols/profile.ts';
import { ModelJoint, ModelLimbs, type Push } from '../../../ui/safety-lab/model-limbs.ts';
import { armBimanual, armExo, footplates, gaitExo, gaitOrthosis, seenAtHome } from '../../sim/support/profile.ts';

const person = { bodyMassKg: 75, heightM: 1.75 };
/** So short that nothing turns far. */
const SECONDS = 1e-5;

const robots = [gaitOrthosis(), gaitExo(), armExo(), armBimanual(), footplates()];
const rig = (profile: (typeof robots)[number]) => {
  const model = createLimbModel(profile, person, isArm(profile) ? seenAtHome(profile) : []);
  const joints = profile.joints.map((joint) => new ModelJoint(joint));
  const pushes = joints.map((): Push => ({ command: emptyJointCommand(), powered: true, patientTorqueNm: 0, believedRad: Number.NaN, believedRadPerSec: Number.NaN }));
  return { model, joints, pushes, limbs: new ModelLimbs(model, joints), angles: () => joints.map(({ positionRad }) => positionRad), zero: () => new Float64Array(joints.length) };
};

test.each(robots.map((profile) => ({ id: profile.id, profile })))('$id: the torques that the model asks for a motion make that motion, and the sensors feel what the limb does', ({ profile }) => {
  const { model, joints, pushes, limbs, angles, zero } = rig(profile);
  const wanted = joints.map((_, j) => (j % 2 === 0 ? 1 : -2) * (1 + j / 4));
  const limb = model.inertia(angles(), zero(), wanted, zero()).map((nm, j) => nm + model.gravity(angles(), zero())[j]!);
  pushes.forEach(({ command }, j) => (command.torqueNm = limb[j]! + profile.joints[j]!.rotorInertiaKgM2 * wanted[j]!));
  limbs.advance(pushes, false, SECONDS);
  joints.forEach(({ velocityRadPerSec, jointTorqueNm }, j) => {
    expect(velocityRadPerSec / SECONDS / wanted[j]!).toBeCloseTo(1, 2);
    expect(Math.abs(jointTorqueNm - limb[j]!)).toBeLessThan(0.05);
  });
});

test.each(robots.map((profile) => ({ id: profile.id, profile })))('$id: brakes hold every joint, and the sensors feel the weight', ({ profile }) => {
  const { model, joints, pushes, limbs, angles, zero } = rig(profile);
  const before = angles();
  limbs.advance(pushes, true, 0.1);
  expect(angles()).toEqual(before);
  expect(joints.map(({ jointTorqueNm }) => jointTorqueNm)).toEqual([...model.gravity(before, zero())]);
});

test('a drive that knows no impedance gives the torque that it was told until it is told another one', () => {
  const { joints, pushes, limbs } = rig(footplates());
  const [plate] = joints;
  Object.assign(pushes[0]!.command, { positionRad: plate!.positionRad + 0.1, stiffnessNmPerRad: 100 });
  limbs.advance(pushes, false, 0.05);
  expect(plate!.velocityRadPerSec).toBeGreaterThan(0);
  expect(plate!.torqueNm).toBeCloseTo(10, 6);
});
