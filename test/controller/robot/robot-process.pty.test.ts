import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { filter, firstValueFrom } from 'rxjs';
import { SerialPort } from 'serialport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RobotRig, typicalSetup } from '../../../controller/cli/bench/robot-rig.ts';
import { Walker } from '../../../controller/cli/bench/walker.ts';
import { readSession } from '../../../controller/recording/read-session.ts';
import { fieldOffset } from '../../../protocols/session-log.ts';
import { supervisorStates, type SupervisorState } from '../../../protocols/supervision.ts';
import { profile } from './support/fake-robot.ts';

const dist = (name: string): string => fileURLToPath(new URL(`../../../dist/${name}.js`, import.meta.url));
const profilePath = fileURLToPath(new URL('../../../hal/profiles/gait-orthosis.json', import.meta.url));
const WALK_CYCLES = 500;

let rig: RobotRig;
let walker: Walker;
let state: SupervisorState;

/** Lets a test make the robot process fail at any moment. */
const faultOnSignal = "data:text/javascript,process.on('SIGUSR2', () => { throw new Error('injected fault'); })";

beforeEach(async () => {
  rig = await RobotRig.start({ profilePath, robotProgram: dist('robot-process'), simulatorProgram: dist('sim-process'), seed: 3, nodeOptions: ['--import', faultOnSignal] });
  walker = new Walker(rig, profile);
  rig.messages$.subscribe((message) => {
    if (message.type === 'state') state = message.state;
  });
});

afterEach(async () => {
  walker.end();
  rig.robot.kill('SIGCONT');
  await rig.stop();
});

const logPath = (): string => path.join(rig.folder, 'bench.mcap');

/** Resolves when so many more cycles have run. */
async function cycles(count: number): Promise<void> {
  await rig.request({ type: 'stats', startOver: true });
  for (let done = 0; done < count; ) {
    const answer = await rig.request({ type: 'stats', startOver: false });
    done = answer.type === 'stats' ? answer.stats.ticks : done;
  }
}

async function recording() {
  const session = await readSession(logPath());
  const rows: Float64Array[] = [];
  for await (const batch of session.batches()) for (let n = 0; n < batch.rowCount; n++) rows.push(batch.rows.slice(n * session.layout.width, (n + 1) * session.layout.width));
  const column = (row: Float64Array, key: string): number => row[fieldOffset(session.layout, key)]!;
  return { ...session, rows, column };
}

async function openAndClose(port: string): Promise<void> {
  const host = new SerialPort({ path: port, baudRate: 921_600, autoOpen: false, lock: true });
  await new Promise<void>((resolve, reject) => host.open((error) => (error === null ? resolve() : reject(error))));
  await new Promise<void>((resolve) => host.close(() => resolve()));
}

describe('the robot process', () => {
  it('stops the robot, seals the file, frees the ports and ends when the station is gone', async () => {
    await walker.walk();
    await cycles(WALK_CYCLES);
    rig.closePipe();
    expect(await rig.robotExit).toEqual({ code: 0, signal: null });
    const { rows, column, condition } = await recording();
    expect(condition).toMatchObject({ complete: true, corruptChunks: 0 });
    expect(supervisorStates[column(rows.at(-1)!, 'state')]).toBe('stopped');
    expect(Math.abs(column(rows.at(-1)!, 'motorVelocityRadPerSec'))).toBeLessThan(0.2);
    for (let n = 1; n < rows.length; n++) expect(column(rows[n]!, 'cycle')).toBe(column(rows[n - 1]!, 'cycle') + 1);
    for (const link of profile.links) await openAndClose(path.join(rig.folder, 'ports', link.id));
  });

  it('ends in order when it is told to, and reports the sealed file', async () => {
    await walker.walk();
    const closed = firstValueFrom(rig.messages$.pipe(filter((message) => message.type === 'sessionClosed')));
    rig.send({ type: 'shutdown' });
    expect(await rig.robotExit).toEqual({ code: 0, signal: null });
    expect(await closed).toMatchObject({ sessionId: 'bench', bytes: fs.statSync(logPath()).size, cycles: (await recording()).rows.length });
  });

  it('lets go of the drives, seals the file and ends with an error when it fails inside', async () => {
    await walker.walk();
    await cycles(WALK_CYCLES);
    rig.robot.kill('SIGUSR2');
    expect(await rig.robotExit).toEqual({ code: 1, signal: null });
    expect((await recording()).condition).toMatchObject({ complete: true, corruptChunks: 0 });
    for (const link of profile.links) await openAndClose(path.join(rig.folder, 'ports', link.id));
  });

  it('leaves a readable recording when it is killed', async () => {
    await walker.walk();
    await cycles(WALK_CYCLES);
    rig.robot.kill('SIGKILL');
    expect(await rig.robotExit).toEqual({ code: null, signal: 'SIGKILL' });
    const { rows, condition } = await recording();
    expect(condition).toMatchObject({ complete: false, corruptChunks: 0 });
    expect(rows.length).toBeGreaterThanOrEqual(WALK_CYCLES - profile.controlRateHz);
  });

  it('does not heed Ctrl-C: that is the station’s to decide', async () => {
    await walker.walk();
    rig.robot.kill('SIGINT');
    await cycles(25);
    expect(rig.robot.exitCode).toBeNull();
  });

  it('stops and stays stopped after it was frozen', async () => {
    await walker.walk();
    walker.end();
    rig.robot.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 300));
    rig.robot.kill('SIGCONT');
    // The news of a state and the answer to a question come on different ways.
    await expect.poll(() => state, { timeout: 2_000, interval: 5 }).toBe('stopped');
    await cycles(50);
    expect(state).toBe('stopped');
    await expect(rig.request({ type: 'command', epoch: 1, actor: 'x', command: 'start' })).rejects.toMatchObject({ code: 'notPermittedNow' });
  });

  it('refuses what it does not understand, and a session whose file it cannot make, and goes on', async () => {
    const news = firstValueFrom(rig.messages$.pipe(filter((message) => message.type === 'notice' && message.code === 'messageInvalid')));
    rig.send({ type: 'lease', epoch: -1, sequence: 0, challenge: 0 });
    await news;
    await rig.request({ type: 'takeLease', epoch: 1 });
    const opening = { type: 'openSession', epoch: 1, sessionId: 's', startedAt: '2024-05-01T10:00:00Z', actor: 'x', setup: typicalSetup(profile) } as const;
    await expect(rig.request({ ...opening, logPath: path.join(rig.folder, 'nowhere', 's.mcap') })).rejects.toMatchObject({ code: 'dataFolder' });
    await rig.request({ ...opening, logPath: logPath() });
    await expect(rig.request({ ...opening, logPath: logPath() })).rejects.toMatchObject({ code: 'sessionRunning' });
    await rig.request({ type: 'closeSession' });
    expect((await recording()).condition.complete).toBe(true);
  });
});

it('says what is missing when it is started without a port for a link', () => {
  const { status, stderr } = spawnSync(process.execPath, [dist('robot-process'), '--profile', profilePath, '--ports', '{}', '--parent-fd', '3'], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/E304 The robot's link "leg-left" has no serial port/);
});
