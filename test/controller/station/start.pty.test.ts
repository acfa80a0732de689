/** `dari start` as a process: its ready line, its signals, its bad luck before it is ready. */
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { processesWith, repository, temporaryFolder } from '../../support/station.ts';

interface Run {
  readonly process: ChildProcess;
  readonly data: string;
  readonly exited: Promise<number | null>;
  stdout(): string;
  /** Without what the set-up says while it builds. */
  stderr(): string;
}

const runs: Run[] = [];

afterEach(async () => {
  for (const run of runs.splice(0)) {
    if (run.process.exitCode === null && run.process.signalCode === null) run.process.kill('SIGKILL');
    await run.exited;
    await vi.waitUntil(() => processesWith(run.data).length === 0, { timeout: 5_000 });
    fs.rmSync(run.data, { recursive: true, force: true });
  }
});

function start(args: readonly string[] = [], data = temporaryFolder('start')): Run {
  const child = spawn(process.execPath, [path.join('.ci', 'dari.mjs'), 'start', '--port', '0', '--data', data, ...args], { cwd: repository, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text.stderr += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const run: Run = { process: child, data, exited, stdout: () => text.stdout, stderr: () => text.stderr.replaceAll(/^Dari: .*\n/gm, '') };
  runs.push(run);
  return run;
}

/** The ready line and nothing else. */
async function ready(run: Run): Promise<void> {
  await expect.poll(() => run.stdout(), { timeout: 60_000 }).toMatch(/^Dari is ready: http:\/\/127\.0\.0\.1:\d+\n$/);
}

const toGroup = (run: Run, signal: NodeJS.Signals): boolean => process.kill(-(run.process.pid ?? Number.NaN), signal);

/** @returns the exit code */
async function ended(run: Run, signal: NodeJS.Signals): Promise<number | null> {
  toGroup(run, signal);
  // As a Ctrl-C that npm passes on a second time.
  toGroup(run, signal);
  return run.exited;
}

function expectOrder(run: Run): void {
  expect(processesWith(run.data)).toEqual([]);
  expect(fs.existsSync(path.join(run.data, 'links'))).toBe(false);
  // A busy machine may make a link silent for a while, which is said; an error of Dari itself is something else.
  expect(run.stderr()).not.toMatch(/"level":|\n {4}at /);
}

describe('dari start', () => {
  it.each(['SIGTERM', 'SIGHUP'] as const)('stops everything in order when its whole group gets %s, and exits with 0', async (signal) => {
    const run = start();
    await ready(run);
    expect(await ended(run, signal)).toBe(0);
    expectOrder(run);
  });

  it('can be stopped before it is ready', async () => {
    const run = start();
    await expect.poll(() => processesWith(`${run.data}/links`).length, { timeout: 60_000 }).toBeGreaterThan(0);
    toGroup(run, 'SIGINT');
    expect(await run.exited).toBe(0);
    expect(processesWith(run.data)).toEqual([]);
  });

  it('says what is wrong with a port, serves the page, and is not ready without its robot, not even when it is stopped', async () => {
    const data = temporaryFolder('start');
    const ports = path.join(data, 'ports.json');
    fs.writeFileSync(ports, JSON.stringify({ links: { 'leg-left': '/dev/dari-none-1', 'leg-right': '/dev/dari-none-2', hub: '/dev/dari-none-3' } }));
    const run = start(['--ports', ports], data);
    await expect.poll(() => run.stderr(), { timeout: 60_000 }).toMatch(/E101 .*\/dev\/dari-none-1/);
    const { url } = JSON.parse(fs.readFileSync(path.join(data, 'station.json'), 'utf8')) as { url: string };
    expect((await fetch(`${url}/`)).status).toBe(200);
    expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ status: 'ok', robot: 'connecting', simulated: false });
    toGroup(run, 'SIGINT');
    expect(await run.exited).toBe(0);
    expect(run.stdout()).toBe('');
  });

  it('refuses a data folder in use and names the station that uses it, which stops everything in order when its whole group gets SIGINT', async () => {
    const first = start();
    await ready(first);
    const second = start([], first.data);
    expect(await second.exited).toBe(1);
    expect(second.stderr()).toMatch(new RegExp(`^E606 .*process ${first.process.pid}.*--data DIR`));
    expect(await ended(first, 'SIGINT')).toBe(0);
    expectOrder(first);
  });

  it('refuses wrong words before it starts anything', async () => {
    const data = temporaryFolder('start');
    expect(await start(['--ports', '/nowhere/ports.json'], data).exited).toBe(1);
    expect(await start(['--profile', 'no-such-robot'], data).exited).toBe(1);
    expect(await start(['--prot', '1'], data).exited).toBe(2);
    expect(fs.readdirSync(data)).toEqual([]);
  });
});
