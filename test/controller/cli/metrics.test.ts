import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { metricsCommand } from '../../../controller/cli/metrics.ts';
import { minimumJerk } from '../../../protocols/math.ts';
import { sampled, smoothnessCases } from '../metrics/signals.ts';
import { temporaryFolder } from '../../support/station.ts';

let printed: string;
let folder: string;

beforeEach(() => {
  printed = '';
  folder = temporaryFolder('metrics');
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});

afterEach(() => void vi.restoreAllMocks());

const save = (text: string, name = 'table.csv'): string => {
  const file = path.join(folder, name);
  fs.writeFileSync(file, text);
  return file;
};

const csv = (columns: Readonly<Record<string, readonly number[]>>): string => {
  const rows = Object.values(columns);
  return [Object.keys(columns).join(','), ...(rows[0] ?? []).map((_, i) => rows.map((values) => values[i]).join(','))].join('\n');
};

const metrics = async (file: string, options: Readonly<Record<string, string>> = {}): Promise<number> => metricsCommand.run({ positionals: [file], options: new Map(Object.entries(options)) });

interface Printed {
  readonly metrics: readonly { readonly name: string; readonly of: string; readonly value: number; readonly unit: string; readonly source: string; readonly minimalDetectableChange: string }[];
  readonly refused: readonly { readonly name: string; readonly because: string }[];
  readonly notes: readonly string[];
}

async function measured(columns: Readonly<Record<string, readonly number[]>>, options: Readonly<Record<string, string>> = {}): Promise<Printed> {
  expect(await metrics(save(csv(columns)), { json: 'true', ...options })).toBe(0);
  return JSON.parse(printed) as Printed;
}

const valueOf = ({ metrics: values }: Printed, name: string, of?: string): number => values.find((metric) => metric.name === name && (of === undefined || metric.of === of))?.value ?? Number.NaN;

describe('dari metrics', () => {
  it.each(smoothnessCases)('gives the published smoothness of $signal to six digits', async ({ values, rateHz, ...want }) => {
    const report = await measured({ t_s: values.map((_, i) => i / rateHz), speed_m_s: values });
    expect(Math.abs(valueOf(report, 'sparc') - want.sparc)).toBeLessThan(1e-6);
    expect(Math.abs(valueOf(report, 'ldlj') - want.ldlj)).toBeLessThan(1e-6);
    expect(report.metrics[0]).toEqual({ name: 'sparc', of: 'speed', value: expect.any(Number), unit: '1', source: 'Balasubramanian 2015', minimalDetectableChange: 'unknown' });
  });

  it('gives the hand path ratio of a semicircle and the room under it', async () => {
    const turn = sampled(101, 100, (t) => Math.PI * minimumJerk(t));
    const report = await measured({ t_s: sampled(101, 100, (t) => t), hand_x_cm: turn.map((rad) => 100 * Math.cos(rad)), hand_y_cm: turn.map((rad) => 100 * Math.sin(rad)) });
    expect(valueOf(report, 'hand_path_ratio')).toBeCloseTo(1.570651162, 8);
    expect(valueOf(report, 'workspace_area')).toBeCloseTo(Math.PI / 2, 2);
    expect(valueOf(report, 'ldlj_vector')).toBeLessThan(valueOf(report, 'ldlj'));
    expect(report.metrics.find(({ name }) => name === 'hand_path_ratio')?.minimalDetectableChange).toBe('42.6–102.8 % of the mean (Brihmat 2020)');
  });

  it('gives the movement time of a minimum-jerk reach', async () => {
    const { values, rateHz } = smoothnessCases[3];
    expect(Math.abs(valueOf(await measured({ t_ms: values.map((_, i) => (i * 1000) / rateHz), speed_m_s: values }), 'movement_time') - 0.88112)).toBeLessThan(2e-5);
  });

  it('gives the reached volume and the deviation from the straight path', async () => {
    expect(valueOf(await measured({ hand_x_m: [0, 1, 0, 0, 0.2], hand_y_m: [0, 0, 1, 0, 0.2], hand_z_m: [0, 0, 0, 1, 0.2] }), 'workspace_volume')).toBeCloseTo(1 / 6, 12);
    printed = '';
    expect(valueOf(await measured({ hand_x_m: [0, 0], hand_y_m: [0, 1], target_x_m: [1, 1], target_y_m: [1, 1] }), 'path_rmse')).toBeCloseTo(Math.SQRT1_2, 12);
  });

  it('gives the published symmetry of 60 on the right and 50 on the left', async () => {
    const report = await measured({ left_value: [50], right_value: [60] });
    expect(['symmetry_index', 'symmetry_ratio', 'gait_asymmetry', 'symmetry_angle'].map((name) => valueOf(report, name))).toEqual([18.181818, 0.833333, 18.232156, 5.771588].map((value) => expect.closeTo(value, 6)));
  });

  it('gives variability and cadence of stride times', async () => {
    const report = await measured({ stride_time_s: [1.1, 1.12, 1.08, 1.11, 1.09] });
    expect(valueOf(report, 'coefficient_of_variation')).toBeCloseTo(1.437399, 6);
    expect(valueOf(report, 'cadence')).toBeCloseTo(120 / 1.1, 9);
  });

  it('gives the work of a sine torque on a sine movement', async () => {
    const report = await measured({
      t_s: sampled(10_001, 10_000, (t) => t),
      torque_elbow_nm: sampled(10_001, 10_000, (t) => 10 * Math.sin(2 * Math.PI * t + 0.5)),
      velocity_elbow_deg_s: sampled(10_001, 10_000, (t) => (360 / Math.PI) * Math.sin(2 * Math.PI * t)),
    });
    expect(['work_net', 'work_positive', 'work_negative'].map((name) => valueOf(report, name, 'elbow'))).toEqual([8.775826, 8.905168, -0.129343].map((value) => expect.closeTo(value, 5)));
  });

  it('says that it resampled', async () => {
    const times = sampled(101, 100, (t) => t).map((t, i) => t + (i % 3 === 1 ? 0.003 : 0));
    const report = await measured({ t_s: times, speed_m_s: times.map((t) => 30 * t ** 2 * (1 - Math.min(1, t)) ** 2) });
    expect(report.notes).toEqual(['The samples are not evenly spaced: resampled to 100 Hz by straight lines.']);
    expect(valueOf(report, 'sparc')).toBeCloseTo(-1.4058, 2);
  });

  it('leaves out the trials in which the movement was learnt', async () => {
    expect(valueOf(await measured({ value: [9, 9, 9, 9, 9, 9, 2, 4] }, { 'drop-first': '6' }), 'coefficient_of_variation')).toBeCloseTo((Math.SQRT2 / 3) * 100, 9);
  });

  it('scores a cycle against a reference', async () => {
    const reference = save('cycle_percent,hip_deg\n0,0\n50,10\n100,0\n', 'reference.csv');
    expect(valueOf(await measured({ cycle_percent: [0, 50, 100], hip_left_deg: [2, 12, 2] }, { reference }), 'gait_variable_score', 'hip_left')).toBeCloseTo(2, 9);
  });

  it('computes only what was asked for', async () => {
    const report = await measured({ left_value: [1], right_value: [2] }, { only: 'symmetry_ratio, symmetry_index' });
    expect(report.metrics.map(({ name }) => name)).toEqual(['symmetry_ratio', 'symmetry_index']);
  });

  it('prints a table for people, with what could not be computed and why', async () => {
    expect(await metrics(save('hand_x_m,hand_y_m\n0,0\n3,4\n0,0\n'))).toBe(0);
    expect(printed).toMatch(/^measure +value +unit +source +detectable change\npath_length \(hand\) +10 +m +own +unknown\n/);
    expect(printed).toContain('Refused:\n  hand_path_ratio (hand): the path ends where it began\n');
    expect(printed).toContain('Not computed, for want of a column:\n');
    expect(printed).toContain('  workspace_volume: it needs hand_z_m\n');
  });
});

describe('a wrong table is refused with what to do:', () => {
  const even = (rateHz: number, count: number, value: number): string => csv({ t_s: sampled(count, rateHz, (t) => t), speed_m_s: sampled(count, rateHz, () => value) });

  it.each([
    ['an unknown unit', 't_s,speed_furlong\n0,1\n', 'column 2 "speed_furlong": "furlong" is no unit of speed. Write speed_m_s or speed_cm_s'],
    ['no unit', 'time,speed\n0,1\n', 'column 2 "speed": it has no unit. Write speed_m_s or'],
    ['an unknown column', 't_s,foo_m\n0,1\n', 'column 2 "foo_m" is not known. Rename it or take it out; there are t_s, speed_m_s'],
    ['several wrong columns', 'time_s,foo_m\n0,1\n', 'column 1 "time_s" is not known.*column 2 "foo_m" is not known'],
    ['a doubled column', 't_s,speed_m_s,speed_km_h\n0,1,2\n', 'column 3 "speed_km_h" is there twice. Leave one of "speed_m_s" and "speed_km_h" out'],
    ['no header', '0,1\n1,2\n', 'begins with numbers. Its first line must name the columns'],
    ['an empty file', '', 'is empty. Its first line must name the columns'],
    ['a header alone', 't_s,speed_m_s\n', 'holds no value. Add a line'],
    ['semicolons', 't_s;speed_m_s\n0;1\n', 'semicolons or tabs. Save it with commas'],
    ['a word among the numbers', 't_s,speed_m_s\n0,1\n0.01,fast\n', 'line 3, column "speed_m_s": "fast" is not a number'],
    ['NaN', 't_s,speed_m_s\n\n0,1\n0.01,NaN\n', 'line 4, column "speed_m_s": "NaN" is not a number'],
    ['infinity', 't_s,speed_m_s\n0,1\n0.01,1e999\n', 'line 3, column "speed_m_s": "1e999" is not a number'],
    ['an empty cell', 't_s,speed_m_s\n0,1\n0.01,\n', 'line 3, column "speed_m_s": nothing is not a number'],
    ['a decimal comma', 't_s,speed_m_s\n0,1\n0,01,2\n', 'line 3 has 3 values, and the first line names 2 columns'],
    ['an open quote', 't_s,speed_m_s\n0,"1\n', 'is no CSV: .*Put a quote around text on both sides'],
    ['time that stands', 't_s,speed_m_s\n0,1\n0.01,1\n0.01,2\n', 'line 4: its time is not after that of the line before'],
    ['time that goes back', 't_s,speed_m_s\n0,1\n0.02,1\n0.01,2\n', 'line 4: its time is not after that of the line before'],
    ['a gap', csv({ t_s: [0, 0.01, 0.02, 0.32, 0.33], speed_m_s: [0, 1, 2, 1, 0] }), 'line 5: 0.300 s are missing before it'],
    ['one sample', 't_s,speed_m_s\n0,1\n', 'holds 1 sample. A record over time needs at least 2'],
    ['half a cycle', 'cycle_percent,hip_left_deg\n0,1\n50,2\n', 'does not run from 0 to 100 in even steps'],
  ])('%s', async (_, text, message) => {
    await expect(metrics(save(text))).rejects.toMatchObject({ code: 'tableInvalid', message: expect.stringMatching(new RegExp(`table\\.csv.*${message}.*\\.$`, 's')) });
    expect(printed).toBe('');
  });

  it.each([
    ['no time where it is needed', 'speed_m_s\n0\n1\n', 'sparc: it needs t_s'],
    ['fewer than 20 samples a second', even(10, 30, 1), 'sparc (speed): the table is sampled at 10 Hz, and less than 20 Hz'],
    ['nothing but zeros', even(100, 30, 0), 'sparc (speed): every value is zero: nothing moved'],
    ['fewer samples than jerk needs', even(100, 2, 1), 'ldlj (speed): it has 2 samples, and at least 3 are needed'],
  ])('%s', async (_, text, message) => {
    const asked = metrics(save(text), { only: 'sparc,ldlj' });
    await expect(asked).rejects.toMatchObject({ code: 'metricRefused', message: expect.stringContaining(message) });
    expect(printed).toBe('');
  });

  it('a file that is not there, or is a folder', async () => {
    await expect(metrics(path.join(folder, 'nowhere.csv'))).rejects.toMatchObject({ code: 'tableInvalid', message: expect.stringMatching(/nowhere\.csv cannot be read \(ENOENT\)\. Check the path/) });
    await expect(metrics(folder)).rejects.toMatchObject({ code: 'tableInvalid', message: expect.stringMatching(/EISDIR/) });
  });

  it('nothing but time, told by what comes nearest', async () => {
    const refusal = metrics(save('t_s\n0\n0.01\n'));
    await expect(refusal).rejects.toMatchObject({ code: 'metricRefused', message: expect.stringMatching(/no measure can be computed.*\n {2}sparc: it needs speed_m_s\n/) });
  });

  it.each(['beauty', 'up_time'])('a measure that no table gives (%s), with those that tables give', async (only) => {
    await expect(metrics(save('left_value,right_value\n1,2\n'), { only })).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(new RegExp(`No table gives a measure "${only}"\\. Tables give sparc, ldlj,.*walk_time\\.$`)) });
  });

  it('trials that cannot be dropped', async () => {
    await expect(metrics(save('value\n1\n2\n'), { 'drop-first': '2' })).rejects.toMatchObject({ code: 'tableInvalid', message: expect.stringContaining('--drop-first 2 leaves none') });
    await expect(metrics(save('t_s,speed_m_s\n0,1\n1,2\n'), { 'drop-first': '1' })).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('a record over time') });
  });

  it('a reference that is none', async () => {
    const table = save('hip_left_deg\n1\n2\n');
    await expect(metrics(table, { reference: save('cycle_percent\n0\n100\n', 'r.csv') })).rejects.toMatchObject({ message: expect.stringContaining('is no reference') });
    await expect(metrics(table, { reference: save('hip_deg\n1\n', 'r.csv') })).rejects.toMatchObject({ message: expect.stringContaining('at least 2 lines') });
    await expect(metrics(table, { reference: save('t_s,hip_deg\n0,1\n0.01,2\n0.05,3\n0.06,3\n', 'r.csv') })).rejects.toMatchObject({ message: expect.stringContaining('not evenly sampled') });
  });
});
