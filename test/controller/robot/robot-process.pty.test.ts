import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { filter, firstValueFrom } from 'rxjs';
import { SerialPort } from 'serialport';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { RobotRig, typicalSetup } from '../../../controller/cli/bench/robot-rig.ts';
import { pause } from '../../../controller/cli/faults/pty/place.ts';
import { FaultRoom } from '../../../controller/cli/faults/pty/room.ts';
import { readSession } from '../../../controller/recording/read-session.ts';
import { fieldOffset } from '../../../protocols/session-log.ts';
import { supervisorStates } from '../../../protocols/supervision.ts';
import { profile } from './support/fake-robot.ts';

const dist = (name: string): string => fileURLToPath(new URL(`../../../dist/${name}.js`, import.meta.url));
const profilePath = fileURLToPath(new URL('../../../hal/profiles/gait-orthosis.json', import.meta.url));
const programs = { profilePath, robotProgram: dist('robot-process'), simulatorProgram: dist('sim-process'), seed: 3 };
const WALK_CYCLES = 500;
const FROZEN_MS = 300;
const LOOK_MS = 20;

/** Lets a test make the robot process fail at any moment. */
const faultOnSignal = "data:text/javascript,process.on('SIGVTALRM', () => { throw new Error('injected fault'); })";

/** With a robot that is prepared, and a session that is recorded. */
const prepared = (): Promise<FaultRoom> => FaultRoom.open({ ...programs, profile, mischiefProgram: dist('faults-mischief'), nodeOptions: ['--import', faultOnSignal] });

/** A robot that the tests of one description prepare once; the last of them may end its process. */
function shared(): { readonly room: () => FaultRoom; readonly rig: () => RobotRig; readonly log: () => string } {
  let room: FaultRoom;
  beforeAll(async () => {
    room = await prepared();
  });
  afterAll(() => room.close());
  return { room: () => room, rig: () => room.rig, log: () => room.operator.logPath };
}

/** A process whose robot nobody has prepared. */
async function started({ onTestFinished }: TestContext): Promise<{ rig: RobotRig; log: string }> {
  const rig = await RobotRig.start(programs);
  onTestFinished(() => rig.stop());
  return { rig, log: path.join(rig.folder, 's.mcap') };
}

/** Resolves when so many more cycles have run. */
async function cycles(rig: RobotRig, count: number): Promise<void> {
  await rig.request({ type: 'stats', startOver: true });
  for (let done = 0; done < count; ) {
    await pause(LOOK_MS);
    const answer = await rig.request({ type: 'stats', startOver: false });
    done = answer.type === 'stats' ? answer.stats.ticks : done;
  }
}

async function openSession(rig: RobotRig, file: string): Promise<void> {
  await rig.request({ type: 'openSession', epoch: 1, sessionId: 's', startedAt: '2024-05-01T10:00:00Z', actor: 'x', setup: typicalSetup(profile), logPath: file });
}

async function recording(log: string) {
  const session = await readSession(log);
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
  it('ends in order when it is told to, and reports the sealed file', async (test) => {
    const { rig, log } = await started(test);
    await rig.request({ type: 'takeLease', epoch: 1 });
    await openSession(rig, log);
    await cycles(rig, WALK_CYCLES);
    const closed = firstValueFrom(rig.messages$.pipe(filter((message) => message.type === 'sessionClosed')));
    rig.send({ type: 'shutdown' });
    expect(await rig.robotExit).toEqual({ code: 0, signal: null });
    expect(await closed).toMatchObject({ sessionId: path.basename(log, '.mcap'), bytes: fs.statSync(log).size, cycles: (await recording(log)).rows.length });
  });

  it('leaves a readable recording when it is killed', async (test) => {
    const { rig, log } = await started(test);
    await rig.request({ type: 'takeLease', epoch: 1 });
    await openSession(rig, log);
    await cycles(rig, WALK_CYCLES + profile.controlRateHz);
    rig.robot.kill('SIGKILL');
    expect(await rig.robotExit).toEqual({ code: null, signal: 'SIGKILL' });
    const { rows, condition } = await recording(log);
    expect(condition).toMatchObject({ complete: false, corruptChunks: 0 });
    expect(rows.length).toBeGreaterThanOrEqual(WALK_CYCLES - profile.controlRateHz);
  });

  it('refuses what it does not understand, and a session whose file it cannot make, and goes on', async (test) => {
    const { rig, log } = await started(test);
    const news = firstValueFrom(rig.messages$.pipe(filter((message) => message.type === 'notice' && message.code === 'messageInvalid')));
    rig.send({ type: 'lease', epoch: -1, sequence: 0, challenge: 0 });
    await news;
    await rig.request({ type: 'takeLease', epoch: 1 });
    await expect(openSession(rig, path.join(rig.folder, 'nowhere', 's.mcap'))).rejects.toMatchObject({ code: 'dataFolder' });
    await openSession(rig, log);
    await expect(openSession(rig, log)).rejects.toMatchObject({ code: 'sessionRunning' });
    await rig.request({ type: 'closeSession' });
    expect((await recording(log)).condition.complete).toBe(true);
  });
});

describe('the robot process of a walking robot', () => {
  const { rig, log, room } = shared();

  it('does not heed Ctrl-C: that is the station’s to decide', async () => {
    expect(await room().stayAt('running', 0)).toBe(true);
    rig().robot.kill('SIGINT');
    await cycles(rig(), 25);
    expect(rig().robot.exitCode).toBeNull();
  });

  it('stops the robot, seals the file, frees the ports and ends when the station is gone', async () => {
    expect(await room().stayAt('running', 0)).toBe(true);
    await cycles(rig(), WALK_CYCLES);
    rig().closePipe();
    expect(await rig().robotExit).toEqual({ code: 0, signal: null });
    const { rows, column, condition } = await recording(log());
    expect(condition).toMatchObject({ complete: true, corruptChunks: 0 });
    expect(supervisorStates[column(rows.at(-1)!, 'state')]).toBe('stopped');
    expect(Math.abs(column(rows.at(-1)!, 'motorVelocityRadPerSec'))).toBeLessThan(0.2);
    for (let n = 1; n < rows.length; n++) expect(column(rows[n]!, 'cycle')).toBe(column(rows[n - 1]!, 'cycle') + 1);
    for (const link of profile.links) await openAndClose(path.join(rig().folder, 'ports', link.id));
  });
});

describe('the robot process of a robot that walks', () => {
  const { rig, log, room } = shared();

  it('stops and stays stopped after it was frozen', async () => {
    expect(await room().stayAt('running', 0)).toBe(true);
    rig().robot.kill('SIGSTOP');
    await pause(FROZEN_MS);
    rig().robot.kill('SIGCONT');
    // The news of a state and the answer to a question come on different ways.
    await expect.poll(() => room().state, { timeout: 2_000, interval: 5 }).toBe('stopped');
    await cycles(rig(), 50);
    expect(room().state).toBe('stopped');
    await expect(rig().request({ type: 'command', epoch: 1, actor: 'x', command: 'start' })).rejects.toMatchObject({ code: 'notPermittedNow' });
  });

  it('walks again, and lets go of the drives, seals the file and ends with an error when it fails inside', async () => {
    expect(await room().stayAt('running', 0)).toBe(true);
    await cycles(rig(), WALK_CYCLES);
    rig().robot.kill('SIGVTALRM');
    expect(await rig().robotExit).toEqual({ code: 1, signal: null });
    expect((await recording(log())).condition).toMatchObject({ complete: true, corruptChunks: 0 });
    for (const link of profile.links) await openAndClose(path.join(rig().folder, 'ports', link.id));
  });
});

it('says what is missing when it is started without a port for a link', () => {
  const { status, stderr } = spawnSync(process.execPath, [dist('robot-process'), '--profile', profilePath, '--ports', '{}', '--parent-fd', '3'], { encoding: 'utf8', timeout: 60_000 });
  expect(status).toBe(1);
  expect(stderr).toMatch(/E304 The robot's link "leg-left" has no serial port/);
});
