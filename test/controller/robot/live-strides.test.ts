import { describe, expect, it } from 'vitest';
import { StrideWatch } from '../../../controller/metrics/stride-figures.ts';
import { createSessionSummary } from '../../../controller/metrics/session-summary.ts';
import { mean, standardDeviation } from '../../../controller/metrics/variability.ts';
import { createSessionFile } from '../../../controller/recording/session-file.ts';
import { zstdReady } from '../../../controller/recording/zstd.ts';
import { allocateCycleRing, CycleRingWriter } from '../../../controller/robot/cycle-ring.ts';
import { LiveStrides } from '../../../controller/robot/live-strides.ts';
import { SESSION_LOG_VERSION } from '../../../protocols/session-log.ts';
import { strideFiguresSchema, type StrideFigures } from '../../../protocols/stride-figures.ts';
import { gaitExo, gaitOrthosis } from '../../sim/support/profile.ts';
import { header, layout, profile as fixtureProfile, readRows, temporaryFolder } from '../recording/fixtures.ts';
import { walk } from '../metrics/walk.ts';
import { setupOf, walkLive, type Walk } from './support/lockstep-walk.ts';

const FAMILIARISATION = 6;
/** Simulated walks on a machine that has other things to do. */
const WALKS_MS = 90_000;
const phases = ['stanceNm', 'swingNm'] as const;

describe('figures of strides while they are walked', { timeout: WALKS_MS }, () => {
  it('are those of the recorded file, and the session’s numbers are their means after the first six strides', async () => {
    await zstdReady;
    const profile = gaitOrthosis();
    const setup = setupOf(profile, 3.2);
    const path = `${temporaryFolder()}/s.mcap`;
    const file = createSessionFile(path, { version: SESSION_LOG_VERSION, sessionId: 's', profile, setup, latched: 'none', mode: 'lockstep', seed: 1, startedAt: null, simulated: true });
    const live = await walkLive({ profile, patient: 'active', speedKmh: 3.2, strides: FAMILIARISATION + 2, row: (row, start) => file.row(row, start) });
    file.seal();
    const { rows } = await readRows(path);
    const recorded: StrideFigures[] = [];
    const watch = new StrideWatch(profile, setup, (figures) => recorded.push(figures));
    const summary = createSessionSummary(profile, setup);
    for (let start = 0; start < rows.length; start += layout.width) {
      watch.row(rows, start);
      summary.row(rows, start);
    }
    expect(live.length).toBeGreaterThanOrEqual(2 * (FAMILIARISATION + 2));
    expect(live).toEqual(recorded);
    for (const figures of live) expect(strideFiguresSchema.parse(JSON.parse(JSON.stringify(figures)))).toEqual(figures);
    for (const joint of summary.result().metrics.joints) {
      const counted = live.flatMap(({ joints }) => joints.filter(({ jointId }) => jointId === joint.jointId)).slice(FAMILIARISATION);
      expect(joint.strides).toBe(counted.length + FAMILIARISATION);
      const [stance, swing] = phases.map((phase) => counted.map((figures) => figures[phase]!));
      expect(joint.stanceFeedbackNm).toBeCloseTo(mean(stance!)!, 9);
      expect(joint.stanceFeedbackSdNm).toBeCloseTo(standardDeviation(stance!)!, 9);
      expect(joint.swingFeedbackNm).toBeCloseTo(mean(swing!)!, 9);
      expect(joint.swingFeedbackSdNm).toBeCloseTo(standardDeviation(swing!)!, 9);
    }
  });

  it('are lost, and nothing else, with the rows that nobody looked at in time', () => {
    const rows = walk({ strideSec: 2, parts: [{ state: 'running', durationSec: 12.1 }], angleRad: (_, phase) => 0.4 + 0.3 * Math.sin(2 * Math.PI * phase) });
    const ring = allocateCycleRing(layout.width, 64);
    const writer = new CycleRingWriter(ring);
    const told: StrideFigures[] = [];
    const live = new LiveStrides(fixtureProfile, ring, (figures) => told.push(figures));
    live.take();
    live.begin(header.setup);
    const [asleepFrom, asleepUntil] = [5 * 250, 5.5 * 250];
    for (let n = 0; n * layout.width < rows.length; n++) {
      writer.row(rows, n * layout.width);
      if (n % 4 === 0 && (n < asleepFrom || n > asleepUntil)) live.take();
    }
    expect(told.filter(({ side }) => side === 'left').map(({ endSec }) => Math.round(endSec))).toEqual([4, 8, 10, 12]);
    for (const { strideTimeSec } of told) expect(strideTimeSec).toBeCloseTo(2, 6);
    live.begin(null);
    writer.row(rows, 0);
    live.take();
  });
});

type Feedback = Readonly<Record<string, number>>;
type Conditions = Omit<Walk, 'strides'>;

/** Walks take seconds, and several tests look at the same one. */
const walked = new Map<string, Promise<Feedback>>();

/** Of the last two strides of both legs, per kind of joint and phase, Nm. */
function feedbackOf(conditions: Conditions): Promise<Feedback> {
  const key = JSON.stringify({ ...conditions, profile: conditions.profile.id });
  const known = walked.get(key) ?? walkForFeedback(conditions);
  walked.set(key, known);
  return known;
}

async function walkForFeedback(conditions: Conditions): Promise<Feedback> {
  const last = (await walkLive({ ...conditions, strides: 3 })).slice(-4);
  const entries = (['hip', 'knee'] as const).flatMap((kind) =>
    phases.map((phase): [string, number] => {
      const values = last.flatMap(({ joints }) => joints.filter(({ jointId }) => jointId.startsWith(kind)).map((joint) => joint[phase]!));
      return [`${kind} ${phase}`, mean(values)!];
    }),
  );
  return Object.fromEntries(entries);
}

// Slower, and with every unloading: `dari bench --only biofeedback`. Not at the ankle: what patients do there is about a newton metre, no more than the estimate's own error.
describe.each([
  { robot: 'the gait orthosis', profile: gaitOrthosis(), speedKmh: 1.5, resisting: 'spastic-2' },
  { robot: 'the gait orthosis', profile: gaitOrthosis(), speedKmh: 3.2, resisting: 'spastic-2' },
  { robot: 'the exoskeleton with driven ankles', profile: gaitExo(), speedKmh: 1.5, resisting: 'spastic-1' },
])('biofeedback in $robot at $speedKmh km/h', { timeout: WALKS_MS }, ({ profile, speedKmh, resisting }) => {
  it('ranks who takes part above who is passive, and him above who resists, at hip and knee, in stance and swing', async () => {
    const active = await feedbackOf({ profile, patient: 'active', speedKmh });
    const passive = await feedbackOf({ profile, patient: 'passive', speedKmh });
    const resists = await feedbackOf({ profile, patient: resisting, speedKmh });
    for (const key of Object.keys(passive)) {
      expect.soft(active[key], key).toBeGreaterThan(passive[key]!);
      expect.soft(passive[key], key).toBeGreaterThan(resists[key]!);
    }
  });
});

describe('biofeedback of a passive patient', { timeout: WALKS_MS }, () => {
  const profile = gaitOrthosis();
  const passive = { profile, patient: 'passive', speedKmh: 1.5 };

  it.each([
    { change: 'a speed 30 % lower', conditions: { speedKmh: 1.05 } },
    { change: 'a speed 30 % higher', conditions: { speedKmh: 1.95 } },
    { change: 'an unloading by 20 % of the body weight more', conditions: { unloadingKg: 35 } },
  ])('changes by less than a tenth of its range with $change', async ({ conditions }) => {
    const usual = await feedbackOf(passive);
    const changed = await feedbackOf({ ...passive, ...conditions });
    const most = await feedbackOf({ ...passive, patient: 'active' });
    const least = await feedbackOf({ ...passive, patient: 'spastic-2' });
    for (const key of Object.keys(usual)) expect.soft(Math.abs(changed[key]! - usual[key]!) / (most[key]! - least[key]!), key).toBeLessThan(0.1);
  });
});
