/**
 * F13, kill -9 of the robot process: relay and watchdogs let the drives go, what was recorded is there to the last
 * second, and the process that the station starts instead moves nothing.
 */
import { systemClock } from '../../../../hal/clock.ts';
import { DariError } from '../../../../protocols/errors.ts';
import type { Random } from '../../../../protocols/random.ts';
import { fieldOffset } from '../../../../protocols/session-log.ts';
import { US_PER_MS } from '../../../../protocols/units.ts';
import { readSession } from '../../../recording/read-session.ts';
import type { StationFault } from './fault.ts';
import { Judge, type CaseResult } from './judge.ts';
import { pause } from './place.ts';
import type { StationRoom } from './station-room.ts';
import { allJoints, judgeReleased, judgeStillness, longestWatchdogMs, STEP_MS, torqueAfterMs } from './witness.ts';

const WALK_MS = 3_000;
const BACK_LIMIT_MS = 15_000;
const WATCH_MS = 1_000;
/** The recorder writes a chunk a second; its own work and the order to open the file come on top (own value). */
const LOST_ALLOWED_MS = 1_000 + 200;

export const controllerKilled: StationFault = {
  id: 'F13',
  place: 'station',
  what: 'kill -9 of the robot process while the robot walks or holds',
  kinds: [
    { name: 'while it walks', run: (room, random) => kill(room, random, 'running') },
    { name: 'while it holds', run: (room, random) => kill(room, random, 'armed') },
  ],
};

async function kill(room: StationRoom, random: Random, state: 'running' | 'armed'): Promise<CaseResult> {
  const judge = new Judge();
  judge.expect(await room.stayAt(state, 1_500 + random.int(WALK_MS)), `the robot is ${room.state} instead of ${state}`);
  const { logPath, sessionOpenedUs, robotPid } = room;
  await room.stallMs();
  const before = await room.truth();
  if (robotPid === null) return { figures: {}, breaches: ['there is no robot process'] };
  process.kill(robotPid, 'SIGKILL');
  const killedUs = systemClock.nowUs();
  await pause(longestWatchdogMs(room.profile));
  const released = await room.truth();
  const [torqueOffMs, stallMs] = [torqueAfterMs(released, before.nowUs), await room.stallMs()];
  judgeReleased(room.profile, judge, released, 'although its robot process is dead');
  const allowedMs = Math.max(room.profile.hub.heartbeatTimeoutMs, ...room.profile.joints.map(({ drive }) => drive.watchdogMs)) + STEP_MS;
  judge.expect(torqueOffMs <= allowedMs + stallMs, `torque for ${torqueOffMs.toFixed(1)} ms; ${allowedMs} are allowed, and this machine stalled for ${stallMs.toFixed(1)}`);
  judge.expect(await room.therapist.until(() => room.robotPid !== null && room.robotPid !== robotPid && room.disarmed, BACK_LIMIT_MS), `no new robot process that is disarmed; it is ${room.state}`);
  const backMs = (systemClock.nowUs() - killedUs) / US_PER_MS;
  await pause(WATCH_MS);
  judgeStillness(room.profile, judge, allJoints(room.profile), released.nowUs, await room.truth());
  const lostMs = (killedUs - sessionOpenedUs) / US_PER_MS - (await recordedMs(logPath));
  judge.expect(lostMs <= LOST_ALLOWED_MS, `the last ${lostMs.toFixed(0)} ms are missing in the recording`);
  judge.expect(await room.disarm(), `the robot is ${room.state}`);
  return { figures: { torqueOffMs, lostMs, backMs, stallMs }, breaches: judge.breaches };
}

/** @returns what the file tells of; 0: it cannot be read */
async function recordedMs(logPath: string): Promise<number> {
  let [firstUs, lastUs] = [Infinity, -Infinity];
  try {
    const reading = await readSession(logPath);
    const { layout } = reading;
    const now = fieldOffset(layout, 'nowUs');
    for await (const { rows, rowCount } of reading.batches())
      for (let row = 0; row < rowCount; row++) {
        const atUs = rows[row * layout.width + now] ?? Number.NaN;
        firstUs = Math.min(firstUs, atUs);
        lastUs = Math.max(lastUs, atUs);
      }
  } catch (error) {
    if (!(error instanceof DariError)) throw error;
  }
  return Math.max(0, (lastUs - firstUs) / US_PER_MS);
}
