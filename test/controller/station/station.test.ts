import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { sessionDetailSchema, sessionListItemSchema } from '../../../protocols/api.ts';
import { OperatorClient } from '../../support/operator-client.ts';
import { isAlive } from '../../support/station.ts';
import { cleanUp, freshFolder, profile, startStandIn, type StandInStation } from './support/stand-in-station.ts';

const clients: OperatorClient[] = [];

async function client({ station }: StandInStation): Promise<OperatorClient> {
  const connected = await OperatorClient.connect(station.url);
  clients.push(connected);
  await connected.until('the robot process', () => connected.status?.controller === 'running');
  return connected;
}

async function driver(standIn: StandInStation): Promise<OperatorClient> {
  const connected = await client(standIn);
  connected.epoch = (await connected.do({ type: 'takeLease', takeOver: false })).epoch ?? 0;
  return connected;
}

const getJson = async (standIn: StandInStation, urlPath: string): Promise<unknown> => (await fetch(standIn.station.url + urlPath)).json();

const statusOf = async (standIn: StandInStation, id: string): Promise<string> => sessionDetailSchema.parse(await getJson(standIn, `/api/sessions/${id}`)).session.status;

const parameters = { speedMps: 0.4, guidance: { left: 1, right: 1 }, romScale: profile.joints.map(() => 1), offsetRad: profile.joints.map(() => 0) };

afterEach(async () => {
  for (const connected of clients.splice(0)) connected.close();
  await cleanUp();
});

describe('the start', () => {
  it('is over when the robot is connected, and the page answers by then', async () => {
    const standIn = await startStandIn();
    await standIn.station.connected;
    expect((await fetch(`${standIn.station.url}/`)).status).toBe(200);
    expect(await getJson(standIn, '/healthz')).toMatchObject({ status: 'ok', controller: 'running', robot: 'ready', simulated: false });
  });

  it('refuses a port that is taken before it starts a process', async () => {
    const { station } = await startStandIn();
    const folder = freshFolder();
    await expect(startStandIn('none', folder, { port: Number(new URL(station.url).port) })).rejects.toMatchObject({ code: 'addressInUse' });
    expect(fs.existsSync(path.join(folder, 'journal.jsonl'))).toBe(false);
    expect(fs.existsSync(path.join(folder, 'dari.db'))).toBe(false);
  });

  it('refuses a data folder that another station uses, and names that station', async () => {
    const first = await startStandIn();
    await first.station.connected;
    await expect(startStandIn('none', first.dataFolder)).rejects.toMatchObject({ code: 'dataFolder', message: expect.stringContaining(first.station.url) });
    expect((await fetch(`${first.station.url}/healthz`)).status).toBe(200);
    await first.station.stop();
    const again = await startStandIn('none', first.dataFolder);
    await again.station.connected;
  });

  it('gives everything back when it fails half-way', async () => {
    const folder = freshFolder();
    const failing = { robot: { kind: 'simulator', program: path.join(folder, 'no-such-program.js'), seed: 1 } } as const;
    await expect(startStandIn('none', folder, failing)).rejects.toMatchObject({ code: 'simulatorFailed' });
    expect(fs.existsSync(path.join(folder, 'links'))).toBe(false);
    await startStandIn('none', folder);
  });

  it('says what to do when the page was never built', async () => {
    const folder = freshFolder();
    fs.rmSync(path.join(folder, 'page', 'index.html'));
    await expect(startStandIn('none', folder)).rejects.toMatchObject({ message: expect.stringContaining('npm run build') });
  });
});

describe('the lease', () => {
  it('goes to exactly one of many who race for it', async () => {
    const standIn = await startStandIn();
    const all = await Promise.all(Array.from({ length: 5 }, () => client(standIn)));
    const answers = await Promise.all(all.map((one) => one.ask({ type: 'takeLease', takeOver: false })));
    expect(answers.filter((answer) => answer.type === 'done')).toHaveLength(1);
    expect(answers.filter((answer) => answer.type === 'refused' && answer.code === 'leaseRefused')).toHaveLength(4);
    const winner = all[answers.findIndex((answer) => answer.type === 'done')];
    for (const one of all) await one.until('the status', () => one.status?.lease !== null);
    expect(new Set(all.map((one) => one.status?.lease?.clientId)).size).toBe(1);
    expect(winner?.status?.lease?.epoch).toBeGreaterThan(0);
  });

  it('is taken over only on purpose, and the old epoch is worth nothing then', async () => {
    const standIn = await startStandIn();
    const first = await driver(standIn);
    const second = await client(standIn);
    const taken = await second.do({ type: 'takeLease', takeOver: true });
    expect(taken.epoch).toBeGreaterThan(first.epoch);
    expect(await first.ask({ type: 'command', epoch: first.epoch, command: 'arm' })).toMatchObject({ type: 'refused', code: 'leaseRefused' });
    expect(await first.ask({ type: 'command', epoch: taken.epoch ?? 0, command: 'arm' })).toMatchObject({ type: 'refused', code: 'leaseRefused' });
    expect(standIn.journal().filter((message) => message.type === 'command')).toEqual([]);
  });

  it('has epochs that grow over restarts', async () => {
    const first = await startStandIn();
    const { epoch } = await driver(first);
    await first.station.stop();
    const second = await startStandIn('none', first.dataFolder);
    expect((await driver(second)).epoch).toBeGreaterThan(epoch);
  });

  it('is renewed by its holder only, which alone is asked', async () => {
    const standIn = await startStandIn();
    const holder = await driver(standIn);
    const other = await client(standIn);
    other.epoch = holder.epoch;
    other.send({ type: 'renewLease', epoch: holder.epoch, sequence: 500, challenge: 1001 });
    await expect.poll(() => standIn.journal().filter((message) => message.type === 'lease').length).toBeGreaterThan(1);
    const renewals = standIn.journal().flatMap((message) => (message.type === 'lease' ? [[message.sequence, message.challenge]] : []));
    expect(renewals).toEqual(renewals.map((_, index) => [index + 1, 1001 + index]));
  });

  it('is free, and no longer renewed, when the page of its holder is gone', async () => {
    const standIn = await startStandIn();
    const holder = await driver(standIn);
    const other = await client(standIn);
    await other.until('the holder', () => other.status?.lease !== null);
    holder.close();
    await other.until('a free robot', () => other.status?.lease === null);
    expect(standIn.journal().some((message) => message.type === 'releaseLease')).toBe(false);
    await other.do({ type: 'takeLease', takeOver: false });
  });

  it('is free when the robot process says that it was not renewed in time', async () => {
    const standIn = await startStandIn();
    const holder = await driver(standIn);
    await holder.do({ type: 'command', epoch: holder.epoch, command: 'disarm' });
    await holder.until('a free robot', () => holder.status?.lease === null);
    expect(await holder.ask({ type: 'command', epoch: holder.epoch, command: 'arm' })).toMatchObject({ type: 'refused', code: 'leaseRefused' });
  });

  it('can be given back', async () => {
    const standIn = await startStandIn();
    const holder = await driver(standIn);
    expect(await holder.ask({ type: 'releaseLease', epoch: holder.epoch + 1 })).toMatchObject({ type: 'refused', code: 'leaseRefused' });
    await holder.do({ type: 'releaseLease', epoch: holder.epoch });
    await holder.until('a free robot', () => holder.status?.lease === null);
    await expect.poll(() => standIn.journal()).toContainEqual({ type: 'releaseLease', epoch: holder.epoch });
  });
});

describe('the buttons of virtual hardware', () => {
  it('are pressed from a page, without the lease', async () => {
    const program = path.resolve(import.meta.dirname, 'support', 'stand-in-simulator.mjs');
    const standIn = await startStandIn('none', freshFolder(), { robot: { kind: 'simulator', program, seed: 1 } });
    const page = await client(standIn);
    await page.do({ type: 'virtualHardware', button: 'estop', pressed: true });
    await page.do({ type: 'virtualHardware', button: 'patient', pressed: false });
    const heard = (): string => fs.readFileSync(path.join(standIn.dataFolder, 'heard-by-simulator.jsonl'), 'utf8');
    await expect.poll(heard).toBe('{"estop":true}\n{"patientButton":false}\n');
  });

  it('are refused where the hardware is real', async () => {
    const page = await client(await startStandIn());
    expect(await page.ask({ type: 'virtualHardware', button: 'estop', pressed: true })).toMatchObject({ type: 'refused', code: 'notPermittedNow' });
  });
});

describe('stop', () => {
  it('is taken from anybody, without the lease, by either message', async () => {
    const standIn = await startStandIn();
    await driver(standIn);
    const anybody = await client(standIn);
    const { seen } = await anybody.do({ type: 'stop' });
    expect(seen).toEqual({ robot: 'standing', state: 'stopped', cause: 'operatorStop', afterMs: 210 });
    await anybody.do({ type: 'command', epoch: 0, command: 'stop' });
    expect(standIn.journal().filter((message) => message.type === 'stop')).toHaveLength(2);
  });

  it('is taken by HTTP from anybody too, and answers with what was seen', async () => {
    const standIn = await startStandIn();
    await standIn.station.connected;
    const answer = await fetch(`${standIn.station.url}/api/stop`, { method: 'POST' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ robot: 'standing', state: 'stopped', cause: 'operatorStop', afterMs: 210 });
    expect(standIn.journal().filter((message) => message.type === 'stop')).toHaveLength(1);
  });

  it('that nobody saw take effect is told as such', async () => {
    const standIn = await startStandIn('stop-unseen');
    await standIn.station.connected;
    const answer = await fetch(`${standIn.station.url}/api/stop`, { method: 'POST' });
    expect([answer.status, await answer.json()]).toMatchObject([504, { code: 'stopUnconfirmed', message: expect.stringContaining('hardware emergency stop') }]);
  });

  it('is not held up by requests that the robot process does not answer', async () => {
    const standIn = await startStandIn('deaf');
    const anybody = await client(standIn);
    void anybody.ask({ type: 'takeLease', takeOver: false });
    await expect.poll(() => standIn.journal().some((message) => message.type === 'takeLease')).toBe(true);
    await anybody.do({ type: 'stop' });
  });
});

describe('a session', () => {
  it('stands in the records before the robot hears of it, and is sealed with its checksum', async () => {
    const standIn = await startStandIn();
    const therapist = await driver(standIn);
    const { sessionId = '' } = await therapist.do({ type: 'openSession', epoch: therapist.epoch, patientId: 'demo-1' });
    expect(await statusOf(standIn, sessionId)).toBe('recording');
    expect(therapist.status?.session).toMatchObject({ sessionId, patientId: 'demo-1', setup: { bodyMassKg: 75, heightM: 1.8 } });
    const told = standIn.journal().find((message) => message.type === 'openSession');
    expect(told).toMatchObject({ sessionId, logPath: path.join(standIn.dataFolder, 'sessions', `${sessionId}.mcap`) });
    await therapist.do({ type: 'parameters', epoch: therapist.epoch, parameters, reason: 'warm' });
    await therapist.do({ type: 'closeSession', epoch: therapist.epoch, note: 'went well' });
    const detail = sessionDetailSchema.parse(await getJson(standIn, `/api/sessions/${sessionId}`));
    expect(detail).toMatchObject({ session: { status: 'sealed' }, sha256: 'cd'.repeat(32), note: 'went well' });
    expect(therapist.status?.session).toBeNull();
  });

  it('needs the lease, a known patient and no other session', async () => {
    const standIn = await startStandIn();
    const therapist = await driver(standIn);
    const { epoch } = therapist;
    const other = await client(standIn);
    expect(await other.ask({ type: 'openSession', epoch, patientId: 'demo-1' })).toMatchObject({ type: 'refused', code: 'leaseRefused' });
    expect(await therapist.ask({ type: 'openSession', epoch, patientId: 'nobody' })).toMatchObject({ type: 'refused', code: 'patientUnknown' });
    expect(await therapist.ask({ type: 'closeSession', epoch })).toMatchObject({ type: 'refused', code: 'sessionUnknown' });
    const both = await Promise.all([therapist.ask({ type: 'openSession', epoch, patientId: 'demo-1' }), therapist.ask({ type: 'openSession', epoch, patientId: 'demo-2' })]);
    expect(both.map((answer) => answer.type)).toEqual(['done', 'refused']);
    expect(await therapist.ask({ type: 'openSession', epoch, patientId: 'demo-2' })).toMatchObject({ type: 'refused', code: 'sessionRunning' });
    expect(standIn.journal().filter((message) => message.type === 'openSession')).toHaveLength(1);
  });

  it('leaves no trace when the robot process refuses it', async () => {
    const standIn = await startStandIn('refuses-sessions');
    const therapist = await driver(standIn);
    expect(await therapist.ask({ type: 'openSession', epoch: therapist.epoch, patientId: 'demo-1' })).toMatchObject({ type: 'refused', code: 'setupInvalid', message: 'Too tall. Correct it.' });
    expect(await getJson(standIn, '/api/sessions')).toEqual([]);
    expect(therapist.status?.session).toBeNull();
  });

  it('is over, with the reason told, when its file cannot be sealed', async () => {
    const standIn = await startStandIn('cannot-seal');
    const therapist = await driver(standIn);
    await therapist.do({ type: 'openSession', epoch: therapist.epoch, patientId: 'demo-1' });
    expect(await therapist.ask({ type: 'closeSession', epoch: therapist.epoch })).toMatchObject({ type: 'refused', code: 'diskFull' });
    await therapist.until('the end of the session', () => therapist.status?.session === null);
  });

  it('is sealed and noted when the station is stopped in the middle of it', async () => {
    const standIn = await startStandIn();
    const therapist = await driver(standIn);
    const { sessionId = '' } = await therapist.do({ type: 'openSession', epoch: therapist.epoch, patientId: 'demo-1' });
    await standIn.station.stop();
    expect(standIn.journal().at(-1)).toEqual({ type: 'ended', why: 'shutdown' });
    const again = await startStandIn('none', standIn.dataFolder);
    expect(await statusOf(again, sessionId)).toBe('sealed');
  });
});

describe('a robot process that dies', () => {
  it('ends the session, frees the lease, and is started again without moving', async () => {
    const standIn = await startStandIn('dies-on-start');
    const therapist = await driver(standIn);
    const before = standIn.station.robotPid;
    const { sessionId = '' } = await therapist.do({ type: 'openSession', epoch: therapist.epoch, patientId: 'demo-1' });
    expect(await therapist.ask({ type: 'command', epoch: therapist.epoch, command: 'start' })).toMatchObject({ type: 'refused', code: 'controllerFailed' });
    await therapist.until('the loss', () => therapist.status?.controller === 'lost' && therapist.status.session === null);
    expect(therapist.status?.lease).toBeNull();
    await therapist.until('the restart', () => therapist.status?.controller === 'running');
    expect(standIn.station.robotPid).not.toBe(before);
    expect(therapist.status?.interrupted).toBe(true);
    // What was written is no recording, so nothing could be recovered.
    await expect.poll(() => statusOf(standIn, sessionId)).toBe('lost');
    const afterRestart = standIn.journal().slice(standIn.journal().findLastIndex((message) => message.type === 'started') + 1);
    expect(afterRestart.filter((message) => message.type !== 'lease')).toEqual([]);
    therapist.epoch = (await therapist.do({ type: 'takeLease', takeOver: false })).epoch ?? 0;
    await therapist.do({ type: 'command', epoch: therapist.epoch, command: 'prepare', empty: true });
    await therapist.until('the first self-test after it', () => therapist.status?.interrupted === undefined);
  });

  it('while a session is opened leaves that session lost, not recording', async () => {
    const standIn = await startStandIn('dies-on-open');
    const therapist = await driver(standIn);
    expect(await therapist.ask({ type: 'openSession', epoch: therapist.epoch, patientId: 'demo-1' })).toMatchObject({ type: 'refused', code: 'controllerFailed' });
    await expect.poll(async () => ((await getJson(standIn, '/api/sessions')) as unknown[]).map((item) => sessionListItemSchema.parse(item).status)).toEqual(['lost']);
    await therapist.until('the restart', () => therapist.status?.controller === 'running' && therapist.status.session === null);
  });

  it('is ended when it talks nonsense', async () => {
    const standIn = await startStandIn('talks-nonsense-on-start');
    const therapist = await driver(standIn);
    const before = standIn.station.robotPid ?? 0;
    await therapist.ask({ type: 'command', epoch: therapist.epoch, command: 'start' });
    await therapist.until('the loss', () => therapist.status?.controller === 'lost');
    expect(isAlive(before)).toBe(false);
  });

  it('again and again is started with pauses, and the page stays up', async () => {
    const standIn = await startStandIn('never-starts');
    await expect.poll(() => standIn.journal().filter((message) => message.type === 'started').length, { timeout: 5_000 }).toBeGreaterThan(2);
    expect(await getJson(standIn, '/healthz')).toMatchObject({ status: 'ok', controller: 'lost' });
  });
});

describe('the end', () => {
  it('asks the robot process to end in order and leaves nothing behind', async () => {
    const standIn = await startStandIn();
    await standIn.station.connected;
    const pid = standIn.station.robotPid ?? 0;
    await standIn.station.stop();
    expect(standIn.journal().at(-1)).toEqual({ type: 'ended', why: 'shutdown' });
    expect(isAlive(pid)).toBe(false);
    expect(fs.readdirSync(standIn.dataFolder).filter((name) => !name.startsWith('dari.db-')).toSorted()).toEqual(['dari.db', 'journal.jsonl', 'page', 'sessions', 'station.lock']);
    await expect(fetch(standIn.station.url)).rejects.toThrow('fetch failed');
  });

  it('may be asked for twice', async () => {
    const standIn = await startStandIn();
    await standIn.station.connected;
    await Promise.all([standIn.station.stop(), standIn.station.stop()]);
    await standIn.station.stop();
    expect(standIn.journal().filter((message) => message.type === 'shutdown')).toHaveLength(1);
  });

  it('does not wait for a robot process that is deaf', async () => {
    const standIn = await startStandIn('deaf');
    await standIn.station.connected;
    await standIn.station.stop();
    expect(standIn.journal().at(-1)).toEqual({ type: 'ended', why: 'pipe closed' });
  });
});
