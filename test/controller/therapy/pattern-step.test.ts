import { expect, test } from 'vitest';
import { referenceCurveDeg, speedAmplitude } from '../../../controller/therapy/gait-reference.ts';
import { PatternStep } from '../../../controller/therapy/pattern-step.ts';
import { sin } from '../../../protocols/math.ts';
import { degToRad } from '../../../protocols/units.ts';
import { gaitOrthosis } from '../../sim/support/profile.ts';

const profile = gaitOrthosis();
const HEIGHT_M = 1.8;
const [thighM, shankM] = [profile.geometry.thighFraction * HEIGHT_M, profile.geometry.shankFraction * HEIGHT_M];
const bounds = { min: -2, max: 2 };
const curve = (amplitude: number, offsetRad = 0, of = bounds) => ({ shape: { amplitude, amplitudePerSec: 0, offsetRad, offsetRadPerSec: 0, timing: 0, timingPerSec: 0 }, bounds: of });
const step = new PatternStep(profile, HEIGHT_M);

test('legs that hold a posture make no step', () => {
  expect(step.meanM([{ hip: curve(0, 0.3), knee: curve(0, 0.2) }])).toBeCloseTo(0, 12);
});

test.each([0.3, 0.556, 0.9])('at %f m/s it is the way of the ankle between the two heel strikes', (speedMps) => {
  const at = (kind: 'hip' | 'knee', percent: number): number => degToRad(referenceCurveDeg(kind, speedMps, 1, 0, bounds)[percent]!);
  const ankleM = (percent: number): number => thighM * sin(at('hip', percent)) + shankM * sin(at('hip', percent) - at('knee', percent));
  const leg = { hip: curve(speedAmplitude('hip', speedMps)), knee: curve(speedAmplitude('knee', speedMps)) };
  expect(step.meanM([leg])).toBeCloseTo(ankleM(0) - ankleM(50), 9);
});

test('unequal legs step with the mean of both', () => {
  const [large, small] = [{ hip: curve(1), knee: curve(1) }, { hip: curve(0.6), knee: curve(1) }];
  expect(step.meanM([large, small])).toBeCloseTo((step.meanM([large]) + step.meanM([small])) / 2, 12);
  expect(step.meanM([large])).toBeGreaterThan(step.meanM([small]));
});
