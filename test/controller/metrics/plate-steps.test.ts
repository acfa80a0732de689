import { expect, it } from 'vitest';
import { PlateSteps } from '../../../controller/metrics/plate-steps.ts';
import { cycleLayout, fieldOffset } from '../../../protocols/session-log.ts';
import { supervisorStates } from '../../../protocols/supervision.ts';
import { footplates, gaitOrthosis } from '../../sim/support/profile.ts';

const profile = footplates();
const layout = cycleLayout(profile.joints.length, profile.links.length);

function rowOf(phase: number, leftM: number, rightM: number, { state = 'running', blend = 1 }: { state?: (typeof supervisorStates)[number]; blend?: number } = {}): Float64Array {
  const row = new Float64Array(layout.width);
  const set = (key: string, value: number, joint = 0): void => void (row[fieldOffset(layout, key, joint)] = value);
  set('state', supervisorStates.indexOf(state));
  set('blend', blend);
  set('phase', phase);
  set('encoderPositionRad', leftM / 0.3, 0);
  set('encoderPositionRad', rightM / 0.3, 3);
  return row;
}

function seen(rows: readonly Float64Array[]) {
  const steps = PlateSteps.of(profile, layout)!;
  for (const row of rows) steps.row(row, 0);
  return steps.lengthM;
}

it('is how far the feet are apart when both stand, of each foot ahead', () => {
  const lengths = seen([rowOf(0.99, 0, 0), rowOf(0.04, 0.2, -0.1), rowOf(0.06, 0.19, -0.11), rowOf(0.54, -0.1, 0.2), rowOf(0.56, -0.12, 0.16), rowOf(0.9, 0, 0), rowOf(0.02, 0, 0), rowOf(0.05, 0.2, -0.14)]);
  expect(lengths).toEqual({ left: expect.closeTo(0.32, 9) as number, right: expect.closeTo(0.28, 9) as number });
});

it('counts whole steps of a walk alone', () => {
  expect(seen([rowOf(0.04, 0.2, -0.1, { blend: 0.9 }), rowOf(0.06, 0.2, -0.1, { blend: 0.9 })])).toEqual({ left: null, right: null });
  expect(seen([rowOf(0.04, 0.2, -0.1, { state: 'paused' }), rowOf(0.06, 0.2, -0.1, { state: 'paused' })])).toEqual({ left: null, right: null });
  expect(seen([rowOf(0.04, 0.2, -0.1, { state: 'paused' }), rowOf(0.06, 0.2, -0.1)])).toEqual({ left: null, right: null });
});

it('is not there for robots without plates', () => {
  expect(PlateSteps.of(gaitOrthosis(), layout)).toBeNull();
});
