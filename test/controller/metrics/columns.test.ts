import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnExample, columnKinds, columnName, fillStem, matchStem, readColumnName, unitNames } from '../../../controller/metrics/columns.ts';

describe('the name of a column', () => {
  test.each([
    ['t_s', 't', 1],
    ['t_ms', 't', 1e-3],
    [' Speed_KM_H ', 'speed', 1 / 3.6],
    ['hip_left_deg', 'hip_left', Math.PI / 180],
    ['shoulder_rotation_deg', 'shoulder_rotation', Math.PI / 180],
    ['shoulder_rotation_right_rad', 'shoulder_rotation_right', 1],
    ['velocity_knee_right_deg_s', 'velocity_knee_right', Math.PI / 180],
    ['torque_hip_left_Nm', 'torque_hip_left', 1],
    ['hand_z_mm', 'hand_z', 1e-3],
    ['foot_left_kN', 'foot_left', 1e3],
    ['stance_left_percent', 'stance_left', 1],
    ['left_value', 'left_value', 1],
  ])('%s tells what it holds and in which unit', (header, stem, factor) => {
    expect(readColumnName(header)).toMatchObject({ kind: 'column', stem, factor: expect.closeTo(factor, 15) });
  });

  test.each([
    ['speed_furlong', 'speed', 'furlong'],
    ['speed', 'speed', ''],
    ['hip_left_m', 'hip_left', 'm'],
    ['step_length_left_deg', 'step_length_left', 'deg'],
    ['t_h', 't', 'h'],
    ['value_m', 'value', 'm'],
  ])('%s has no unit that its quantity may have', (header, stem, unit) => {
    expect(readColumnName(header)).toEqual({ kind: 'unit', stem, unit, allowed: expect.any(Array) });
  });

  test.each(['hip_lefft_deg', 'foo_m', '', 'hand_w_m', '0.5', 'speed_x_m_s'])('%s is not known', (header) => {
    expect(readColumnName(header)).toEqual({ kind: 'unknown' });
  });

  test('is understood for every column in each of its units', () => {
    const columns = columnKinds.flatMap(({ stem, dimension }) => unitNames(dimension).map((unit) => ({ stem, dimension, unit })));
    fc.assert(
      fc.property(fc.constantFrom(...columns), fc.constantFrom('hip_left', 'elbow', 'shoulder_horizontal'), fc.constantFrom('left', 'right'), (column, joint, side) => {
        const stem = fillStem(column.stem, { joint, side, axis: 'y' });
        expect(readColumnName(column.unit === '' ? stem : `${stem}_${column.unit}`)).toMatchObject({ kind: 'column', stem, dimension: column.dimension });
      }),
    );
  });

  test('never stands for two quantities', () => {
    const examples = columnKinds.map((column) => fillStem(columnExample(column), { joint: 'knee_right', side: 'right', axis: 'z' }));
    expect(new Set(examples).size).toBe(columnKinds.length);
  });

  test('is shown with its variables in documents', () => {
    expect(['torque_<joint>', 'interaction_<kind>_<side>', '<step>_left', 'nothing known'].map(columnName)).toEqual(['torque_<joint>_nm', 'interaction_<joint>_nm', '<step>_left_m', 'nothing known']);
  });
});

test('a need finds the columns that fit, with what its variables stand for', () => {
  expect(matchStem('torque_<joint>', 'torque_hip_left')).toEqual({ joint: 'hip_left' });
  expect(matchStem('<kind>_<side>', 'knee_right')).toEqual({ kind: 'knee', side: 'right' });
  expect(matchStem('<kind>_<side>', 'elbow')).toBeNull();
  expect(matchStem('hand_x', 'hand_xy')).toBeNull();
});
