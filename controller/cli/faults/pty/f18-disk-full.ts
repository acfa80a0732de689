/**
 * F18, the disk is full in the middle of a walk: the kernel refuses every further byte of the robot process's files
 * (RLIMIT_FSIZE, set from outside). The recording fails and is said to; the robot is not stopped by force but led out
 * of its walk, with the same deadlines, and stops when told; arming and a new recording are refused until there is room.
 */
import { spawnSync } from 'node:child_process';
import type { LoopStats } from '../../../../protocols/messages.ts';
import { DariError } from '../../../../protocols/errors.ts';
import type { Random } from '../../../../protocols/random.ts';
import type { SupervisorState } from '../../../../protocols/supervision.ts';
import type { RobotFault } from './fault.ts';
import { Judge, type CaseResult } from './judge.ts';
import { pause } from './place.ts';
import type { FaultRoom } from './room.ts';
import { stopsRobotMs } from './stall-meter.ts';
import { readSession } from '../../../recording/read-session.ts';

const inControl: readonly SupervisorState[] = ['running', 'paused', 'stopping', 'armed', 'ready'];
const WALK_MS = 1_000;
/** The recorder writes once a second. */
const NOTICE_LIMIT_MS = 4_000;
const SAME_TIME_MS = 3_000;
const STOP_LIMIT_MS = 1_000;
const ARM_LIMIT_MS = 600;
/** Own value: this machine's own stalls fall on either side of the moment; a loop that waits for a disk misses far more. */
const EXTRA_MISSES_SHARE = 0.02;

export const diskFull: RobotFault = {
  id: 'F18',
  place: 'robot',
  what: 'the disk is full while the robot walks',
  kinds: [{ name: 'while it walks', run: fill }],
};

async function fill(room: FaultRoom, random: Random): Promise<CaseResult> {
  const judge = new Judge();
  judge.expect(await room.stayAt('running', WALK_MS + random.int(WALK_MS)), `the robot does not walk; it is ${room.state}`);
  await room.machineStallMs();
  const before = await missesOver(room);
  const failed = room.notice('diskFull', NOTICE_LIMIT_MS);
  judge.expect(limitFileSize(room, 1), 'the limit could not be set; this needs prlimit (util-linux)');
  let after: LoopStats;
  try {
    judge.expect(await failed, 'nobody is told that the recording has failed');
    after = await missesOver(room);
    judge.expect(inControl.includes(room.state), `the robot is ${room.state} (${room.operator.state?.cause ?? ''}) instead of under control`);
    judge.expect(after.missedTicks <= before.missedTicks + EXTRA_MISSES_SHARE * after.ticks, `${after.missedTicks} deadlines of ${after.ticks} were missed, ${before.missedTicks} before`);
    await judgeRefusals(room, judge);
  } finally {
    limitFileSize(room, null);
    const { logPath } = room.operator;
    judge.expect(await room.disarm(), `the stop cannot be acknowledged; the robot is ${room.state}`);
    const refusal = await room.newSession();
    judge.expect(refusal === null, `with room on the disk again, no new recording can be made: ${refusal ?? ''}`);
    judge.expect(await isReadable(logPath), 'what was recorded before cannot be read');
  }
  const machineStallMs = await room.machineStallMs();
  const figures = { latenessBeforeMs: before.lateness.p99Us / 1_000, latenessAfterMs: after.lateness.p99Us / 1_000, stallMs: machineStallMs };
  return { figures, breaches: judge.breaches, ...(judge.breaches.length > 0 && machineStallMs >= stopsRobotMs(room.profile) ? { machineStallMs } : {}) };
}

async function missesOver(room: FaultRoom): Promise<LoopStats> {
  await room.stats(true);
  await pause(SAME_TIME_MS);
  return room.stats(false);
}

/** @param bytes a larger file cannot grow; null: no limit. @returns whether it could be set */
const limitFileSize = ({ rig }: FaultRoom, bytes: number | null): boolean => spawnSync('prlimit', ['--pid', String(rig.robot.pid), `--fsize=${bytes ?? 'unlimited'}:`]).status === 0;

async function judgeRefusals(room: FaultRoom, judge: Judge): Promise<void> {
  await room.operator.command('stop');
  judge.expect(await room.until('stopped', STOP_LIMIT_MS), `the robot does not stop when told; it is ${room.state}`);
  judge.expect(!(await room.bringTo('armed', ARM_LIMIT_MS)), 'the robot can be armed although nothing is recorded');
  judge.expect((await room.disarm()) && (await room.newSession()) !== null, 'a new recording is promised on a full disk');
}

/** Up to its last whole second. */
async function isReadable(logPath: string): Promise<boolean> {
  try {
    let rows = 0;
    for await (const { rowCount } of (await readSession(logPath)).batches()) rows += rowCount;
    return rows > 0;
  } catch (error) {
    if (error instanceof DariError) return false;
    throw error;
  }
}
