import { Vector3 } from 'three';
import { expect, test } from 'vitest';
import { allJointsOf } from '../../../protocols/profile.ts';
import { degToRad } from '../../../protocols/units.ts';
import { createArmFigure } from '../../../ui/view3d/arm-figure.ts';
import { armBimanual, armExo } from '../../sim/support/profile.ts';

test.each([armExo('left'), armExo(), armBimanual()])('every joint of $id is written beside its own arm, left or right', (profile) => {
  const figure = createArmFigure(profile, 1.75);
  allJointsOf(profile).forEach((joint, j) => {
    figure.setJoint(j, { positionRad: degToRad(joint.homePositionDeg), torqueNm: 0, stale: false });
  });
  figure.root.updateMatrixWorld(true);
  allJointsOf(profile).forEach(({ side }, j) => {
    const { z } = figure.anchor(j)!.getWorldPosition(new Vector3());
    expect(Math.sign(z)).toBe(side === 'right' ? 1 : -1);
  });
  expect(figure.anchor(allJointsOf(profile).length)).toBeUndefined();
});

test('its ghosts are seen once the references of all joints are known that it drives', () => {
  const profile = armBimanual();
  const figure = createArmFigure(profile, 1.75);
  const rad = profile.joints.map(() => 0.5);
  expect([rad, rad, [...rad.slice(1), Number.NaN], null].map((reference) => figure.setReference(reference))).toEqual([true, false, true, false]);
});

test('a hand that is only measured turns where it was seen, and its ghost with it', () => {
  const profile = armBimanual();
  const figure = createArmFigure(profile, 1.75);
  figure.setReference(profile.joints.map(() => 0.5));
  const turned = (): string => {
    const found: number[] = [];
    figure.root.traverse(({ quaternion }) => found.push(quaternion.y, quaternion.z));
    return JSON.stringify(found.map((value) => Math.round(value * 1e6)));
  };
  const before = turned();
  const wrist = allJointsOf(profile).findIndex(({ id }) => id === 'wristLeft');
  figure.setJoint(wrist, { positionRad: 0.4, torqueNm: Number.NaN, stale: false });
  const after = turned();
  const changes = (JSON.parse(after) as number[]).filter((value, i) => value !== (JSON.parse(before) as number[])[i]);
  expect(changes).toHaveLength(2);
  expect(new Set(changes).size).toBe(1);
});

test('its shoulder stands where the lift says', () => {
  const figure = createArmFigure(armExo(), 1.75);
  expect([1.05, 1.2, 1.2, Number.NaN].map((heightM) => [figure.setLift?.(heightM), figure.root.position.y])).toEqual([[false, 1.05], [true, 1.2], [false, 1.2], [false, 1.2]]);
});
