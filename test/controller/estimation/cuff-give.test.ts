import { expect, test } from 'vitest';
import { createCuffGive } from '../../../controller/estimation/cuff-give.ts';
import { degToRad } from '../../../protocols/units.ts';
import { armExo, gaitOrthosis } from '../../sim/support/profile.ts';

const [HIP, KNEE] = [0, 1];
const HEIGHT_M = 1.8;
const { geometry } = gaitOrthosis();
const [THIGH_M, SHANK_M] = [geometry.thighFraction * HEIGHT_M, geometry.shankFraction * HEIGHT_M];

/** Both cuffs' places, x forward and z up from the hip. */
function cuffsM(hipRad: number, kneeRad: number): [number, number][] {
  const shankRad = hipRad - kneeRad;
  const [kneeX, kneeZ] = [THIGH_M * Math.sin(hipRad), -THIGH_M * Math.cos(hipRad)];
  return [
    [0.6 * kneeX, 0.6 * kneeZ],
    [kneeX + 0.6 * SHANK_M * Math.sin(shankRad), kneeZ - 0.6 * SHANK_M * Math.cos(shankRad)],
  ];
}

/** Torque on a joint of whoever stands so: minus the slope of the springs' energy. */
function torqueNm(own: [number, number], other: [number, number], joint: 0 | 1): number {
  const energy = (by: number): number => {
    const moved: [number, number] = [own[0] + (joint === HIP ? by : 0), own[1] + (joint === KNEE ? by : 0)];
    return cuffsM(...moved).reduce((sum, [x, z], i) => sum + 0.5 * geometry.cuffStiffnessNPerM * ((x - cuffsM(...other)[i]![0]) ** 2 + (z - cuffsM(...other)[i]![1]) ** 2), 0);
  };
  return -(energy(1e-5) - energy(-1e-5)) / 2e-5;
}

test.each([
  ['near', 0.5, -0.3],
  ['as far as a strong push takes it', -2.3, -6.8],
])('a limb that stands %s is found by what it does to the robot, and what is done to it', (_, hipOffDeg, kneeOffDeg) => {
  const robot: [number, number] = [degToRad(30), degToRad(45)];
  const limb: [number, number] = [robot[0] + degToRad(hipOffDeg), robot[1] + degToRad(kneeOffDeg)];
  const cuffs = createCuffGive(gaitOrthosis(), HEIGHT_M);
  cuffs.solve([...robot, 0, 0], [torqueNm(robot, limb, 0), torqueNm(robot, limb, 1), 0, 0]);
  expect(cuffs.limbRad[HIP]).toBeCloseTo(limb[0], 5);
  expect(cuffs.limbRad[KNEE]).toBeCloseTo(limb[1], 5);
  expect(cuffs.onLimbNm[HIP]).toBeCloseTo(torqueNm(limb, robot, 0), 2);
  expect(cuffs.onLimbNm[KNEE]).toBeCloseTo(torqueNm(limb, robot, 1), 2);
});

test('an elbow gives by its torque over the stiffness of the cuff behind it', () => {
  const profile = armExo();
  const cuffs = createCuffGive(profile, HEIGHT_M);
  cuffs.solve(profile.joints.map(() => 0.5), profile.joints.map(() => 2));
  const lever = 0.6 * profile.geometry.forearmFraction * HEIGHT_M;
  expect(cuffs.limbRad[3]! - 0.5).toBeCloseTo(2 / (profile.geometry.cuffStiffnessNPerM * lever * lever), 9);
  expect(cuffs.onLimbNm[3]).toBe(-2);
  expect(cuffs.limbRad.every(Number.isFinite)).toBe(true);
});
