/** An arm that is driven up to the elbow: what is outward of it is that of the whole chain, wherever it was seen. */
import { expect, test } from 'vitest';
import { createArmChain } from '../../../controller/estimation/arm-dynamics.ts';
import { armsOf } from '../../../protocols/arm-profile.ts';
import { armJointsOf, type ArmProfile } from '../../../protocols/profile.ts';
import { createRandom } from '../../../protocols/random.ts';
import { armBimanual } from '../../sim/support/profile.ts';

const profile = armBimanual();
const person = { bodyMassKg: 75, heightM: 1.8 };
/** The same device, of which every joint counts as driven. */
const whole: ArmProfile = { ...profile, sensedJoints: [] };
const random = createRandom(3);
const some = (count: number): Float64Array => new Float64Array(count).map(() => 2 * (random.next() - 0.5));

test.each([0, 1])('gravity, inertia and momentum of arm %i are those of all its joints', (which) => {
  const [driven, all] = [armsOf(profile.joints)[which]!, armsOf(armJointsOf(profile))[which]!];
  const seen = profile.sensedJoints!.map(() => ({ positionRad: 0, velocityRadPerSec: 0 }));
  const own = all.places.slice(4).map((place) => seen[place - profile.joints.length]!);
  const chain = createArmChain(profile, driven, person, person.heightM, seen);
  const reference = createArmChain(whole, all, person, person.heightM);
  const vector = (count = 4): Float64Array => new Float64Array(count);
  expect([chain.count, reference.count]).toEqual([4, 6]);
  for (let n = 0; n < 20; n++) {
    const [angles, speeds, accelerations] = [some(6), some(6), some(6).fill(0, 4)];
    own.forEach((joint, i) => Object.assign(joint, { positionRad: angles[4 + i], velocityRadPerSec: speeds[4 + i] }));
    const inner = (values: Float64Array): Float64Array => values.subarray(0, 4);
    expect(chain.gravity(inner(angles), vector())).toEqual(inner(reference.gravity(angles, vector(6))));
    const standing = Float64Array.from(speeds, (speed, i) => (i < 4 ? speed : 0));
    expect(chain.inertia(inner(angles), inner(speeds), accelerations, vector())).toEqual(inner(reference.inertia(angles, standing, accelerations, vector(6))));
    for (let j = 0; j < 4; j++) expect(chain.inertiaKgM2(j, inner(angles))).toBe(reference.inertiaKgM2(j, angles));
    const [momentum, coriolis, allMomentum, allCoriolis] = [vector(), vector(), vector(6), vector(6)];
    chain.momentum(inner(angles), inner(speeds), momentum, coriolis);
    reference.momentum(angles, speeds, allMomentum, allCoriolis);
    expect([momentum, coriolis]).toEqual([inner(allMomentum), inner(allCoriolis)]);
  }
});
