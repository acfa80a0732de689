import { describe, expect, test } from 'vitest';
import { metricCatalogue, metricOfSession } from '../../../controller/metrics/catalogue.ts';
import { readColumnName } from '../../../controller/metrics/columns.ts';
import { computeMetrics, type MetricReport } from '../../../controller/metrics/compute.ts';
import { referenceCurveDeg } from '../../../controller/therapy/gait-reference.ts';
import { minimumJerk } from '../../../protocols/math.ts';

const RATE_HZ = 200;
const STRIDE_SEC = 1.2;
const STANCE = 0.6;
const STEP_M = 0.45;
const TURN = 2 * Math.PI;

const time = Array.from({ length: 10 * RATE_HZ }, (_, i) => i / RATE_HZ);
const share = (t: number, strikeSec: number): number => ((((t - strikeSec) / STRIDE_SEC) % 1) + 1) % 1;
const strikes = { left: 0.31, right: 0.31 + STRIDE_SEC / 2 } as const;

const foot = (side: keyof typeof strikes): number[] => time.map((t) => (share(t, strikes[side]) < STANCE ? 700 : 0));
const hip = (side: keyof typeof strikes): number[] => time.map((t) => 20 + 15 * Math.cos(TURN * share(t, strikes[side])));
/** The heel is farthest in front at the strike, half a step ahead of the pelvis; the toe is farthest behind at toe off. */
const heel = (side: keyof typeof strikes): number[] => time.map((t) => (STEP_M / 2) * Math.cos(TURN * share(t, strikes[side])));
const toe = (side: keyof typeof strikes): number[] => time.map((t) => -(STEP_M / 2) * Math.cos(TURN * (share(t, strikes[side]) - STANCE)));

const walk: Readonly<Record<string, readonly number[]>> = {
  t_s: time,
  foot_left_n: foot('left'),
  foot_right_n: foot('right'),
  heel_left_x_m: heel('left'),
  heel_right_x_m: heel('right'),
  toe_left_x_m: toe('left'),
  toe_right_x_m: toe('right'),
  pelvis_x_m: time.map(() => 0),
  hip_left_deg: hip('left'),
  hip_right_deg: hip('right').map((deg) => deg * 1.2),
  belt_speed_m_s: time.map(() => (2 * STEP_M) / STRIDE_SEC),
};

/** Only these columns of a record, as a table with them would give it. */
function compute(columns: Readonly<Record<string, readonly number[]>>, options: { rateHz?: number | null; resampled?: boolean; reference?: Readonly<Record<string, readonly number[]>> } = {}): MetricReport {
  const toSi = (named: Readonly<Record<string, readonly number[]>>): Map<string, Float64Array> =>
    new Map(
      Object.entries(named).map(([header, values]) => {
        const name = readColumnName(header);
        if (name.kind !== 'column') throw new Error(header);
        return [name.stem, Float64Array.from(values, (v) => v * name.factor)];
      }),
    );
  const { rateHz = 't_s' in columns ? RATE_HZ : null, resampled = false, reference } = options;
  const table = { columns: toSi(columns), rateHz, resampled, reference: reference === undefined ? null : toSi(reference) };
  return computeMetrics(table, metricCatalogue.filter(({ ways }) => ways.length > 0));
}

const pick = (...headers: string[]): Record<string, readonly number[]> => Object.fromEntries(headers.map((header) => [header, walk[header]!]));
const valueOf = ({ metrics }: MetricReport, name: string, of = ''): number => metrics.find((metric) => metric.name === name && metric.of === of)?.value ?? Number.NaN;

describe('the catalogue', () => {
  test('has every name once, in small letters, with one sentence and a source', () => {
    expect(new Set(metricCatalogue.map(({ name }) => name)).size).toBe(metricCatalogue.length);
    for (const { name, unit, definition } of metricCatalogue) {
      expect(name).toMatch(/^[a-z][a-z_]*$/);
      expect(definition).toMatch(/^[A-Z|(].*\.$/);
      expect(unit).not.toBe('');
    }
  });

  test('needs only columns that a table can have', () => {
    const headers = Object.keys(walk);
    expect(headers.every((header) => readColumnName(header).kind === 'column')).toBe(true);
    for (const { name, ways } of metricCatalogue) for (const { needs } of ways) for (const need of needs) expect([name, need, readColumnName(exampleOf(need)).kind]).not.toEqual([name, need, 'unknown']);
  });

  test('knows the definition behind a number of a session', () => {
    expect(metricOfSession('romDeg')).toMatchObject({ name: 'rom', unit: 'deg' });
    expect(metricOfSession('sparc')).toMatchObject({ name: 'sparc', source: 'Balasubramanian 2015' });
    expect(metricOfSession('stops')).toBeNull();
  });
});

/** A need with its variables filled in. */
const exampleOf = (need: string): string => {
  const stem = need.replace(/^@/, '').replace('<joint>', 'hip_left').replace('<kind>', 'hip').replace('<side>', 'left').replace('<step>', 'step_length');
  return stem;
};

describe('a walk', () => {
  const report = compute(walk);

  test('gives times, lengths and shares that fit together', () => {
    expect(valueOf(report, 'stride_time', 'left')).toBeCloseTo(STRIDE_SEC, 6);
    expect(valueOf(report, 'cadence')).toBeCloseTo(120 / STRIDE_SEC, 4);
    // A force that jumps is known to one sample, 0.4 % of the stride.
    expect(Math.abs(valueOf(report, 'stance', 'right') - STANCE * 100)).toBeLessThan(0.5);
    expect(Math.abs(valueOf(report, 'double_support') - (2 * STANCE - 1) * 100)).toBeLessThan(1);
    expect(valueOf(report, 'step_length', 'left')).toBeCloseTo(STEP_M, 3);
    expect(valueOf(report, 'walking_speed')).toBeCloseTo((2 * STEP_M) / STRIDE_SEC, 3);
    expect(valueOf(report, 'walking_speed')).toBeCloseTo((valueOf(report, 'step_length', 'left') + valueOf(report, 'step_length', 'right')) / 2 * valueOf(report, 'cadence') / 60, 12);
    expect(Math.abs(valueOf(report, 'speed_disagreement'))).toBeLessThan(0.5);
    expect(valueOf(report, 'coefficient_of_variation', 'stride_time_left')).toBeLessThan(0.01);
  });

  test('gives the same by the movement of the feet, and how far both ways are apart', () => {
    const kinematic = compute(pick('t_s', 'heel_left_x_m', 'heel_right_x_m', 'toe_left_x_m', 'toe_right_x_m', 'pelvis_x_m'));
    for (const [name, of] of [['stride_time', 'left'], ['cadence', ''], ['step_length', 'right'], ['walking_speed', ''], ['stance', 'left']] as const) {
      expect(valueOf(kinematic, name, of) / valueOf(report, name, of)).toBeCloseTo(1, 1.8);
    }
    expect(Math.abs(valueOf(report, 'heel_strike_agreement', 'left'))).toBeLessThan(5.1);
    expect(Math.abs(valueOf(report, 'toe_off_agreement', 'right'))).toBeLessThan(5.1);
  });

  test('counts steps and adds up distance and time', () => {
    expect(valueOf(report, 'steps')).toBe(9 + 8);
    expect(valueOf(report, 'distance')).toBeCloseTo(((2 * STEP_M) / STRIDE_SEC) * (10 - 1 / RATE_HZ), 9);
    expect(valueOf(report, 'walk_time')).toBeCloseTo(10, 9);
  });

  test('gives angles per stride, compared between the sides', () => {
    expect(valueOf(report, 'rom', 'hip_left')).toBeCloseTo(30, 1);
    expect(valueOf(report, 'peak_angle', 'hip_left')).toBeCloseTo(35, 1);
    expect(valueOf(report, 'symmetry_index', 'hip_rom')).toBeCloseTo((0.2 / 1.1) * 100, 1);
    expect(Math.abs(valueOf(report, 'symmetry_index', 'stance'))).toBeLessThan(0.5);
    expect(valueOf(report, 'sparc', 'hip_left')).toBeLessThan(0);
  });

  test('scores nothing against a reference that is not there, and a shifted hip by its shift', () => {
    expect(report.missing).toContainEqual({ name: 'gait_variable_score', of: '', because: 'it needs --reference with hip_left_deg', lacks: 1 });
    const cycle = Array.from({ length: 101 }, (_, i) => 20 + 15 * Math.cos((TURN * i) / 100));
    const scored = compute(pick('t_s', 'foot_left_n', 'hip_left_deg'), { reference: { hip_deg: cycle.map((deg) => deg - 4) } });
    expect(valueOf(scored, 'gait_variable_score', 'hip_left')).toBeCloseTo(4, 1);
  });

  test('says that it holds no whole stride rather than nothing', () => {
    const short = compute({ t_s: time.slice(0, 100), foot_left_n: foot('left').slice(0, 100) });
    expect(short.refused).toContainEqual({ name: 'stride_time', of: 'left', because: expect.stringContaining('no whole stride') });
  });
});

describe('one gait cycle as a table', () => {
  const [hipDeg, kneeDeg] = [referenceCurveDeg('hip', 0.6, 1, 0), referenceCurveDeg('knee', 0.6, 1, 0)];

  test('is scored per joint and for both joints of a side', () => {
    const report = compute({ hip_left_deg: hipDeg.map((deg) => deg + 3), knee_left_deg: kneeDeg.map((deg) => deg - 4) }, { reference: { hip_deg: hipDeg, knee_left_deg: kneeDeg } });
    expect(valueOf(report, 'gait_variable_score', 'hip_left')).toBeCloseTo(3, 9);
    expect(valueOf(report, 'gait_variable_score', 'knee_left')).toBeCloseTo(4, 9);
    expect(valueOf(report, 'two_joint_gvs', 'left')).toBeCloseTo(Math.sqrt(12.5), 9);
  });
});

describe('biofeedback of a walk', () => {
  const feedback = (effort: number): MetricReport =>
    compute({
      ...pick('t_s', 'foot_left_n'),
      wanted_velocity_knee_left_rad_s: time.map((t) => 2 * Math.sin(2 * TURN * share(t, strikes.left))),
      interaction_knee_left_nm: time.map((t) => effort * Math.sign(Math.sin(2 * TURN * share(t, strikes.left)))),
    });

  test('ranks active above passive above resisting, in both phases', () => {
    for (const name of ['biofeedback_stance', 'biofeedback_swing']) {
      const [active, passive, resisting] = [6, 0, -6].map((effort) => valueOf(feedback(effort), name, 'knee_left'));
      expect(active).toBeCloseTo(6, 0);
      expect(passive).toBeCloseTo(0, 9);
      expect(resisting).toBeCloseTo(-active!, 9);
    }
  });
});

/** Columns of a walk, of a reach and of trials at once. */
const everything: Readonly<Record<string, readonly number[]>> = {
  ...walk,
  speed_m_s: time.map((t) => Math.sin((Math.PI * t) / 10) ** 4),
  hand_x_m: time.map((t) => Math.cos(Math.PI * minimumJerk(t / 10))),
  hand_y_m: time.map((t) => Math.sin(Math.PI * minimumJerk(t / 10))),
  hand_z_m: time.map((t) => minimumJerk(t / 10) ** 2),
  ...Object.fromEntries(['target', 'line_start', 'line_end'].flatMap((point, k) => ['x', 'y', 'z'].map((axis) => [`${point}_${axis}_m`, time.map(() => k + 1)]))),
  circle_x_m: time.map(() => 0),
  circle_y_m: time.map(() => 0),
  circle_radius_m: time.map(() => 1),
  knee_left_deg: hip('left').map((deg) => 2 * deg),
  reference_hip_left_deg: hip('left').map((deg) => deg + 1),
  velocity_hip_left_rad_s: time.map((t) => Math.sin(t)),
  wanted_velocity_hip_left_rad_s: time.map((t) => Math.sin(3 * t)),
  torque_hip_left_nm: time.map((t) => 3 * Math.sin(t + 1)),
  interaction_hip_left_nm: time.map((t) => 3 * Math.sin(2 * t)),
  ...Object.fromEntries(['', '_left', '_right'].map((side, k) => [`step_length${side}_m`, time.map((_, i) => STEP_M + 0.01 * ((i + k) % 2))])),
  ...Object.fromEntries(['', '_left', '_right'].map((side) => [`stride_time${side}_s`, time.map((_, i) => STRIDE_SEC + 0.01 * (i % 3))])),
  ...Object.fromEntries(['left', 'right'].map((side, k) => [`stance_${side}_percent`, time.map((_, i) => 60 + k + (i % 2))])),
  value: time.map((t) => 1 + t),
  left_value: time.map(() => 50),
  right_value: time.map(() => 60),
};

describe('each way to a measure', () => {
  const cases = metricCatalogue.flatMap(({ name, ways }) => ways.map(({ needs }) => ({ name, needs: needs.join(', '), headers: needs.map(exampleOf).map((stem) => Object.keys(everything).find((header) => stemOf(header) === stem)!) })));

  test.each(cases)('leads to $name from $needs alone', ({ name, needs, headers }) => {
    const own = headers.filter((_, i) => !needs.split(', ')[i]!.startsWith('@'));
    const reference = { hip_deg: [1, 2, 3], knee_deg: [4, 5, 6] };
    const report = compute(Object.fromEntries(own.map((header) => [header, everything[header]!])), { reference });
    expect(report.metrics.filter((metric) => metric.name === name)).not.toEqual([]);
  });
});

function stemOf(header: string): string {
  const name = readColumnName(header);
  return name.kind === 'unknown' ? '' : name.stem;
}

describe('what needs time', () => {
  test('is refused below 20 Hz', () => {
    const report = compute({ t_s: [0, 0.1, 0.2, 0.3], speed_m_s: [0, 1, 1, 0] }, { rateHz: 10 });
    expect(report.metrics).toEqual([]);
    expect(report.refused.find(({ name }) => name === 'sparc')?.because).toContain('sampled at 10 Hz, and less than 20 Hz');
  });

  test('is resampled where the times are uneven', () => {
    const uneven = time.map((t, i) => t + (i % 3 === 1 ? 0.001 : 0));
    const report = compute({ t_s: uneven, belt_speed_m_s: uneven.map((t) => t) }, { resampled: true });
    expect(valueOf(report, 'distance')).toBeCloseTo((uneven.at(-1)! - (uneven.at(-1)! % (1 / RATE_HZ))) ** 2 / 2, 2);
  });
});

describe('a missing or useless column', () => {
  test('is named by the way that lacks least', () => {
    const report = compute({ hand_x_m: [0, 1], hand_y_m: [0, 1] });
    expect(report.missing).toContainEqual({ name: 'endpoint_error', of: '', because: 'it needs target_x_m, target_y_m', lacks: 2 });
    expect(report.missing).toContainEqual({ name: 'workspace_volume', of: '', because: 'it needs hand_z_m', lacks: 1 });
  });

  test('is named as one of the same joint where it is there of another', () => {
    const report = compute({ t_s: time, torque_hip_left_nm: time, velocity_hip_right_rad_s: time });
    expect(report.missing.find(({ name }) => name === 'work_net')?.because).toBe('it needs t_s, torque_hip_left_nm, velocity_hip_left_rad_s of the same joint or side');
  });

  test('says why its values give no number', () => {
    const because = (report: MetricReport, name: string): string | undefined => report.refused.find((miss) => miss.name === name)?.because;
    expect(because(compute({ hand_x_m: [0, 1, 0], hand_y_m: [0, 0, 0] }), 'hand_path_ratio')).toBe('the path ends where it began');
    expect(because(compute({ hand_x_m: [0, 1], hand_y_m: [0, 1], target_x_m: [1, 2], target_y_m: [0, 0] }), 'path_rmse')).toContain('target is not the same in every line');
    expect(because(compute({ hand_x_m: [0, 1], hand_y_m: [0, 1], circle_x_m: [1, 2], circle_y_m: [0, 0], circle_radius_m: [1, 1] }), 'tracing_error')).toContain('circle is not the same');
    expect(because(compute({ value: [3] }), 'coefficient_of_variation')).toBe('at least 2 values are needed');
    expect(because(compute({ value: [-1, 1] }), 'coefficient_of_variation')).toBe('the mean is zero');
    expect(because(compute({ left_value: [0], right_value: [0] }), 'symmetry_index')).toContain('not defined for 0 on the left and 0 on the right');
    expect(because(compute({ t_s: time, speed_m_s: time.map(() => 2) }), 'ldlj')).toContain('it has no jerk');
    expect(because(compute({ t_s: time, speed_m_s: time.map(() => 2) }), 'movement_time')).toContain('in the middle of the movement');
    expect(because(compute({ t_s: time, speed_m_s: time.map(() => 0) }), 'velocity_peaks')).toContain('nothing moved');
  });
});
