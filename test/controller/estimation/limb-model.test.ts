import { expect, test } from 'vitest';
import { createArmChain } from '../../../controller/estimation/arm-dynamics.ts';
import { createLimbModel } from '../../../controller/estimation/limb-model.ts';
import { createLegModel, gravityTorques, inertiaTorques, jointInertiaKgM2, noLegMotion, noLegTorques } from '../../../controller/estimation/leg-dynamics.ts';
import { armsOf } from '../../../protocols/arm-profile.ts';
import { isArm } from '../../../protocols/profile.ts';
import { armBimanual, armExo, gaitOrthosis, seenAtHome } from '../../sim/support/profile.ts';

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

test('both arms are those of the chain of an arm, each joint in its place', () => {
  const profile = armBimanual();
  const seen = seenAtHome(profile);
  const limb = createLimbModel(profile, person, seen);
  const some = (step: number): Float64Array => Float64Array.from(profile.joints, (_, j) => 0.3 + step * j);
  const [pose, turning, faster] = [some(0.13), some(-0.21), some(0.34)];
  const zero = (): Float64Array => new Float64Array(profile.joints.length);
  const [gravity, inertia] = [limb.gravity(pose, zero()), limb.inertia(pose, turning, faster, zero())];
  for (const arm of armsOf(profile.joints)) {
    const chain = createArmChain(profile, arm, person, person.heightM, seen);
    const own = (all: Float64Array): Float64Array => Float64Array.from(arm.places, (j) => all[j]!);
    expect(own(gravity)).toEqual(chain.gravity(own(pose), new Float64Array(chain.count)));
    expect(own(inertia)).toEqual(chain.inertia(own(pose), own(turning), own(faster), new Float64Array(chain.count)));
    arm.places.forEach((j, place) => expect(limb.inertiaKgM2(j, pose)).toBe(chain.inertiaKgM2(place, own(pose))));
  }
  expect(limb.inertiaKgM2(profile.joints.length, pose)).toBeNaN();
});

test('nobody in it is lighter, of legs and of arms', () => {
  for (const profile of [gaitOrthosis(), armExo(), armBimanual()]) {
    const pose = profile.joints.map(() => 0.6);
    const zero = (): Float64Array => new Float64Array(profile.joints.length);
    const [whole, empty] = [person, null].map((body) => createLimbModel(profile, body, isArm(profile) ? seenAtHome(profile) : []));
    expect(whole!.inertiaKgM2(1, pose)).toBeGreaterThan(empty!.inertiaKgM2(1, pose));
    expect(whole!.gravity(pose, zero())).not.toEqual(empty!.gravity(pose, zero()));
  }
});
