/** The independent monitor as a thread of the robot process, on real pseudo-terminals. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, type TestContext } from 'vitest';
import { RobotRig } from '../../../controller/cli/bench/robot-rig.ts';
import { Walker } from '../../../controller/cli/bench/walker.ts';
import { MonitorClient } from '../../../controller/robot/monitor-client.ts';
import { readSession } from '../../../controller/recording/read-session.ts';
import { systemClock } from '../../../hal/clock.ts';
import { monitorReasons, type MonitorInputs } from '../../../protocols/joints.ts';
import { fieldOffset } from '../../../protocols/session-log.ts';
import { causes, supervisorStates, type Cause, type SupervisorState } from '../../../protocols/supervision.ts';
import { MonitorRig } from '../safety/monitor-rig.ts';
import { profile } from './support/fake-robot.ts';

const dist = (name: string): URL => new URL(`../../../dist/${name}.js`, import.meta.url);
const profilePath = fileURLToPath(new URL('../../../hal/profiles/gait-orthosis.json', import.meta.url));

/** SIGUSR2 ends the monitor's thread. */
const killMonitor = `data:text/javascript,
  import threads from 'node:worker_threads';
  import { syncBuiltinESMExports } from 'node:module';
  const { Worker } = threads;
  threads.Worker = class extends Worker {
    constructor(url, options) {
      super(url, options);
      if (String(url).includes('monitor-thread')) process.on('SIGUSR2', () => void this.terminate());
    }
  };
  syncBuiltinESMExports();`;
/** SIGUSR2 blocks the loop's thread, as a fault of the program would. */
const BLOCK_MS = 300;
const blockLoop = `data:text/javascript,process.on('SIGUSR2', () => { const end = performance.now() + ${BLOCK_MS}; while (performance.now() < end); })`;

const AFTERWARDS_CYCLES = 50;
const LOOK_MS = 5;
const STOP_LIMIT_MS = 3_000;

interface Row {
  readonly nowUs: number;
  readonly state: SupervisorState;
  readonly cause: Cause;
  readonly relayClosed: boolean;
  readonly reason: string | undefined;
  readonly monitorAgeUs: number;
  readonly enabled: boolean;
}

/** Walks, does that to the robot process, waits for its stop, and reads what was recorded. */
async function walkUntil(hook: string, { expect: expectHere, onTestFinished }: TestContext): Promise<Row[]> {
  const robot = await RobotRig.start({ profilePath, robotProgram: fileURLToPath(dist('robot-process')), simulatorProgram: fileURLToPath(dist('sim-process')), seed: 3, nodeOptions: ['--import', hook.replaceAll('\n', ' ')] });
  onTestFinished(() => robot.stop());
  const walker = new Walker(robot, profile);
  onTestFinished(() => walker.end());
  let state: SupervisorState = 'connecting';
  robot.messages$.subscribe((message) => {
    if (message.type === 'state') state = message.state;
  });
  await walker.walk();
  walker.end();
  robot.robot.kill('SIGUSR2');
  await expectHere.poll(() => state, { timeout: STOP_LIMIT_MS, interval: LOOK_MS }).toBe('stopped');
  await robot.request({ type: 'stats', startOver: true });
  await expectHere.poll(async () => robot.request({ type: 'stats', startOver: false })).toMatchObject({ stats: { ticks: expect.toSatisfy((ticks: number) => ticks > AFTERWARDS_CYCLES) } });
  robot.send({ type: 'shutdown' });
  await robot.robotExit;
  return readRows(path.join(robot.folder, 'bench.mcap'));
}

async function readRows(log: string): Promise<Row[]> {
  const session = await readSession(log);
  const rows: Row[] = [];
  for await (const batch of session.batches())
    for (let n = 0; n < batch.rowCount; n++) {
      const column = (key: string, index = 0): number => batch.rows[n * session.layout.width + fieldOffset(session.layout, key, index)]!;
      rows.push({
        nowUs: column('nowUs'),
        state: supervisorStates[column('state')]!,
        cause: causes[column('cause')]!,
        relayClosed: column('enableRelayClosed') !== 0,
        reason: monitorReasons[column('monitorReason')],
        monitorAgeUs: column('monitorAgeUs'),
        enabled: column('enable') !== 0,
      });
    }
  return rows;
}

describe('the monitor beside a walking robot', () => {
  it('that is gone lets the relay open and stops the robot with a plain cause', async (test) => {
    const rows = await walkUntil(killMonitor, test);
    const stopped = rows.findIndex(({ state }) => state === 'stopped');
    expect(rows[stopped]).toMatchObject({ cause: 'monitorDisagrees', reason: 'none' });
    expect(rows[stopped]!.monitorAgeUs).toBeGreaterThan(40_000);
    const opened = rows.findIndex((row, n) => n >= stopped - 5 && !row.relayClosed);
    expect(rows[opened]!.nowUs - rows[stopped]!.nowUs).toBeLessThan(60_000);
    expect(rows.slice(Math.max(opened, stopped)).every(({ relayClosed, state }) => !relayClosed && state === 'stopped')).toBe(true);
  });

  it('gives no answer while the loop is blocked, so that the relay opens', async (test) => {
    const rows = await walkUntil(blockLoop, test);
    const after = rows.findIndex((row, n) => n > 0 && row.nowUs - rows[n - 1]!.nowUs > BLOCK_MS * 900);
    expect(after).toBeGreaterThan(0);
    expect(rows[after - 1]).toMatchObject({ state: 'running', relayClosed: true, reason: 'none' });
    expect(rows[after]!.state).toBe('stopped');
    expect(rows.slice(after, after + 10).some(({ relayClosed }) => !relayClosed)).toBe(true);
    expect(rows.slice(after).every(({ state }) => state === 'stopped')).toBe(true);
  });
});

describe('the thread of the monitor', () => {
  const nowUs = (): number => systemClock.nowUs();
  const seen: MonitorInputs = { ageUs: 0, reason: 'none', joint: 0 };
  /** Resolves when it has looked since the last call. */
  const looked = async (client: MonitorClient): Promise<void> => {
    await expect.poll(() => (client.read(seen, nowUs()), seen.ageUs), { interval: 1 }).toBe(0);
  };

  it('answers each challenge once and within milliseconds, and says what it sees', async () => {
    const crashes: unknown[] = [];
    const client = new MonitorClient({ profile, workerUrl: dist('monitor-thread'), onCrash: (error) => crashes.push(error) });
    client.read(seen, nowUs());
    expect(seen.ageUs).toBe(Infinity);
    await looked(client);
    expect(seen).toMatchObject({ reason: 'hubSilent', joint: -1 });
    const robot = new MonitorRig(profile);
    robot.monitor.push = (link, chunk) => client.onBytes(link, chunk, nowUs());
    const waitedUs: number[] = [];
    for (let n = 0; n < 50; n++) {
      robot.tick();
      const askedUs = nowUs();
      await expect.poll(() => client.takeAnswer(), { interval: 0 }).toBe(robot.hub.challenge);
      waitedUs.push(nowUs() - askedUs);
      expect(client.takeAnswer()).toBe(-1);
    }
    expect(waitedUs.sort((a, b) => a - b)[25]).toBeLessThan(10_000);
    await looked(client);
    expect(seen).toMatchObject({ reason: 'none', joint: -1 });
    client.onBytes(0, new Uint8Array(1_000_000), nowUs());
    await expect.poll(() => (client.read(seen, nowUs()), seen.reason)).toBe('bytesLost');
    for (let n = 0; n < 5; n++) {
      robot.tick();
      await looked(client);
      expect(client.takeAnswer()).toBe(-1);
    }
    await client.close();
    expect(crashes).toEqual([]);
  });

  it('that cannot run is told, once', async () => {
    const crashes: unknown[] = [];
    const client = new MonitorClient({ profile, workerUrl: dist('no-such-thread'), onCrash: (error) => crashes.push(error) });
    await expect.poll(() => crashes.length).toBe(1);
    expect(client.takeAnswer()).toBe(-1);
    await client.close();
    expect(crashes).toHaveLength(1);
  });
});
