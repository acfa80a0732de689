/** `dari run`: a scripted session without a screen, in lock-step with the virtual robot. */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { systemClock, systemScheduler } from '../../hal/clock.ts';
import { DariError, type ErrorCode } from '../../protocols/errors.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { parseTrajectory, type Trajectory } from '../../protocols/trajectory.ts';
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { integerOption } from './arguments.ts';
import type { Command, CommandArguments } from './command.ts';
import { openDataFolder, sessionsFolder } from './data-folder.ts';
import { runLockstep, type LockstepResult } from './lockstep.ts';
import { noteSession } from './note-session.ts';
import { loadProfile } from './profiles.ts';
import { parseSessionScript, type SessionScript } from './session-script.ts';

export const runCommand: Command = {
  name: 'run',
  summary: 'Runs a scripted session on the virtual robot and records it. The same script and seed give the same file, bit for bit.',
  usage: 'run SCRIPT.json [--seed N] [--realtime] [--json] [--data DIR]',
  options: [
    { name: 'seed', value: 'N', help: 'seed of sensor noise (1)' },
    { name: 'realtime', help: 'at the pace of the clock on the wall instead of as fast as possible' },
    { name: 'json', help: 'one JSON line with session, log and metrics' },
    { name: 'data', value: 'DIR', help: "where records are kept (the user's data folder)" },
  ],
  positionals: 1,
  run: runScript,
};

async function runScript(args: CommandArguments): Promise<number> {
  const startUs = systemClock.nowUs();
  const seed = integerOption(args, 'seed', 1, 0, 0xffff_ffff);
  const { script, profile, trajectory } = readScript(args.positionals[0] ?? '');
  const data = openDataFolder(args.options.get('data'));
  const sessionId = sessionIdOf(seed, script, profile, trajectory);
  const log = path.join(sessionsFolder(data), `${sessionId}.mcap`);
  const temporary = `${log}.${process.pid}`;
  let result: LockstepResult;
  try {
    const pace = args.options.has('realtime') ? wallPace(startUs) : restlessPace();
    result = await breakable(pace, (pace) => runLockstep({ script, profile, trajectory, seed, sessionId, logPath: temporary, pace }));
    renameSync(temporary, log);
  } finally {
    rmSync(temporary, { force: true });
  }
  const noted = await noteSession(data, { sessionId, patientRef: script.patient.ref, title: script.title, profileId: profile.id, log, sha256: result.sha256, report: result.report });
  print(args, { sessionId, log, seed, elapsedSec: (systemClock.nowUs() - startUs) / US_PER_S, noted }, result);
  return result.refused.length === 0 ? 0 : 1;
}

/** @throws DariError `scriptInvalid`, or what is wrong with the profile */
function readScript(file: string): { script: SessionScript; profile: RobotProfile; trajectory: Trajectory | undefined } {
  const text = readText(file, 'scriptInvalid', `The session script ${file} cannot be read. Check the path; examples are in the folder examples/.`);
  const profileOf = (nameOrPath: string): RobotProfile => loadProfile(nameOrPath.endsWith('.json') ? path.resolve(path.dirname(file), nameOrPath) : nameOrPath).profile;
  const script = parseSessionScript(text, file, profileOf);
  const profile = profileOf(script.profile);
  if (script.trajectory === undefined) return { script, profile, trajectory: undefined };
  const shown = path.resolve(path.dirname(file), script.trajectory);
  return { script, profile, trajectory: parseTrajectory(readText(shown, 'trajectoryInvalid', `The trajectory ${shown} cannot be read. Check the path that the script names.`), shown, profile) };
}

/** @throws DariError with this code and message */
function readText(file: string, code: ErrorCode, message: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new DariError(code, message, { cause });
  }
}

const ID_CHARACTERS = 16;

/** Follows from what determines the session, and from nothing else. */
function sessionIdOf(seed: number, script: SessionScript, profile: RobotProfile, trajectory: Trajectory | undefined): string {
  const hash = createHash('sha256').update(JSON.stringify([script, profile, seed, ...(trajectory === undefined ? [] : [trajectory])])).digest('hex');
  return `run-${hash.slice(0, ID_CHARACTERS)}`;
}

/** Shorter waits cost more than they order. */
const SHORTEST_WAIT_US = 1_000;

function wallPace(startUs: number): (nowUs: number) => Promise<void> {
  return async (nowUs) => {
    const waitUs = startUs + nowUs - systemClock.nowUs();
    if (waitUs >= SHORTEST_WAIT_US) await new Promise<void>((resolve) => systemScheduler.after(waitUs / US_PER_MS, resolve));
  };
}

/** As fast as possible, but signals get their turn once per second of the session. */
function restlessPace(): (nowUs: number) => Promise<void> {
  let nextUs = 0;
  return async (nowUs) => {
    if (nowUs < nextUs) return;
    nextUs = nowUs + US_PER_S;
    await nextTurn();
  };
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs `work` with a pace that ends it when a person breaks it off, so that it leaves no half file behind. */
async function breakable<T>(pace: (nowUs: number) => Promise<void>, work: (pace: (nowUs: number) => Promise<void>) => Promise<T>): Promise<T> {
  let stopped = false;
  const stop = (): void => void (stopped = true);
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  try {
    return await work(async (nowUs) => {
      await pace(nowUs);
      if (stopped) throw new DariError('runStopped', 'The run was broken off and nothing of it was kept. Start it again when you want it.');
    });
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, stop);
  }
}

interface Printed {
  readonly sessionId: string;
  readonly log: string;
  readonly seed: number;
  readonly elapsedSec: number;
  readonly noted: boolean;
}

function print(args: CommandArguments, run: Printed, { sha256, bytes, cycles, report, refused }: LockstepResult): void {
  const { metrics } = report;
  if (args.options.has('json')) {
    process.stdout.write(`${JSON.stringify({ sessionId: run.sessionId, log: run.log, sha256, bytes, cycles, seed: run.seed, metrics, refused, elapsedSec: Number(run.elapsedSec.toFixed(3)), inHistory: run.noted })}\n`);
    return;
  }
  const lines = [
    `Session ${run.sessionId}: ${metrics.steps} steps, ${metrics.distanceM.toFixed(1)} m, ${metrics.walkTimeSec.toFixed(1)} s walked of ${metrics.durationSec.toFixed(1)} s`,
    `Log      ${run.log}`,
    `SHA-256  ${sha256}`,
    `Took     ${run.elapsedSec.toFixed(1)} s, ${(metrics.durationSec / run.elapsedSec).toFixed(1)} times real time`,
    ...refused.map(({ atSec, message }) => `Refused at ${atSec} s: ${message}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
