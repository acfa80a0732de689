import { describe, expect, test } from 'vitest';
import { sessionMetricsSchema, sessionReplaySchema, strideCurvesSchema, timelineEventSchema } from '../../../protocols/api.ts';
import { createReplayColumns } from '../../../controller/metrics/replay-columns.ts';
import { createSessionSummary, type SessionReport } from '../../../controller/metrics/session-summary.ts';
import { layout, header, profile, speedEvent } from '../recording/fixtures.ts';
import { walk, type WalkOptions } from './walk.ts';

const TURN = 2 * Math.PI;
const plainWalk: WalkOptions = {
  strideSec: 2.013,
  parts: [
    { state: 'ready', durationSec: 1 },
    { state: 'running', durationSec: 41.3 },
    { state: 'ready', durationSec: 0.5 },
  ],
  angleRad: (_, phase) => 0.4 + 0.3 * Math.sin(TURN * phase),
};

function summarise(rows: Float64Array, events = [speedEvent(7_500_000)]): SessionReport {
  const summary = createSessionSummary(profile, header.setup);
  for (let start = 0; start < rows.length; start += layout.width) summary.row(rows, start);
  for (const event of events) summary.event(event);
  return summary.result();
}

describe('the numbers of a session', () => {
  const report = summarise(walk({ ...plainWalk, trackingErrorRad: 0.02 }));
  const { metrics } = report;

  test('have exactly the shape of the interface', () => {
    expect(sessionMetricsSchema.parse(metrics)).toEqual(metrics);
    for (const curve of report.curves) expect(strideCurvesSchema.parse(curve)).toEqual(curve);
    for (const event of report.events) expect(timelineEventSchema.parse(event)).toEqual(event);
  });

  test('hold the headline as the controller counted it', () => {
    expect(metrics).toMatchObject({ steps: Math.floor((41.3 / 2.013) * 2), durationSec: 42.796, stops: 0, meanGuidance: 0.75 });
    expect(metrics.settings).toEqual({ mode: 'guidedGait', speedMps: 0.4, guidance: { left: 1, right: 0.5 }, unloadingKg: 0 });
    expect(metrics.walkTimeSec).toBeCloseTo(41.3, 2);
    expect(metrics.distanceM).toBeCloseTo(0.4 * 41.3, 2);
    expect(metrics.meanSpeedMps).toBeCloseTo(0.4, 6);
  });

  test('find the stride time between heel strikes, and the cadence from it', () => {
    expect(metrics.strideTimeSec).toBeCloseTo(2.013, 6);
    expect(metrics.cadenceStepsPerMin).toBeCloseTo(120 / 2.013, 4);
  });

  test('measure range of motion, peak and tracking error per joint', () => {
    const deg = 180 / Math.PI;
    for (const joint of metrics.joints) {
      expect(joint.strides).toBeGreaterThanOrEqual(18);
      expect(joint.romDeg).toBeCloseTo(0.6 * deg, 1);
      expect(joint.peakDeg).toBeCloseTo(0.7 * deg, 1);
      expect(joint.trackingRmsDeg).toBeCloseTo(0.02 * deg, 6);
      expect(joint.sparc).toBeLessThan(0);
      expect(joint.ldlj).toBeLessThan(0);
    }
  });

  test('give curves over the gait cycle from each leg\'s own heel strike', () => {
    for (const curve of report.curves) {
      expect(curve.meanDeg).toHaveLength(101);
      expect(curve.referenceDeg).toHaveLength(101);
      curve.meanDeg.forEach((deg, percent) => expect(deg).toBeCloseTo(((0.4 + 0.3 * Math.sin((TURN * percent) / 100)) * 180) / Math.PI, 1));
    }
  });

  test('place events on the time line from the first cycle', () => {
    expect(report.events).toEqual([{ atSec: 2.5, kind: 'parameter', subject: 'speedMps', oldValue: '0.4', newValue: '0.5', cause: null, actor: 'test', reason: 'warm' }]);
  });
});

describe('work', () => {
  test('is what the robot gives the limb, per stride', () => {
    const strideSec = 1;
    // Torque and velocity as in the closed form: 10 sin(2πt + ½) Nm on 2 sin(2πt) rad/s.
    const report = summarise(
      walk({
        strideSec,
        parts: [{ state: 'running', durationSec: 12 }],
        angleRad: (_, phase) => 0.4 - (2 / TURN) * Math.cos(TURN * phase),
        torqueNm: (_, phase) => 10 * Math.sin(TURN * phase + 0.5),
      }),
    );
    for (const joint of report.metrics.joints) {
      expect(joint.netWorkJPerStride).toBeCloseTo(8.775826, 2);
      expect(joint.positiveWorkJPerStride).toBeCloseTo(8.905168, 2);
      expect(joint.negativeWorkJPerStride).toBeCloseTo(-0.129343, 2);
    }
  });
});

describe('the time in which the patient was active', () => {
  const activeSec = (torqueNm: (phase: number) => number): number =>
    summarise(
      walk({
        strideSec: 2,
        parts: [{ state: 'running', durationSec: 21 }],
        angleRad: (_, phase) => 0.4 - (1 / TURN) * Math.cos(TURN * phase),
        torqueNm: (_, phase) => torqueNm(phase),
      }),
    ).metrics.activeTimeSec ?? Number.NaN;

  test('is that of all strides when the robot is driven, and none when it drives', () => {
    expect(activeSec((phase) => -3 * Math.sin(TURN * phase))).toBeCloseTo(19, 3);
    expect(activeSec((phase) => 3 * Math.sin(TURN * phase))).toBe(0);
  });
});

test('the dose is the steps per minute of the session', () => {
  const { steps, durationSec, dosePerMin } = summarise(walk(plainWalk)).metrics;
  expect(dosePerMin).toBeCloseTo((steps * 60) / durationSec, 9);
  expect(summarise(new Float64Array(0)).metrics.dosePerMin).toBeNull();
});

describe('a stride counts only', () => {
  const stridesOf = (parts: WalkOptions['parts']): number => summarise(walk({ ...plainWalk, strideSec: 2, parts })).metrics.joints[0]?.strides ?? -1;

  test('when it is whole', () => {
    expect(stridesOf([{ state: 'running', durationSec: 3.9 }])).toBe(0);
    expect(stridesOf([{ state: 'running', durationSec: 4.1 }])).toBe(1);
  });

  test('when nothing interrupted it', () => {
    expect(stridesOf([{ state: 'running', durationSec: 5 }, { state: 'paused', durationSec: 1 }, { state: 'running', durationSec: 2.9 }])).toBe(1);
  });

  test('at full amplitude', () => {
    expect(stridesOf([{ state: 'running', durationSec: 5, blend: 0.9 }, { state: 'running', durationSec: 5 }])).toBe(1);
  });

  test('when no row is missing in it', () => {
    const rows = walk({ ...plainWalk, strideSec: 2, parts: [{ state: 'running', durationSec: 8.1 }] });
    const whole = summarise(rows).metrics.joints[0]?.strides ?? 0;
    const hole = 1250 * layout.width;
    const holed = Float64Array.from([...rows.subarray(0, hole), ...rows.subarray(hole + 30 * layout.width)]);
    expect(whole).toBe(3);
    expect(summarise(holed).metrics.joints[0]?.strides).toBe(2);
  });
});

test('a stop is counted once, however long it stands', () => {
  const parts: WalkOptions['parts'] = [
    { state: 'running', durationSec: 1 },
    { state: 'stopped', durationSec: 1 },
    { state: 'ready', durationSec: 1 },
    { state: 'emergency', durationSec: 1 },
    { state: 'stopped', durationSec: 1 },
  ];
  expect(summarise(walk({ ...plainWalk, parts })).metrics.stops).toBe(2);
});

test('a session without a cycle has numbers too', () => {
  const { metrics, curves } = summarise(new Float64Array(0), []);
  expect(sessionMetricsSchema.parse(metrics)).toMatchObject({ steps: 0, durationSec: 0, cadenceStepsPerMin: null });
  expect(curves[0]).toMatchObject({ meanDeg: [], stridesDeg: [], strideCount: 0 });
});

test('a long session keeps sixty curves, evenly chosen, and means over all of them', () => {
  const rows = walk({ ...plainWalk, strideSec: 0.5, parts: [{ state: 'running', durationSec: 200 }] });
  const [curve] = summarise(rows).curves;
  expect(curve?.stridesDeg).toHaveLength(60);
  expect(curve?.strideCount).toBeGreaterThan(390);
});

describe('the replay columns', () => {
  const rows = walk({ ...plainWalk, parts: [{ state: 'running', durationSec: 10 }] });
  rows[fieldAt('encoderPositionRad', 1)] = Number.NaN;
  const columns = createReplayColumns(profile, header.setup, 30);
  for (let start = 0; start < rows.length; start += layout.width) columns.row(rows, start);
  const replay = columns.result();

  test('have equal length, the asked rate, and no hole', () => {
    expect(sessionReplaySchema.parse(JSON.parse(JSON.stringify(replay)))).toBeTruthy();
    expect(replay.timeSec.length).toBe(300);
    for (const column of [replay.state, ...replay.positionRad, ...replay.referenceRad, ...replay.torqueNm]) expect(column).toHaveLength(300);
  });

  test('tell each stride', () => {
    expect(replay.strides.map(({ side }) => side)).toEqual(replay.strides.map((_, i) => (i % 2 === 0 ? replay.strides[0]?.side : replay.strides[1]?.side)));
    expect(replay.strides.length).toBeGreaterThanOrEqual(6);
    for (const { strideTimeSec } of replay.strides) expect(strideTimeSec).toBeCloseTo(2.013, 6);
  });

  test('follow the recorded angles', () => {
    replay.timeSec.forEach((sec, i) => {
      const row = Math.round(sec * profile.controlRateHz);
      expect(replay.positionRad[0]?.[i]).toBeCloseTo(rows[row * layout.width + fieldAt('encoderPositionRad', 0)] ?? Number.NaN, 3);
    });
  });
});

function fieldAt(key: string, joint: number): number {
  return layout.cycle.length + joint * layout.joint.length + layout.joint.findIndex((field) => field.key === key);
}
