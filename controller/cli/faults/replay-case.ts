/** One case of a campaign again, without a copy: its session from the beginning, then the fault, all recorded. */
import { createHash } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { SESSION_LOG_VERSION } from '../../../protocols/session-log.ts';
import { createSessionSummary, type SessionReport } from '../../metrics/session-summary.ts';
import { createSessionFile, type SealedSession } from '../../recording/session-file.ts';
import { zstdReady } from '../../recording/zstd.ts';
import { openDataFolder, sessionsFolder } from '../data-folder.ts';
import { noteSession } from '../note-session.ts';
import { isInMode, runCase, type CaseResult } from './case-run.ts';
import { CourseRun } from './course-run.ts';
import type { Case, Plan } from './plan.ts';
import { describeCase } from './summary.ts';

export interface ReplayCaseOptions {
  readonly plan: Plan;
  readonly planned: Case;
  readonly cases: number;
  readonly seed: number;
  readonly profile: RobotProfile;
  /** Value of --data. */
  readonly data: string | undefined;
  readonly json: boolean;
}

const ID_CHARACTERS = 16;
const ACTOR = 'campaign';
/** A robot that the fault has left moving is stopped before its session closes. */
const LAST_STOP_CYCLES = 2_500;

/** @returns the exit code */
export async function replayCase(options: ReplayCaseOptions): Promise<number> {
  await zstdReady;
  const { plan, planned, cases, seed, profile, json } = options;
  const data = openDataFolder(options.data);
  const what = describeCase(plan, planned.index);
  const sessionId = `case-${createHash('sha256').update(JSON.stringify([what, profile, cases, seed])).digest('hex').slice(0, ID_CHARACTERS)}`;
  const log = path.join(sessionsFolder(data), `${sessionId}.mcap`);
  const temporary = `${log}.${process.pid}`;
  try {
    const { result, sealed, report } = await record(options, sessionId, temporary);
    renameSync(temporary, log);
    const setup = plan.courses[planned.course]?.setup;
    const noted = await noteSession(data, { sessionId, patientRef: setup?.patientRef ?? '', title: `Case ${planned.index}, seed ${seed}: ${what}`, profileId: profile.id, log, sha256: sealed.sha256, report });
    const told = { case: planned.index, seed, what, sessionId, log, sha256: sealed.sha256, inHistory: noted, result };
    if (json) process.stdout.write(`${JSON.stringify(told)}\n`);
    else process.stdout.write(describe(told));
    return result !== null && result.findings.length === 0 ? 0 : 1;
  } finally {
    rmSync(temporary, { force: true });
  }
}

interface Recorded {
  /** null: a false stop had stopped the robot before. */
  readonly result: CaseResult | null;
  readonly sealed: SealedSession;
  readonly report: SessionReport;
}

async function record({ plan, planned, profile, seed }: ReplayCaseOptions, sessionId: string, logPath: string): Promise<Recorded> {
  const course = plan.courses[planned.course];
  if (course === undefined) throw new RangeError(`the plan has no session ${planned.course}`);
  const summary = createSessionSummary(profile, course.setup);
  let file: ReturnType<typeof createSessionFile> | null = null;
  const run = await CourseRun.open(course, profile, sessionId, {
    row: (row, start) => {
      if (file === null) return;
      file.row(row, start);
      summary.row(row, start);
    },
  });
  try {
    const { rig } = run;
    await run.prepare();
    file = createSessionFile(logPath, { version: SESSION_LOG_VERSION, sessionId, profile, setup: course.setup, latched: rig.loop.latched, mode: 'lockstep', seed, startedAt: null, simulated: true });
    const writer = file;
    rig.loop.events$.subscribe((event) => {
      writer.event(event);
      summary.event(event);
    });
    run.begin();
    while (run.cycles < planned.onsetCycle) await run.cycle();
    const result = isInMode(rig, planned.mode) ? await runCase(run, profile, course, { ...planned, long: true }) : null;
    if (rig.loop.moving && !rig.halted) rig.loop.operator.stop(ACTOR, rig.nowUs);
    for (let i = 0; i < LAST_STOP_CYCLES && (rig.loop.moving || rig.loop.cycle.output.permitted.enable) && !rig.halted; i++) await rig.cycle();
    // A dead controller closes nothing: its file ends as it was, and is sealed by who finds it.
    if (!rig.loop.moving && !rig.halted) rig.loop.closeSession(rig.nowUs);
    return { result, sealed: writer.seal(), report: summary.result() };
  } finally {
    run.dispose();
  }
}

interface Told {
  readonly case: number;
  readonly what: string;
  readonly sessionId: string;
  readonly log: string;
  readonly inHistory: boolean;
  readonly result: CaseResult | null;
}

function describe({ case: index, what, sessionId, log, inHistory, result }: Told): string {
  const ms = (value: number | null): string => (value === null ? 'never' : `${value.toFixed(0)} ms`);
  const lines = [
    `Case ${index}: ${what}`,
    ...(result === null
      ? ['The robot was not in the mode that the case needs: a stop without a fault had stopped it.']
      : [
          `Detected ${ms(result.detectMs)}, at rest or released ${ms(result.stopMs)}; cause ${result.cause}`,
          `Worst: ${result.excursionDeg.toFixed(2)}° outside the permitted range, motor ${result.torqueNm.toFixed(1)} Nm, cuff ${result.cuffNm.toFixed(1)} Nm`,
          ...(result.findings.length === 0 ? ['No breach'] : result.findings.map((finding) => `Breach: ${finding}`)),
        ]),
    `Session  ${sessionId}${inHistory ? ' (in the history)' : ''}`,
    `Log      ${log}`,
  ];
  return `${lines.join('\n')}\n`;
}
