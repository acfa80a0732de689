/**
 * F12, the robot process stands still: its event loop is blocked, or all of it by SIGSTOP. Nobody refreshes the drives
 * meanwhile: relay and watchdogs let them go. What comes after the stall is a stop, never an old command, and it lasts.
 */
import { systemClock } from '../../../../hal/clock.ts';
import type { Random } from '../../../../protocols/random.ts';
import { US_PER_MS } from '../../../../protocols/units.ts';
import type { Kind, RobotFault } from './fault.ts';
import { Judge, type CaseResult } from './judge.ts';
import { pause } from './place.ts';
import type { FaultRoom } from './room.ts';
import { allJoints, judgeReleased, judgeStillness, longestWatchdogMs, loweredMs, STEP_MS, torqueAfterMs } from './witness.ts';

type Stall = (room: FaultRoom, ms: number) => Promise<void>;

/** Resolves at once; the loop is free again after that time. */
const blockLoop: Stall = async (room, ms) => {
  room.mischief.block(room.rig.robot.pid ?? 0, ms);
  await pause(ms);
};

const stopProcess: Stall = async (room, ms) => {
  room.rig.robot.kill('SIGSTOP');
  await pause(ms);
  room.rig.robot.kill('SIGCONT');
};

const HOLD_MS = 800;
const WALK_MS = 5_000;
const STOP_LIMIT_MS = 1_000;

export const processStalled: RobotFault = {
  id: 'F12',
  place: 'robot',
  what: 'the event loop is blocked, or the robot process stopped and continued, for 50, 200 or 1 000 ms',
  kinds: [
    kind('blocked 50 ms', blockLoop, 50),
    kind('stopped 50 ms', stopProcess, 50),
    kind('blocked 200 ms', blockLoop, 200),
    kind('stopped 200 ms', stopProcess, 200),
    kind('blocked 1 000 ms', blockLoop, 1_000),
    kind('stopped 1 000 ms', stopProcess, 1_000),
  ],
};

function kind(name: string, stall: Stall, ms: number): Kind<FaultRoom> {
  return { name, run: (room, random) => standStill(room, random, stall, ms) };
}

async function standStill(room: FaultRoom, random: Random, stall: Stall, ms: number): Promise<CaseResult> {
  const judge = new Judge();
  const state = random.int(2) === 0 ? 'running' : 'armed';
  judge.expect(await room.stayAt(state, 50 + random.int(state === 'running' ? WALK_MS : HOLD_MS)), `the robot does not hold or walk; it is ${room.state}`);
  const [before, startedUs] = [await room.truth(), systemClock.nowUs()];
  const stalled = stall(room, ms);
  const released = ms > longestWatchdogMs(room.profile);
  const torqueOffMs = released ? await judgeReleaseMeanwhile(room, judge, before.nowUs) : null;
  await stalled;
  const overUs = systemClock.nowUs();
  judge.expect(await room.until('stopped', STOP_LIMIT_MS), `no stop after a stall of ${ms} ms; the robot is ${room.state}`);
  const stopMs = (systemClock.nowUs() - overUs) / US_PER_MS;
  await pause(loweredMs(room.profile));
  judge.expect(room.state === 'stopped', `the robot is ${room.state} although nobody has acknowledged the stop`);
  const after = await room.truth();
  // Whoever was let go by its watchdog would show by its torque that an old command reached it after all.
  if (released) judgeStillness(room.profile, judge, allJoints(room.profile), before.nowUs + (longestWatchdogMs(room.profile) + STEP_MS) * US_PER_MS, after);
  else judgeReleased(room.profile, judge, after, 'although the legs have been lowered');
  const stalledMs = (overUs - startedUs) / US_PER_MS;
  judge.expect(await room.disarm(), `the stop cannot be acknowledged; the robot is ${room.state}`);
  return { figures: { stalledMs, stopMs, ...(torqueOffMs === null ? {} : { torqueOffMs }) }, breaches: judge.breaches };
}

/** While it stands still. @returns when the last drive let go */
async function judgeReleaseMeanwhile(room: FaultRoom, judge: Judge, sinceUs: number): Promise<number> {
  await pause(longestWatchdogMs(room.profile));
  const truth = await room.truth();
  judgeReleased(room.profile, judge, truth, 'while the robot process stands still: neither relay nor watchdog let it go');
  return torqueAfterMs(truth, sinceUs);
}
