import { expect, test } from 'vitest';
import { createLimbModel } from '../../../controller/estimation/limb-model.ts';
import { createLegModel, gravityTorques, inertiaTorques, jointInertiaKgM2, noLegMotion, noLegTorques } from '../../../controller/estimation/leg-dynamics.ts';
import { armExo, gaitOrthosis } from '../../sim/support/profile.ts';

const person = { bodyMassKg: 75, heightM: 1.8 };
const [angles, speeds, accelerations] = [
  [0.3, 0.7, -0.1, 0.2],
  [0.5, -1, 1.5, 0.4],
  [2, 3, -4, 5],
];

test('both legs are those of the leg model, each joint in its place', () => {
  const profile = gaitOrthosis();
  const leg = createLegModel(profile, person, person.heightM);
  const limb = createLimbModel(profile, person);
  const [gravity, inertia] = [limb.gravity(angles, new Float64Array(4)), limb.inertia(angles, speeds, accelerations, new Float64Array(4))];
  for (const [first, second] of [
    [0, 1],
    [2, 3],
  ] as const) {
    const torques = noLegTorques();
    gravityTorques(leg, angles[first]!, angles[second]!, 0, torques);
    expect([gravity[first], gravity[second]]).toEqual([torques.hipNm, torques.kneeNm]);
    const motion = { ...noLegMotion(), hipRad: angles[first]!, kneeRad: angles[second]!, hipRadPerSec: speeds[first]!, kneeRadPerSec: speeds[second]!, hipRadPerSec2: accelerations[first]!, kneeRadPerSec2: accelerations[second]! };
    inertiaTorques(leg, motion, torques);
    expect([inertia[first], inertia[second]]).toEqual([torques.hipNm, torques.kneeNm]);
    expect(limb.inertiaKgM2(first, angles)).toBe(jointInertiaKgM2(leg, 'hip', angles[second]!, 0));
    expect(limb.inertiaKgM2(second, angles)).toBe(jointInertiaKgM2(leg, 'knee', angles[second]!, 0));
  }
});

test('nobody in it is lighter, of a leg and of an arm', () => {
  for (const profile of [gaitOrthosis(), armExo()]) {
    const pose = profile.joints.map(() => 0.6);
    const zero = (): Float64Array => new Float64Array(profile.joints.length);
    const [whole, empty] = [createLimbModel(profile, person), createLimbModel(profile, null)];
    expect(whole.inertiaKgM2(1, pose)).toBeGreaterThan(empty.inertiaKgM2(1, pose));
    expect(whole.gravity(pose, zero())).not.toEqual(empty.gravity(pose, zero()));
  }
});
