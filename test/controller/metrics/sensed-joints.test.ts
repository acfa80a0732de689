/** What is known of joints that a robot measures beside those that it drives, out of rows. */
import { expect, test } from 'vitest';
import { SeenJoints } from '../../../controller/metrics/seen-joints.ts';
import { SensedRanges } from '../../../controller/metrics/sensed-ranges.ts';
import { sensedJointsOf } from '../../../protocols/profile.ts';
import { fieldOffset, layoutOf } from '../../../protocols/session-log.ts';
import { degToRad } from '../../../protocols/units.ts';
import { armBimanual } from '../../sim/support/profile.ts';

const profile = armBimanual();
const layout = layoutOf(profile);
const PERIOD_US = 4_000;
const [FOREARM_RIGHT, WRIST_RIGHT] = [2, 3];

/** A wrist that turns evenly; the forearm beside it is never believed. */
function rows(seconds: number, wristDeg: (atSec: number) => number, isTrusted: (atSec: number) => boolean, each: (row: Float64Array) => void): void {
  const row = new Float64Array(layout.width);
  for (let i = 0; i <= (seconds * 1e6) / PERIOD_US; i++) {
    const atSec = (i * PERIOD_US) / 1e6;
    row[fieldOffset(layout, 'nowUs')] = i * PERIOD_US;
    sensedJointsOf(profile).forEach((_, j) => {
      row[fieldOffset(layout, 'sensedAgeUs', j)] = 1_000;
      row[fieldOffset(layout, 'sensedTrusted', j)] = Number(j !== FOREARM_RIGHT && isTrusted(atSec));
      row[fieldOffset(layout, 'sensedPositionRad', j)] = j === WRIST_RIGHT ? degToRad(wristDeg(atSec)) : 0.5;
    });
    each(row);
  }
}

test('the range of each is what was believed of it, and of one that never was nothing is known', () => {
  const ranges = new SensedRanges(profile);
  rows(4, (atSec) => (atSec < 2 ? 10 * atSec - 5 : 60), (atSec) => atSec < 2, (row) => ranges.row(row, 0));
  const [forearmLeft, , forearmRight, wristRight] = ranges.result();
  expect(forearmRight).toEqual({ jointId: 'forearmRight', minDeg: null, maxDeg: null });
  expect(forearmLeft?.minDeg).toBe(forearmLeft?.maxDeg);
  expect(wristRight?.minDeg).toBeCloseTo(-5, 9);
  expect(wristRight?.maxDeg).toBeCloseTo(15 - 0.04, 9);
});

test('where it was last believed to be, and how fast it was seen to turn', () => {
  const seen = new SeenJoints(profile);
  rows(1, (atSec) => 30 * atSec, (atSec) => atSec < 0.5, (row) => seen.row(row, 0));
  expect(seen.joints[WRIST_RIGHT]?.positionRad).toBeCloseTo(degToRad(30 * 0.496), 9);
  expect(seen.joints[WRIST_RIGHT]?.velocityRadPerSec).toBeCloseTo(degToRad(30), 4);
  expect(seen.joints[FOREARM_RIGHT]).toEqual({ positionRad: 0, velocityRadPerSec: 0 });
});

test('a reading that stands in two rows is one', () => {
  const seen = new SeenJoints(profile);
  rows(0.2, (atSec) => 30 * atSec, () => true, (row) => {
    seen.row(row, 0);
    const before = { ...seen.joints[WRIST_RIGHT] };
    seen.row(row, 0);
    expect(seen.joints[WRIST_RIGHT]).toEqual(before);
  });
});
