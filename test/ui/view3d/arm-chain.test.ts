import { Vector3 } from 'three';
import { expect, test } from 'vitest';
import { armLengths, armPoints, noArmPoints } from '../../../protocols/arm-kinematics.ts';
import { degToRad } from '../../../protocols/units.ts';
import { createArmChain } from '../../../ui/view3d/arm-chain.ts';
import { armExo } from '../../sim/support/profile.ts';

/** Forward, left, up. */
const told = ({ x, y, z }: Vector3): number[] => [x, -z, y];
const near = (point: Float64Array): unknown[] => Array.from(point, (value) => expect.closeTo(value, 9));

test.each(['left', 'right'] as const)('the arm on the screen stands as the shared kinematics say, on the %s', (side) => {
  const lengths = armLengths(armExo(side).geometry, 1.75);
  const chain = createArmChain(lengths, side);
  for (const degrees of [[0, 0, 0, 0, 0, 0], [40, 70, 30, 80, 20, -30], [-30, 110, 85, 20, -50, 40]]) {
    const angles = degrees.map(degToRad);
    angles.forEach((angle, j) => chain.setJoint(j, angle));
    chain.root.updateMatrixWorld(true);
    const points = armPoints(lengths, side, angles, noArmPoints());
    const at = (frame: number, y = 0): Vector3 => chain.frames[frame]!.localToWorld(new Vector3(0, y, 0));
    expect(told(at(3))).toEqual(near(points.elbowM));
    expect(told(at(5))).toEqual(near(points.wristM));
    expect(told(at(5, -lengths.handM))).toEqual(near(points.tipM));
  }
});

test('lifted forward and bent, an outward turn brings the forearm up and out', () => {
  for (const side of ['left', 'right'] as const) {
    const lengths = armLengths(armExo(side).geometry, 1.8);
    const out = side === 'left' ? 1 : -1;
    const points = noArmPoints();
    armPoints(lengths, side, [0, 90, 0, 90, 0, 0].map(degToRad), points);
    expect([points.elbowM[0], points.wristM[1]! * out]).toEqual([expect.closeTo(lengths.upperArmM, 9), expect.closeTo(-lengths.forearmM, 9)]);
    armPoints(lengths, side, [0, 90, 90, 90, 0, 0].map(degToRad), points);
    expect(points.wristM[2]).toBeCloseTo(lengths.forearmM, 9);
    armPoints(lengths, side, [90, 90, 0, 0, 0, 0].map(degToRad), points);
    expect(points.elbowM[1]! * out).toBeCloseTo(lengths.upperArmM, 9);
  }
});
