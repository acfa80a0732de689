/**
 * F02, what comes back is not what went: the port under another name, another robot's drives on it, or a device of
 * another kind. The robot stays disarmed, and what is not its own cannot be armed.
 */
import fs from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../../../hal/clock.ts';
import type { Random } from '../../../../protocols/random.ts';
import { US_PER_MS } from '../../../../protocols/units.ts';
import { HUB_FRAME_MAX_BYTES, HUB_STATE, HubFrameWriter } from '../../../../protocols/wire/sensor-hub.ts';
import { openPty, type Pty } from '../../../../sim/pty.ts';
import type { RobotFault } from './fault.ts';
import { Judge, type CaseResult } from './judge.ts';
import { pause } from './place.ts';
import type { FaultRoom } from './room.ts';
import { judgeStillness, longestWatchdogMs } from './witness.ts';

const HOLD_MS = 800;
const EVENT_LIMIT_MS = 5_000;
const SETTLE_MS = 1_200;
const ARM_LIMIT_MS = 1_500;

interface Case {
  readonly room: FaultRoom;
  readonly random: Random;
  readonly judge: Judge;
  readonly linkId: string;
  /** Where the port was. */
  readonly before: string | null;
}

type Comeback = (fault: Case) => Promise<void>;

export const anotherPort: RobotFault = {
  id: 'F02',
  place: 'robot',
  what: 'a port returns under another name, with another robot or with another device on it',
  kinds: [
    { name: 'under another name', run: (room, random) => comesBack(room, random, anyOf(room), underAnotherName) },
    // Where the protocol tells no identity there is nothing to check; the rest holds for such drives too.
    { name: 'another robot', run: (room, random) => comesBack(room, random, tellingOf(room), tellingOf(room).length > 0 ? anotherRobot : wrongDevice) },
    { name: 'another device', run: (room, random) => comesBack(room, random, anyOf(room), wrongDevice) },
  ],
};

/** Links with drives. */
const anyOf = (room: FaultRoom): string[] => room.profile.links.map(({ id }) => id).filter((id) => room.jointsOn(id).length > 0);
/** Those whose drives tell who they are. */
const tellingOf = (room: FaultRoom): string[] => anyOf(room).filter((id) => room.jointsOn(id).some((i) => room.profile.joints[i]?.drive.watchdog === 'readBack'));

async function comesBack(room: FaultRoom, random: Random, links: readonly string[], comeback: Comeback): Promise<CaseResult> {
  const judge = new Judge();
  judge.expect(await room.stayAt('armed', random.int(HOLD_MS)), `the robot does not hold; it is ${room.state}`);
  const among = links.length > 0 ? links : anyOf(room);
  const linkId = among[random.int(among.length)] ?? '';
  const down = room.linkEvent(linkId, 'down', EVENT_LIMIT_MS);
  const [before, pulledUs] = [room.wayOf(linkId), systemClock.nowUs()];
  room.rig.control({ unplug: linkId });
  const event = await down;
  judge.expect(event !== null, `the host never tells that ${linkId} is gone`);
  judge.expect(await room.until('stopped', EVENT_LIMIT_MS), `no protective stop; the robot is ${room.state}`);
  await pause(longestWatchdogMs(room.profile));
  await comeback({ room, random, judge, linkId, before });
  judge.expect(await room.disarm(), `the stop cannot be acknowledged; the robot is ${room.state}`);
  const figures: CaseResult['figures'] = { detectMs: event === null ? EVENT_LIMIT_MS : (room.timeOfUs(event) - pulledUs) / US_PER_MS };
  return { figures, breaches: judge.breaches };
}

async function underAnotherName({ room, judge, linkId, before }: Case): Promise<void> {
  const placeholders = takeName(before);
  try {
    await plug(room, judge, linkId);
    judge.expect(room.wayOf(linkId) !== before, `the port has kept its name ${String(before)}: nothing was tested`);
    judge.expect(room.state === 'stopped', `the robot is ${room.state} although nobody has acknowledged the stop`);
  } finally {
    for (const placeholder of placeholders) placeholder.close();
  }
}

const PLACEHOLDERS_MOST = 64;

/** Numbers are given out from the lowest free one up, so this ends with the one that has just become free. */
function takeName(name: string | null): Pty[] {
  const placeholders: Pty[] = [];
  do placeholders.push(openPty());
  while (placeholders.at(-1)?.path !== name && placeholders.length < PLACEHOLDERS_MOST);
  return placeholders;
}

async function anotherRobot({ room, judge, linkId }: Case): Promise<void> {
  room.rig.control({ fault: { link: linkId, kind: 'swapIdentity' } });
  await plug(room, judge, linkId);
  await judgeRefused(room, judge, linkId, "another robot's drives");
  room.rig.control({ unplug: linkId });
  room.rig.control({ clearFaults: linkId });
  await plug(room, judge, linkId);
}

async function wrongDevice({ room, random, judge, linkId }: Case): Promise<void> {
  const stranger = openPty();
  const link = path.join(room.rig.folder, 'ports', linkId);
  const stop = behave(stranger, random);
  try {
    const up = room.linkEvent(linkId, 'up', EVENT_LIMIT_MS);
    fs.symlinkSync(stranger.path, link);
    judge.expect((await up) !== null, 'the host does not open the port');
    await pause(SETTLE_MS);
    await judgeRefused(room, judge, linkId, 'a device of another kind');
  } finally {
    stop();
    fs.unlinkSync(link);
    stranger.close();
  }
  await pause(SETTLE_MS);
  await plug(room, judge, linkId);
}

/** Nothing moves, and whatever the operator tries, the robot is not armed. */
async function judgeRefused(room: FaultRoom, judge: Judge, linkId: string, who: string): Promise<void> {
  const since = (await room.truth()).nowUs;
  judge.expect(!(await room.bringTo('armed', ARM_LIMIT_MS)), `the robot can be armed with ${who} on ${linkId}`);
  judgeStillness(room.profile, judge, room.jointsOn(linkId), since, await room.truth());
}

async function plug(room: FaultRoom, judge: Judge, linkId: string): Promise<void> {
  const since = (await room.truth()).nowUs;
  const up = room.linkEvent(linkId, 'up', EVENT_LIMIT_MS);
  room.rig.control({ plug: linkId });
  judge.expect((await up) !== null, `the host does not find ${linkId} again`);
  await pause(SETTLE_MS);
  judgeStillness(room.profile, judge, room.jointsOn(linkId), since, await room.truth());
}

/** One says nothing, one echoes, one is a sensor hub, one babbles. @returns stops it */
function behave(pty: Pty, random: Random): () => void {
  const kind = random.int(4);
  const writer = new HubFrameWriter();
  const frame = new Uint8Array(HUB_FRAME_MAX_BYTES);
  const noise = Uint8Array.from({ length: 64 }, () => random.int(256));
  if (kind === 1) pty.onBytes = (chunk) => pty.write(chunk.slice());
  if (kind < 2) return () => {};
  const timer = setInterval(() => {
    if (kind === 3) pty.write(noise);
    else pty.write(frame.subarray(0, writer.write(HUB_STATE, systemClock.nowUs(), noise.subarray(0, 40), frame)));
  }, 4);
  return () => clearInterval(timer);
}
