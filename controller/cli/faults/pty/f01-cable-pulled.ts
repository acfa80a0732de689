/**
 * F01, a cable is pulled: the host knows within five cycles and stops the rest; the drives at that cable, which nobody
 * reaches any more, release by their own watchdogs. Nothing of them moves when the cable is back.
 */
import { systemClock } from '../../../../hal/clock.ts';
import type { Random } from '../../../../protocols/random.ts';
import type { Cause } from '../../../../protocols/supervision.ts';
import { US_PER_MS } from '../../../../protocols/units.ts';
import type { RobotFault } from './fault.ts';
import { Judge, type CaseResult } from './judge.ts';
import { pause } from './place.ts';
import type { FaultRoom } from './room.ts';
import { allJoints, judgeStillness, longestWatchdogMs, STEP_MS } from './witness.ts';

const KNOWN_WITHIN_CYCLES = 5;
const HOLD_MS = 1_500;
const WALK_MS = 6_000;
const EVENT_LIMIT_MS = 5_000;
/** The longest pause between two attempts to open a port is one second. */
const RECONNECT_LIMIT_MS = 5_000;
const GONE_MS = 1_500;
const BACK_MS = 400;
const LOST: readonly Cause[] = ['linkDown', 'driveSilent', 'hubSilent'];

export const cablePulled: RobotFault = {
  id: 'F01',
  place: 'robot',
  what: 'a cable is pulled, or all are gone at once with the robot itself, while it holds or walks',
  kinds: [
    { name: 'while it holds', run: (room, random) => pullAny(room, random, 'armed') },
    { name: 'while it walks', run: (room, random) => pullAny(room, random, 'running') },
    { name: 'simulator killed', run: killSimulator },
  ],
};

async function begin(room: FaultRoom, random: Random, judge: Judge, state: 'armed' | 'running'): Promise<void> {
  judge.expect(await room.stayAt(state, 50 + random.int(state === 'running' ? WALK_MS : HOLD_MS)), `the robot is ${room.state} instead of ${state}`);
}

async function pullAny(room: FaultRoom, random: Random, state: 'armed' | 'running'): Promise<CaseResult> {
  const judge = new Judge();
  await begin(room, random, judge, state);
  const links = room.profile.links.map(({ id }) => id);
  return pull(room, random, judge, links[random.int(links.length)] ?? '');
}

/** kill -9: with the virtual robot goes every port at once. What comes back is another robot, which nobody has prepared. */
async function killSimulator(room: FaultRoom, random: Random): Promise<CaseResult> {
  const judge = new Judge();
  await begin(room, random, judge, 'running');
  await room.stallMs(true);
  const downs = room.profile.links.map(({ id }) => room.linkEvent(id, 'down', EVENT_LIMIT_MS));
  const killedUs = systemClock.nowUs();
  await room.rig.simulatorRig.kill();
  // Its memory goes before its ports do; that takes the kernel some milliseconds.
  const diedMs = (systemClock.nowUs() - killedUs) / US_PER_MS;
  const timesUs = (await Promise.all(downs)).map((event) => (event === null ? Infinity : room.timeOfUs(event)));
  room.profile.links.forEach(({ id }, i) => judge.expect(timesUs[i] !== Infinity, `the host never tells that ${id} is gone`));
  judge.expect(await room.until('stopped', EVENT_LIMIT_MS), `no protective stop; the robot is ${room.state}`);
  const { cause } = room.operator.state ?? { cause: 'none' };
  judge.expect(LOST.includes(cause), `the stop is said to be for ${cause}`);
  const { lateness } = await room.stats(false);
  const [detectMs, stallMs] = [(Math.max(...timesUs) - killedUs) / US_PER_MS, lateness.maxUs / US_PER_MS];
  const allowedMs = KNOWN_WITHIN_CYCLES * room.periodMs;
  judge.expect(detectMs <= allowedMs + diedMs + stallMs, `the host knew after ${detectMs.toFixed(1)} ms; ${allowedMs} are allowed, the process took ${diedMs.toFixed(1)} to die, and this machine stalled for ${stallMs.toFixed(1)}`);
  await pause(random.int(GONE_MS));
  const ups = room.profile.links.map(({ id }) => room.linkEvent(id, 'up', RECONNECT_LIMIT_MS));
  const startedUs = systemClock.nowUs();
  await room.startSimulatorAgain();
  const back = await Promise.all(ups);
  room.profile.links.forEach(({ id }, i) => judge.expect(back[i] !== null, `the host does not find ${id} again`));
  const reconnectMs = (systemClock.nowUs() - startedUs) / US_PER_MS;
  await pause(BACK_MS);
  judge.expect(room.state === 'stopped', `the robot is ${room.state} although nobody has acknowledged the stop`);
  judge.expect(await room.disarm(), `the stop cannot be acknowledged; the robot is ${room.state}`);
  judge.expect(!room.prepared && !(await room.command('arm')), 'a robot that nobody has prepared can be armed');
  await pause(BACK_MS);
  judgeStillness(room.profile, judge, allJoints(room.profile), 0, await room.truth());
  return { figures: { detectMs, diedMs, reconnectMs, stallMs }, breaches: judge.breaches };
}

async function pull(room: FaultRoom, random: Random, judge: Judge, linkId: string): Promise<CaseResult> {
  await room.stallMs(true);
  const down = room.linkEvent(linkId, 'down', EVENT_LIMIT_MS);
  const pulledUs = systemClock.nowUs();
  room.rig.control({ unplug: linkId });
  const event = await down;
  judge.expect(event !== null, `the host never tells that ${linkId} is gone`);
  const detectMs = event === null ? EVENT_LIMIT_MS : (room.timeOfUs(event) - pulledUs) / US_PER_MS;
  judge.expect(await room.until('stopped', EVENT_LIMIT_MS), `no protective stop; the robot is ${room.state}`);
  const { cause } = room.operator.state ?? { cause: 'none' };
  await pause(longestWatchdogMs(room.profile) + random.int(GONE_MS));
  const stallMs = await room.stallMs(false);
  // A drive that only the relay releases is named itself: its power is cut, which is worse than the stop for the cable.
  const unattended = room.profile.joints.some(({ drive }) => drive.link === linkId && drive.watchdog === 'hubRelay');
  judge.expect(cause === (unattended ? 'driveSilent' : 'linkDown') || stallMs >= room.overrunMs, `the stop is said to be for ${cause}`);
  const allowedMs = KNOWN_WITHIN_CYCLES * room.periodMs;
  judge.expect(detectMs <= allowedMs + stallMs, `the host knew after ${detectMs.toFixed(1)} ms; ${allowedMs} are allowed, and this machine stalled for ${stallMs.toFixed(1)}`);
  const torqueOffMs = await judgeRelease(room, judge, linkId);
  const reconnectMs = await plugAgain(room, judge, linkId);
  return { figures: { detectMs, torqueOffMs, reconnectMs, stallMs }, breaches: judge.breaches };
}

/** By the simulator's own torques, in its own time. @returns how long the slowest drive went on */
async function judgeRelease(room: FaultRoom, judge: Judge, linkId: string): Promise<number> {
  const truth = await room.truth();
  const since = truth.pulledUs[linkId] ?? truth.nowUs;
  let slowestMs = 0;
  // The hub carries no drive; without its heartbeat the relay opens, and then every drive is without power.
  const lost = linkId === room.profile.hub.link ? room.profile.joints.map((_, i) => i) : room.jointsOn(linkId);
  for (const i of lost) {
    const [joint, actual] = [room.profile.joints[i], truth.joints[i]];
    if (joint === undefined || actual === undefined) continue;
    const offMs = Math.max(0, actual.lastTorqueUs - since) / US_PER_MS;
    const allowedMs = linkId === room.profile.hub.link ? Math.max(room.profile.hub.heartbeatTimeoutMs, joint.drive.watchdogMs) : joint.drive.watchdogMs;
    slowestMs = Math.max(slowestMs, offMs);
    judge.expect(offMs <= allowedMs + STEP_MS, `the drive of ${joint.id} made torque for ${offMs.toFixed(1)} ms after its cable was pulled; ${allowedMs} are allowed`);
    judge.expect(!actual.energised, `the drive of ${joint.id} is still energised`);
  }
  return slowestMs;
}

/** @returns how long it took the host to open the port again */
async function plugAgain(room: FaultRoom, judge: Judge, linkId: string): Promise<number> {
  const before = await room.truth();
  const up = room.linkEvent(linkId, 'up', RECONNECT_LIMIT_MS);
  const pluggedUs = systemClock.nowUs();
  room.rig.control({ plug: linkId });
  const event = await up;
  judge.expect(event !== null, `the host does not find ${linkId} again`);
  await pause(BACK_MS);
  judge.expect(room.state === 'stopped', `the robot is ${room.state} although nobody has acknowledged the stop`);
  judgeStillness(room.profile, judge, room.jointsOn(linkId), before.nowUs, await room.truth());
  judge.expect(await room.disarm(), `the stop cannot be acknowledged; the robot is ${room.state}`);
  return event === null ? RECONNECT_LIMIT_MS : (room.timeOfUs(event) - pluggedUs) / US_PER_MS;
}
