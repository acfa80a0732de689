import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { replayCommand } from '../../../controller/cli/replay.ts';
import { runCommand } from '../../../controller/cli/run.ts';
import { createSessionFile } from '../../../controller/recording/session-file.ts';
import { readSession } from '../../../controller/recording/read-session.ts';
import { zstdReady } from '../../../controller/recording/zstd.ts';
import { openSqliteStore } from '../../../controller/station/records/sqlite-store.ts';
import { sessionMetricsSchema } from '../../../protocols/api.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { isDriven } from '../../../protocols/profile.ts';
import { fieldOffset } from '../../../protocols/session-log.ts';
import { readRows, temporaryFolder } from '../recording/fixtures.ts';

beforeAll(() => zstdReady);

/** Of sessions on a machine that has other things to do. */
const LONG_MS = 90_000;

const walk = [
  { atSec: 1.5, command: 'arm' },
  { atSec: 3, command: 'start' },
  { atSec: 9, parameters: { speedKmh: 1.7 }, reason: 'faster' },
  { atSec: 13, command: 'pause' },
  { atSec: 16, command: 'disarm' },
];

/** Where how far it walks says no more. */
const shortWalk = { timeline: [...walk.slice(0, 2), { atSec: 4, parameters: { speedKmh: 1.7 }, reason: 'faster' }], durationSec: 5 };

function writeScript(folder: string, timeline: readonly object[], change: object = {}): string {
  const file = join(folder, 'script.json');
  const script = { title: 'test', profile: resolve('hal/profiles/gait-orthosis.json'), patient: { ref: 'demo-2', bodyMassKg: 58, heightM: 1.66 }, durationSec: 18, timeline, ...change };
  writeFileSync(file, JSON.stringify(script));
  return file;
}

/** What the command prints, and its exit code. */
async function call(command: typeof runCommand, positional: string, options: Record<string, string>): Promise<{ code: number; json: Record<string, unknown> }> {
  const printed: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  onTestFinished(() => spy.mockRestore());
  const code = await command.run({ positionals: [positional], options: new Map(Object.entries({ json: 'true', ...options })) });
  spy.mockRestore();
  return { code, json: JSON.parse(printed.join('').split('\n')[0] ?? '') as Record<string, unknown> };
}

const run = (script: string, data: string, seed = '5'): ReturnType<typeof call> => call(runCommand, script, { seed, data });
const replay = (log: string): ReturnType<typeof call> => call(replayCommand, log, { verify: 'true' });

describe('a scripted session', () => {
  const profiles = readdirSync('hal/profiles').filter((name) => name.endsWith('.json'));
  const isOf = (driven: boolean) => (name: string): boolean => isDriven(parseProfile(readFileSync(`hal/profiles/${name}`, 'utf8'), name)) === driven;

  test.each(profiles.filter(isOf(false)))('measures on %s whoever moves by himself, refuses to be armed, and replays without a difference', async (name) => {
    const data = temporaryFolder();
    const timeline = [{ atSec: 1, command: 'arm' }, { atSec: 2, game: { targets: 2, seed: 1 } }, { atSec: 4, parameters: { springs: { upperArm: 4, forearm: 3 } } }];
    const script = writeScript(data, timeline, { profile: resolve(`hal/profiles/${name}`), patient: { ref: 'p', bodyMassKg: 75, heightM: 1.8, simulated: resolve('sim/patients/reaching.json') }, durationSec: 26, initial: { springs: { upperArm: 3, forearm: 3 } } });
    const { json } = await run(script, data);
    const { reach, games, stops, walkTimeSec, settings } = sessionMetricsSchema.parse(json['metrics']);
    expect({ stops, walkTimeSec, mode: settings?.mode }).toEqual({ stops: 0, walkTimeSec: 0, mode: 'free' });
    expect(reach?.reaches).toBeGreaterThan(3);
    expect(reach?.distrustedSec).toBe(0);
    expect(games?.targets).toBe(2);
    expect(reach?.joints.every(({ minDeg, maxDeg }) => (maxDeg ?? 0) - (minDeg ?? 0) > 12)).toBe(true);
    expect((await replay(String(json['log']))).json).toMatchObject({ differences: 0 });
  });

  test.each(profiles.filter(isOf(true)))('walks on %s, each joint of it, without a stop', { timeout: LONG_MS }, async (name) => {
    const data = temporaryFolder();
    const profile = parseProfile(readFileSync(`hal/profiles/${name}`, 'utf8'), name);
    // A repetition of the arm's exercise takes as long as four strides, and one is enough.
    const { durationSec, repetitions, ...training } =
      profile.class === 'arm' ? { durationSec: 26, repetitions: 1, initial: { handSpeedMps: profile.therapy.handSpeedMps.max } } : { durationSec: 13, repetitions: 2 };
    const { json } = await run(writeScript(data, walk.slice(0, 2), { profile: resolve(`hal/profiles/${name}`), durationSec, ...training }), data);
    const metrics = sessionMetricsSchema.parse(json['metrics']);
    expect(metrics).toMatchObject({ stops: 1, measuredStops: [{ cause: 'operatorStop', atRest: true, withinLimits: true }] });
    expect(metrics.joints.map(({ jointId }) => jointId)).toEqual(profile.joints.map(({ id }) => id));
    for (const { strides, romDeg, trackingRmsDeg } of metrics.joints) {
      expect(strides).toBeGreaterThanOrEqual(repetitions);
      expect(romDeg).toBeGreaterThan(12);
      expect(trackingRmsDeg).toBeLessThan(3);
    }
  });

  test('walks, is recorded, stands in the history, and replays without a difference', async () => {
    const data = temporaryFolder();
    const { code, json } = await run(writeScript(data, walk), data);
    const log = String(json['log']);
    expect(code).toBe(0);
    const metrics = sessionMetricsSchema.parse(json['metrics']);
    expect(metrics.steps).toBeGreaterThan(5);
    expect(metrics.stops).toBe(0);
    for (const joint of metrics.joints) expect(joint.trackingRmsDeg).toBeLessThan(3);
    expect(createHash('sha256').update(readFileSync(log)).digest('hex')).toBe(json['sha256']);
    expect(readdirSync(join(data, 'sessions'))).toEqual([`${String(json['sessionId'])}.mcap`]);
    const { events, condition } = await readRows(log);
    expect(condition).toMatchObject({ complete: true, corruptChunks: 0 });
    expect(events).toContainEqual(expect.objectContaining({ kind: 'parameter', subject: 'speedMps', reason: 'faster', actor: 'script' }));
    const store = openSqliteStore(join(data, 'dari.db'));
    onTestFinished(() => store.close());
    expect(await store.sessionDetail(String(json['sessionId']))).toMatchObject({ sha256: json['sha256'], session: { patientId: 'demo-2', status: 'sealed', steps: metrics.steps }, metrics: { steps: metrics.steps } });
    expect(await replay(log)).toMatchObject({ code: 0, json: { verified: true, differences: 0, cycles: 4500, missingCycles: 0 } });
  });

  test('has the same file for the same seed, also in the same folder again, and another one for another', { timeout: LONG_MS }, async () => {
    const [a, b] = [temporaryFolder(), temporaryFolder()];
    const script = writeScript(a, [], shortWalk);
    const [first, elsewhere, again] = [await run(script, a), await run(writeScript(b, [], shortWalk), b), await run(script, a)];
    expect(elsewhere.json['sessionId']).toBe(first.json['sessionId']);
    expect(readFileSync(String(elsewhere.json['log'])).equals(readFileSync(String(first.json['log'])))).toBe(true);
    expect(again).toMatchObject({ code: 0, json: { sha256: first.json['sha256'] } });
    expect(readdirSync(join(a, 'sessions'))).toHaveLength(1);
    const other = await run(script, a, '6');
    expect(other.json['sessionId']).not.toBe(first.json['sessionId']);
    expect(other.json['sha256']).not.toBe(first.json['sha256']);
  });

  test('of a patient whom nobody knows is recorded all the same, reports what the robot refused, and goes on; cut, its log is not called verified', async () => {
    const data = temporaryFolder();
    const { code, json } = await run(writeScript(data, [{ atSec: 1, command: 'start' }], { patient: { ref: 'nobody', bodyMassKg: 75, heightM: 1.8 }, durationSec: 3 }), data);
    expect(code).toBe(1);
    expect(json['inHistory']).toBe(false);
    expect(statSync(String(json['log'])).size).toBe(json['bytes']);
    expect(json['refused']).toEqual([{ atSec: 1, message: expect.stringContaining('"start" is not possible') as string }]);
    expect(json['cycles']).toBe(750);
    const cut = join(data, 'cut.mcap');
    writeFileSync(cut, readFileSync(String(json['log'])).subarray(0, Number(json['bytes']) - 3_000));
    expect(await replay(cut)).toMatchObject({ code: 1, json: { verified: false, complete: false, differences: 0 } });
  });

  test('reports a command that was taken and had no effect, with what the robot waits for', async () => {
    const data = temporaryFolder();
    const timeline = [{ atSec: 0.4, patientButton: true }, { atSec: 0.6, command: 'arm' }, { atSec: 0.8, command: 'start' }, { atSec: 1, patientButton: false }, { atSec: 1.2, command: 'arm' }];
    const { code, json } = await run(writeScript(data, timeline, { durationSec: 1.4 }), data);
    expect(code).toBe(1);
    expect(json['refused']).toEqual([
      { atSec: 0.6, message: expect.stringContaining('"arm" had no effect: the robot is ready (patientButton)') as string },
      { atSec: 0.8, message: expect.stringContaining('"start" is not possible while the robot is ready (it cannot be armed: patientButton)') as string },
    ]);
  });

  test('that was refused at its start leaves no file', async () => {
    const data = temporaryFolder();
    await expect(run(writeScript(data, [], { patient: { ref: 'demo-1', bodyMassKg: 500, heightM: 1.8 } }), data)).rejects.toMatchObject({ code: 'setupInvalid' });
    expect(readdirSync(join(data, 'sessions'))).toEqual([]);
  });

  test('that does not exist is named', async () => {
    await expect(run(join(temporaryFolder(), 'none.json'), temporaryFolder())).rejects.toMatchObject({ code: 'scriptInvalid' });
  });
});

describe('faults in a scripted session', () => {
  test('stop the robot, each of them, and every decision replays', { timeout: LONG_MS }, async () => {
    const again = (atSec: number) => [{ atSec, command: 'acknowledge' }, { atSec: atSec + 0.5, command: 'arm' }, { atSec: atSec + 2, command: 'start' }];
    const timeline = [
      ...walk.slice(0, 2),
      { atSec: 7, estop: true },
      { atSec: 9, estop: false },
      ...again(10),
      { atSec: 16, patientButton: true },
      { atSec: 16.5, patientButton: false },
      ...again(20),
      { atSec: 26, operatorPresent: false },
      { atSec: 29, operatorPresent: true },
      ...again(33),
      // Last: afterwards the robot has to be prepared anew.
      { atSec: 39, unplug: 'leg-left' },
    ];
    const data = temporaryFolder();
    const { json } = await run(writeScript(data, timeline, { durationSec: 41 }), data);
    expect(json['refused']).toEqual([]);
    expect(json['metrics']).toMatchObject({ stops: 4 });
    expect(await replay(String(json['log']))).toMatchObject({ code: 0, json: { differences: 0 } });
  });
});

describe('replay', () => {
  test('of a walk that was stopped at the end of its script finds no difference, and names a decision that was changed in the log', async () => {
    const data = temporaryFolder();
    const { json } = await run(writeScript(data, walk.slice(0, 2), { durationSec: 9 }), data);
    expect(json['metrics']).toMatchObject({ stops: 1 });
    expect(await replay(String(json['log']))).toMatchObject({ code: 0, json: { differences: 0 } });
    const session = await readSession(String(json['log']));
    const { rows } = await readRows(String(json['log']));
    const at = 2000 * session.layout.width + fieldOffset(session.layout, 'permittedTorqueNm', 1);
    rows[at] = (rows[at] ?? 0) + 1e-12;
    const forged = join(data, 'forged.mcap');
    const cycle = rows[2000 * session.layout.width + fieldOffset(session.layout, 'cycle')];
    const writer = createSessionFile(forged, session.header);
    for (let start = 0; start < rows.length; start += session.layout.width) writer.row(rows, start);
    writer.seal();
    const { code, json: report } = await replay(forged);
    expect(code).toBe(1);
    expect(report).toMatchObject({ verified: false, differences: 1, first: { cycle, field: 'permittedTorqueNm.kneeLeft' } });
  });
});
