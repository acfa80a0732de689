/** Each of the three processes is killed in the middle of a session: the others reach their safe state, nothing is lost. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, type TestContext } from 'vitest';
import type { Patient, SessionListItem } from '../../protocols/api.ts';
import { OperatorClient } from '../support/operator-client.ts';
import { childrenOf, isAlive, processesWith, repository, startDari, stationPid, type RunningStation } from '../support/station.ts';
import { spawnSync } from 'node:child_process';

async function start({ onTestFinished }: TestContext, dataFolder?: string): Promise<RunningStation> {
  const station = await startDari([], dataFolder);
  onTestFinished(async () => void (await station.stop()));
  return station;
}

async function walking(test: TestContext): Promise<{ station: RunningStation; client: OperatorClient; sessionId: string }> {
  const station = await start(test);
  const patients = (await (await fetch(`${station.url}/api/patients`)).json()) as Patient[];
  const client = await OperatorClient.connect(station.url);
  test.onTestFinished(() => client.close());
  const sessionId = await client.walk(patients[0]!.id, 'a first step', () => client.value('stepsLeft') + client.value('stepsRight') >= 2);
  return { station, client, sessionId };
}

const child = (station: RunningStation, program: string): number => {
  const found = childrenOf(stationPid(station)).find((entry) => entry.command.includes(program));
  if (found === undefined) throw new Error(`the station has no child ${program}`);
  return found.pid;
};

const sessions = async (url: string): Promise<SessionListItem[]> => (await (await fetch(`${url}/api/sessions`)).json()) as SessionListItem[];

describe('bad luck in the middle of a walk', () => {
  it('kill -9 of the controller: the recording is readable, a new controller comes up disarmed; a second start on the same port says what to do', async (test) => {
    const { station, client, sessionId } = await walking(test);
    process.kill(child(station, 'robot-process'), 'SIGKILL');
    await client.until('the loss to be shown', () => client.status?.controller !== 'running');
    await client.until('a new controller', () => client.status?.controller === 'running' && client.state === 'idle');
    await test.expect.poll(async () => (await sessions(station.url)).find((session) => session.id === sessionId)?.status, { timeout: 30_000 }).toBe('recovered');
    expect(['idle', 'connecting']).toContain(client.state);
    expect(client.value('enable')).toBe(0);
    const second = spawnSync(process.execPath, [path.join('.ci', 'dari.mjs'), 'start', '--port', new URL(station.url).port, '--data', fs.mkdtempSync(path.join(station.dataFolder, 'other-'))], { cwd: repository, encoding: 'utf8', timeout: 20_000 });
    expect(second.status).toBe(1);
    expect(second.stderr).toMatch(/E703 .*--port/);
  });

  it('kill -9 of the simulator: protective stop, the robot returns and stays disarmed; then of the station: its children end, and the next start recovers the session', async (test) => {
    const { station, client, sessionId } = await walking(test);
    process.kill(child(station, 'sim-process'), 'SIGKILL');
    await client.until('the stop', () => client.state === 'stopped' || client.state === 'emergency');
    await client.until('the robot to return', () => client.value('linkUp.leg-left') === 1 && client.value('linkUp.hub') === 1, 30_000);
    expect(client.state).not.toBe('running');
    expect(client.value('enable')).toBe(0);
    const orphans = childrenOf(stationPid(station)).map((entry) => entry.pid);
    process.kill(stationPid(station), 'SIGKILL');
    await test.expect.poll(() => orphans.filter(isAlive), { timeout: 5_000 }).toEqual([]);
    expect(processesWith(station.dataFolder)).toEqual([]);
    const next = await start(test, station.dataFolder);
    const found = (await sessions(next.url)).find((session) => session.id === sessionId);
    expect(['sealed', 'recovered']).toContain(found?.status);
  });
});
