import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { legOnPlate, travelM } from '../../protocols/footplate-kinematics.ts';
import { emptyLegPoints, legPoints } from '../../protocols/kinematics.ts';

const leg = { thighM: 0.44, shankM: 0.443 };
const empty = () => ({ hipRad: 0, kneeRad: 0, ankleRad: 0 });
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

it('a belt axis makes metres of its drum’s angle, a hinge stays an angle', () => {
  expect([travelM({ leadMPerRad: 0.3 }, 0.5), travelM({}, 0.5)]).toEqual([0.15, 0.5]);
});

it('the leg stands with its ankle on the plate and its foot along it, knee forward', () => {
  fc.assert(
    fc.property(between(-0.35, 0.35), between(0, 0.25), between(-0.7, 0.5), between(0.7, 0.78), (forwardM, upM, pitchRad, hipM) => {
      const { hipRad, kneeRad, ankleRad } = legOnPlate(leg, hipM, { forwardM, upM, pitchRad }, empty());
      const points = legPoints(leg, hipRad, kneeRad, emptyLegPoints());
      expect(points.ankleXM).toBeCloseTo(forwardM, 9);
      expect(points.ankleZM).toBeCloseTo(upM - hipM, 9);
      expect(kneeRad).toBeGreaterThan(0);
      expect(hipRad - kneeRad + ankleRad).toBeCloseTo(pitchRad, 9);
    }),
  );
});

it('a plate out of reach is pointed at with a straight leg', () => {
  const { hipRad, kneeRad } = legOnPlate(leg, 0.88, { forwardM: 0.6, upM: 0, pitchRad: 0 }, empty());
  expect(kneeRad).toBeLessThan(1e-4);
  expect(hipRad).toBeCloseTo(Math.atan2(0.6, 0.88), 4);
});
