import { expect, it } from 'vitest';
import { PlateWalk } from '../../../controller/therapy/plate-walk.ts';
import { toRangeRad } from '../../../protocols/profile.ts';
import { emptyIntent } from '../../../protocols/session-log.ts';
import type { TrainingMode } from '../../../protocols/training-mode.ts';
import { kmhToMps } from '../../../protocols/units.ts';
import { footplates } from '../../sim/support/profile.ts';

const PERIOD_US = 4_000;

it('ground that becomes a stair is said to change for as long as the pattern is not the same in the next stride', () => {
  const profile = footplates();
  const permitted = profile.joints.map(({ softRangeDeg }) => toRangeRad(softRangeDeg));
  const parameters = { speedMps: kmhToMps(1), guidance: { left: 1, right: 1 }, romScale: [], offsetRad: [] };
  const walk = new PlateWalk(profile, { patientRef: 'p', bodyMassKg: 75, heightM: 1.8, permittedRangeRad: permitted, parameters }, permitted, null);
  const intent = { ...emptyIntent(profile.joints.length), mode: 'levelWalk' as TrainingMode, speedMps: kmhToMps(1), guidanceLeft: 1, guidanceRight: 1 };
  const measured = profile.joints.map(() => ({ positionRad: 0, velocityRadPerSec: 0 }));
  const vertical = profile.joints.findIndex(({ kind }) => kind === 'vertical');
  const run = (seconds: number, task: 'hold' | 'train' = 'train'): number[] =>
    Array.from({ length: (seconds * 1e6) / PERIOD_US }, () => {
      walk.update(task, measured, intent, PERIOD_US, true, { left: false, right: false, interactionNm: new Float64Array(profile.joints.length) });
      return walk.referenceRad[vertical]!;
    });
  const highest = (): number => Math.max(...run(4));
  run(2, 'hold');
  run(12);
  expect(walk.changing).toBe(false);
  const level = highest();
  intent.mode = 'stairsUp';
  run(PERIOD_US / 1e6);
  expect(walk.changing).toBe(true);
  expect(highest()).not.toBeCloseTo(level, 2);
  for (let i = 0; i < 20 && walk.changing; i++) run(1);
  expect(walk.changing).toBe(false);
  expect(Math.abs(highest() - highest())).toBeLessThan(1e-3);
});
