import { Vector3 } from 'three';
import { expect, test } from 'vitest';
import { degToRad } from '../../../protocols/units.ts';
import { createArmFigure } from '../../../ui/view3d/arm-figure.ts';
import { armBimanual, armExo } from '../../sim/support/profile.ts';

test.each([armExo('left'), armExo(), armBimanual()])('every joint of $id is written beside its own arm, left or right', (profile) => {
  const figure = createArmFigure(profile, 1.75);
  profile.joints.forEach((joint, j) => {
    figure.setJoint(j, { positionRad: degToRad(joint.homePositionDeg), torqueNm: 0, stale: false });
  });
  figure.root.updateMatrixWorld(true);
  profile.joints.forEach(({ side }, j) => {
    const { z } = figure.anchor(j)!.getWorldPosition(new Vector3());
    expect(Math.sign(z)).toBe(side === 'right' ? 1 : -1);
  });
  expect(figure.anchor(profile.joints.length)).toBeUndefined();
});

test('its ghosts are seen once all references are known', () => {
  const profile = armBimanual();
  const figure = createArmFigure(profile, 1.75);
  const rad = profile.joints.map(() => 0.5);
  expect([rad, rad, [...rad.slice(1), Number.NaN], null].map((reference) => figure.setReference(reference))).toEqual([true, false, true, false]);
});
