import { describe, expect, it, test } from 'vitest';
import { GroundTorque } from '../../../controller/estimation/ground-torque.ts';
import { InteractionTorque } from '../../../controller/estimation/interaction-torque.ts';
import { createLegModel, gravityTorques, noLegTorques } from '../../../controller/estimation/leg-dynamics.ts';
import { emptyActuatorInputs } from '../../../protocols/actuator-log.ts';
import { emptyLegPoints, legPoints } from '../../../protocols/kinematics.ts';
import { groundedOrthosis } from '../../sim/support/profile.ts';
import { PERIOD_US, profile as floating, setup } from '../safety/fixtures.ts';

const profile = groundedOrthosis();
const { thighFraction, shankFraction, footLengthFraction } = profile.geometry;
const leg = { thighM: thighFraction * setup.heightM, shankM: shankFraction * setup.heightM };
const footM = footLengthFraction * setup.heightM;
const noLoads = emptyActuatorInputs().feet;
const posture = (hipRad: number, kneeRad: number) => [hipRad, kneeRad, hipRad, kneeRad].map((positionRad) => ({ positionRad }));

const grounded = (): GroundTorque => GroundTorque.of(profile, setup)!;

it('is nothing where feet swing free, or nobody is known to stand', () => {
  expect(GroundTorque.of(floating, setup)).toBeNull();
  expect(GroundTorque.of(profile, null)).toBeNull();
});

test('a straight leg that stands on its heel is bent by load times lever at the knee, and pushed back at the hip', () => {
  const ground = grounded();
  ground.update(posture(0, 0), { ...noLoads, leftHeelN: 300 });
  expect(ground.torqueNm[0]).toBeCloseTo(-300 * 0.2 * footM, 9);
  expect(ground.torqueNm[1]).toBeCloseTo(300 * 0.2 * footM, 9);
  expect([ground.torqueNm[2], ground.torqueNm[3]]).toEqual([0, 0]);
});

test.each([
  [0.4, 0.1, 200, 0],
  [-0.3, 0.2, 50, 250],
  [0.1, 0.5, 0, 180],
])('at hip %f and knee %f rad the torques are the work of the load, joint by joint', (hipRad, kneeRad, heelN, forefootN) => {
  const ground = grounded();
  ground.update(posture(hipRad, kneeRad), { ...noLoads, rightHeelN: heelN, rightForefootN: forefootN });
  // A joint that turns by a little lifts the ankle, and turns the flat foot with it, lifting each of its cells.
  const liftM = (hip: number, knee: number, aheadM: number): number => legPoints(leg, hip, knee, emptyLegPoints()).ankleZM + aheadM * (hip - knee - (hipRad - kneeRad));
  const small = 1e-6;
  const workNm = (dHip: number, dKnee: number): number =>
    [[heelN, -0.2 * footM], [forefootN, 0.45 * footM]].reduce((sum, [loadN, aheadM]) => sum + (loadN! * (liftM(hipRad + dHip, kneeRad + dKnee, aheadM!) - liftM(hipRad - dHip, kneeRad - dKnee, aheadM!))) / (2 * small), 0);
  expect(ground.torqueNm[2]).toBeCloseTo(workNm(small, 0), 5);
  expect(ground.torqueNm[3]).toBeCloseTo(workNm(0, small), 5);
});

describe('what the drives carry', () => {
  test('follows the load within a few cycles and holds it up', () => {
    const ground = grounded();
    for (let i = 0; i < 50; i++) ground.update(posture(0.1, 0.3), { ...noLoads, leftHeelN: 150, leftForefootN: 50 });
    expect(ground.carryingNm[0]).toBeCloseTo(-ground.torqueNm[0]!, 3);
    expect(ground.carryingNm[1]).toBeCloseTo(-ground.torqueNm[1]!, 3);
  });

  test('is bounded, whatever a load cell says', () => {
    const ground = grounded();
    for (let i = 0; i < 200; i++) ground.update(posture(1.2, 0), { ...noLoads, leftHeelN: 6_500, leftForefootN: 6_500 });
    expect(ground.carryingNm[0]).toBeCloseTo(-0.6 * profile.joints[0]!.torqueLimitNm, 6);
    expect(Math.abs(ground.torqueNm[0]!)).toBeLessThan(2 * 9.81 * setup.bodyMassKg * (leg.thighM + leg.shankM + footM));
  });
});

describe('what no cell feels', () => {
  const heightM = leg.thighM + leg.shankM;

  test('is the drag of the belt, no more than friction lets and springs stretch, and the place of the load under the foot', () => {
    const ground = grounded();
    ground.update(posture(0, 0), { ...noLoads, leftHeelN: 400, rightForefootN: 10 });
    expect(ground.unknownNm[0]).toBeCloseTo(40 * heightM + 0.03 * 400, 9);
    expect(ground.unknownNm[1]).toBeCloseTo(40 * leg.shankM + 0.03 * 400, 9);
    expect(ground.unknownNm[2]).toBeCloseTo(0.8 * 10 * heightM + 0.03 * 10, 9);
  });

  test('is forgotten within a second of a foot that has left the ground', () => {
    const ground = grounded();
    ground.update(posture(0, 0), { ...noLoads, leftHeelN: 400 });
    const before = ground.unknownNm[0]!;
    for (let n = 0; n < 50; n++) ground.update(posture(0, 0), noLoads);
    expect(ground.unknownNm[0]! / before).toBeCloseTo(Math.exp(-1), 2);
    for (let n = 0; n < 200; n++) ground.update(posture(0, 0), noLoads);
    expect(ground.unknownNm[0]).toBeLessThan(1);
  });
});

test('a relaxed person who stands adds nothing to the joints, however much of him stands on each leg', () => {
  const interaction = new InteractionTorque(profile, setup);
  const model = createLegModel(profile, setup, setup.heightM);
  const gravity = noLegTorques();
  const [hipRad, kneeRad] = [0.15, 0.3];
  const feet = { leftHeelN: 200, leftForefootN: 120, rightHeelN: 10, rightForefootN: 0 };
  const ground = grounded();
  ground.update(posture(hipRad, kneeRad), feet);
  gravityTorques(model, hipRad, kneeRad, 0, gravity);
  for (let n = 1; n < 200; n++) {
    const reading = { motorAtUs: n * PERIOD_US, motorSequence: n, velocityRadPerSec: 0 };
    const joints = [0, 1, 2, 3].map((j) => ({ ...reading, positionRad: j % 2 === 0 ? hipRad : kneeRad, jointTorqueNm: (j % 2 === 0 ? gravity.hipNm : gravity.kneeNm) - ground.torqueNm[j]! }));
    interaction.update(joints, n * PERIOD_US, feet);
  }
  for (const torqueNm of interaction.torqueNm) expect(torqueNm).toBeCloseTo(0, 6);
});
