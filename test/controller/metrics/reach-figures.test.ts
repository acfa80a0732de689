/** An elbow that bends about a shoulder that stands: the hand goes along a circle, whose length is known. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ReachFigures } from '../../../controller/metrics/reach-figures.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { isArm, sensedJointsOf, type ArmProfile } from '../../../protocols/profile.ts';
import { fieldOffset, layoutOf } from '../../../protocols/session-log.ts';
import { degToRad } from '../../../protocols/units.ts';

function support(): ArmProfile {
  const parsed = parseProfile(readFileSync('hal/profiles/arm-support.json', 'utf8'), 'arm-support.json');
  if (!isArm(parsed)) throw new RangeError('no profile of an arm');
  return parsed;
}
const profile = support();
const layout = layoutOf(profile);
const ELBOW = 3;
const HEIGHT_M = 1.8;
const PERIOD_US = 4_000;

/** @param elbowDeg over time, s */
function figures(seconds: number, elbowDeg: (atSec: number) => number, trusted: (atSec: number) => boolean = () => true) {
  const reach = new ReachFigures(profile, { heightM: HEIGHT_M });
  const row = new Float64Array(layout.width);
  for (let i = 0; i <= (seconds * 1e6) / PERIOD_US; i++) {
    const atSec = (i * PERIOD_US) / 1e6;
    row[fieldOffset(layout, 'nowUs')] = i * PERIOD_US;
    sensedJointsOf(profile).forEach((_, j) => {
      row[fieldOffset(layout, 'sensedTrusted', j)] = Number(j !== ELBOW || trusted(atSec));
      row[fieldOffset(layout, 'sensedPositionRad', j)] = j === ELBOW ? degToRad(elbowDeg(atSec)) : 0;
    });
    reach.row(row, 0);
  }
  return reach.result();
}

/** Minimum jerk in one second, then rest for one; there and back. */
const bends = (atSec: number): number => {
  const x = Math.min(1, atSec % 2);
  const share = x ** 3 * (10 - 15 * x + 6 * x * x);
  return 10 + 80 * (Math.floor(atSec / 2) % 2 === 0 ? share : 1 - share);
};

test('each bend is a reach along its arc, with the range of the joint', () => {
  const { reaches, handPathM, joints, meanReachSec, meanPeakMps, farthestM, distrustedSec } = figures(8, bends);
  const radiusM = (profile.geometry.forearmFraction + profile.geometry.handFraction) * HEIGHT_M;
  const arcM = radiusM * degToRad(80);
  expect(reaches).toBe(4);
  expect(handPathM / (4 * arcM)).toBeGreaterThan(0.95);
  expect(handPathM / (4 * arcM)).toBeLessThan(1);
  expect(joints[ELBOW]).toMatchObject({ jointId: 'elbow' });
  expect(joints[ELBOW]?.minDeg).toBeCloseTo(10, 6);
  expect(joints[ELBOW]?.maxDeg).toBeCloseTo(90, 6);
  expect(meanReachSec).toBeGreaterThan(0.8);
  expect(meanReachSec).toBeLessThan(1.1);
  expect(Math.abs((meanPeakMps ?? 0) / (1.875 * arcM) - 1)).toBeLessThan(0.05);
  expect(farthestM).toBeGreaterThan(profile.geometry.upperArmFraction * HEIGHT_M);
  expect(distrustedSec).toBe(0);
});

test('a hand that rests, or trembles by the steps of its encoder, goes nowhere', () => {
  const trembles = figures(4, (atSec) => 45 + 0.088 * (Math.round(atSec * 1000) % 8 < 4 ? 0 : 1));
  expect(trembles).toMatchObject({ reaches: 0, movingSec: 0, handPathM: 0, meanReachSec: null, meanPeakMps: null });
});

test('what was not believed counts in nothing, and is told', () => {
  const whole = figures(8, bends);
  const spoilt = figures(8, (atSec) => (atSec >= 2 && atSec < 4 ? 179 : bends(atSec)), (atSec) => atSec < 2 || atSec >= 4);
  expect(spoilt.reaches).toBe(whole.reaches - 1);
  expect(spoilt.joints[ELBOW]).toEqual(whole.joints[ELBOW]);
  expect(spoilt.distrustedSec).toBeCloseTo(2, 1);
});

test('nothing measured is nothing known', () => {
  expect(figures(2, bends, () => false)).toMatchObject({ reaches: 0, farthestM: null, spanM: null, meanReachSec: null, joints: sensedJointsOf(profile).map(({ id }) => ({ jointId: id, minDeg: null, maxDeg: null })) });
});
