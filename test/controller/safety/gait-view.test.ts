import { describe, expect, it } from 'vitest';
import { collapsed, patternOf, type GaitView } from '../../../controller/safety/gait-view.ts';
import { emptyJointCommand } from '../../../protocols/joints.ts';
import { healthyIntent } from './fixtures.ts';

const seen = (planned: readonly number[], measured: readonly number[]): GaitView => ({
  phase: 0,
  blend: 1,
  guidanceLeft: 1,
  guidanceRight: 1,
  freeLeft: 0,
  freeRight: 0,
  freeJoint: -1,
  changing: false, jolt: 0,
  groundNm: null,
  planned: planned.map((velocityRadPerSec) => ({ ...emptyJointCommand(), velocityRadPerSec })),
  measured: measured.map((velocityRadPerSec) => ({ velocityRadPerSec })),
});

describe('a joint that stands although its plan moves', () => {
  it.each([
    ['does less than a quarter of it', 2, 0.49, true],
    ['does a quarter of it', 2, 0.5, false],
    ['does it', 2, 2, false],
    ['goes the other way', 2, -2, true],
    ['goes the other way of a plan that goes down', -2, 2, true],
    ['does less than a quarter of a plan that goes down', -2, -0.49, true],
    ['does a quarter of a plan that goes down', -2, -0.5, false],
    ['stands where the plan is slow', 0.5, 0, false],
    ['stands where the plan is a little faster', 0.51, 0, true],
    ['stands where the plan is slow downward', -0.5, 0, false],
    ['stands where the plan is a little faster downward', -0.51, 0, true],
    ['stands where the plan is no number', Number.NaN, 0, false],
  ])('is one that %s', (_, planned, measured, expected) => {
    expect(collapsed(seen([2, planned], [2, measured]), 1)).toBe(expected);
  });

  it('is one that is planned and not seen, and never one that is not planned', () => {
    expect(collapsed(seen([2, 2], [2]), 1)).toBe(true);
    expect(collapsed(seen([2], [2, 0]), 1)).toBe(false);
  });
});

it.each([0, 0.4])('a pattern of walking at %f m/s is another one when its speed, or the range or the offset of any joint is changed', (speedMps) => {
  const intent = { ...healthyIntent(), speedMps, romScale: [1, 1, 1, 1], offsetRad: [0, 0, 0, 0] };
  const changed = (values: readonly number[], joint: number, to: number): number[] => values.map((value, j) => (j === joint ? to : value));
  const patterns = [
    intent,
    { ...intent, speedMps: 0.41 },
    ...[0, 1, 2, 3].flatMap((joint) => [
      { ...intent, romScale: changed(intent.romScale, joint, 1.1) },
      { ...intent, romScale: changed(intent.romScale, joint, 0.9) },
      { ...intent, offsetRad: changed(intent.offsetRad, joint, 0.05) },
      { ...intent, offsetRad: changed(intent.offsetRad, joint, -0.05) },
    ]),
  ].map(patternOf);
  expect(new Set(patterns).size).toBe(patterns.length);
  expect(patternOf({ ...intent })).toBe(patterns[0]);
});
