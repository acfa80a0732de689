/**
 * F14, nobody is there any more: the page that holds the robot freezes like a browser asleep, is killed with its
 * connection, or the station itself is killed. And the button of a hold-to-run motion: let go, or held by a page that froze.
 */
import { systemClock } from '../../../../hal/clock.ts';
import type { Random } from '../../../../protocols/random.ts';
import { degToRad, US_PER_MS } from '../../../../protocols/units.ts';
import type { Kind, StationFault } from './fault.ts';
import { Judge, type CaseResult } from './judge.ts';
import { pause } from './place.ts';
import type { StationRoom } from './station-room.ts';
import { allJoints, judgeReleased, judgeStillness, longestWatchdogMs, loweredMs, torqueAfterMs, type Truth } from './witness.ts';

const WALK_MS = 3_000;
/** Until it counts as frozen, and the lease (safety design: 2.5 s). */
const LEASE_ALLOWED_MS = 2_500;
/** The safety design's bar for a button that was let go, or that nobody can answer for. */
const HOLD_ALLOWED_MS = 250;
const STOP_LIMIT_MS = 6_000;
const WATCH_MS = 800;
const MOTION_LIMIT_MS = 3_000;
const LOOK_MS = 5;
/** It has stopped when it is slower than that part of the way home; what is lowered sags more slowly (own value). */
const STILL_MOVING = 0.5;

type Figures = CaseResult['figures'];
type Loss = (room: StationRoom, random: Random, judge: Judge) => Promise<Figures>;

/** @returns when it stopped, as another page sees it */
async function stopAfter(room: StationRoom, judge: Judge, lose: () => Promise<void>): Promise<number> {
  const onlooker = await room.openPage();
  try {
    judge.expect(await onlooker.until(() => onlooker.state === 'running', STOP_LIMIT_MS), `the robot is ${onlooker.state} before anything is done to it`);
    const sinceUs = systemClock.nowUs();
    await lose();
    judge.expect(await onlooker.until(() => onlooker.state === 'stopped', STOP_LIMIT_MS), `no protective stop; the robot is ${onlooker.state}`);
    const stopMs = (systemClock.nowUs() - sinceUs) / US_PER_MS;
    judge.expect(onlooker.cause === 'operatorLost', `the stop is said to be for ${onlooker.cause}`);
    judge.expect(stopMs <= LEASE_ALLOWED_MS, `the robot stopped after ${stopMs.toFixed(0)} ms; ${LEASE_ALLOWED_MS} are allowed`);
    await pause(loweredMs(room.profile));
    judgeReleased(room.profile, judge, await room.truth(), 'although nobody is there');
    return stopMs;
  } finally {
    await onlooker.kill();
  }
}

const pageFrozen: Loss = async (room, _random, judge) => {
  const { therapist } = room;
  try {
    return { leaseMs: await stopAfter(room, judge, async () => therapist.freeze()) };
  } finally {
    const since = (await room.truth()).nowUs;
    therapist.thaw();
    await pause(WATCH_MS);
    // Whatever it answers now is of the past.
    judge.expect(therapist.state === 'stopped', `the page woke up, and the robot is ${therapist.state}`);
    judgeStillness(room.profile, judge, allJoints(room.profile), since, await room.truth());
  }
};

const pageGone: Loss = async (room, _random, judge) => {
  const figures = { goneMs: await stopAfter(room, judge, () => room.therapist.kill()) };
  await room.newTherapist();
  return figures;
};

/** By SIGSTOP: neither its timers nor its sockets say that it is gone. */
const stationFrozen: Loss = async (room, _random, judge) => {
  const { nowUs } = await room.truth();
  room.freezeStation();
  try {
    await pause(LEASE_ALLOWED_MS + loweredMs(room.profile));
    const after = await room.truth();
    judgeReleased(room.profile, judge, after, 'although the station is frozen');
    return { torqueMs: torqueAfterMs(after, nowUs) };
  } finally {
    room.thawStation();
    judge.expect(await room.therapist.until(() => room.state === 'stopped', STOP_LIMIT_MS), `the station woke up, and the robot is ${room.state}`);
    judge.expect(room.therapist.cause === 'operatorLost', `the stop is said to be for ${room.therapist.cause}`);
    const since = (await room.truth()).nowUs;
    await pause(WATCH_MS);
    judge.expect(room.state === 'stopped', `the station woke up, and the robot is ${room.state}`);
    judgeStillness(room.profile, judge, allJoints(room.profile), since, await room.truth());
  }
};

const stationKilled: Loss = async (room, _random, judge) => {
  await room.stallMs();
  const before = await room.truth();
  await room.killStation();
  // A walking robot is braked by the process that outlives its station for a moment; then all drives are released.
  await pause(room.profile.stop.maxTimeMs + longestWatchdogMs(room.profile) + WATCH_MS);
  const after = await room.truth();
  const stationMs = torqueAfterMs(after, before.nowUs);
  judgeReleased(room.profile, judge, after, 'although the station is dead');
  judge.expect(stationMs <= LEASE_ALLOWED_MS, `torque for ${stationMs.toFixed(0)} ms after the station's death; ${LEASE_ALLOWED_MS} are allowed`);
  await room.startStation();
  judge.expect(await room.therapist.until(() => room.disarmed, STOP_LIMIT_MS), `with a new station the robot is ${room.therapist.state}`);
  judgeStillness(room.profile, judge, allJoints(room.profile), after.nowUs, await room.truth());
  return { stationMs };
};

/** On its way home: the self-test is begun anew where it has been passed already. */
const holdToRun: Loss = async (room, random, judge) => {
  const figures: Record<string, number> = {};
  for (const how of ['letGo', 'frozen'] as const) {
    judge.expect(await room.bringTo('homing'), `the robot is not led home; it is ${room.therapist.state}`);
    judge.expect(await moves(room), `the robot does not move on its way home; it is ${room.therapist.state}`);
    await pause(random.int(HOLD_ALLOWED_MS));
    await room.stallMs();
    const { nowUs } = await room.truth();
    if (how === 'letGo') room.letGo();
    else room.therapist.freeze();
    const movedMs = await lastMotionMs(room, nowUs);
    const stallMs = await room.stallMs();
    if (how === 'frozen') room.therapist.thaw();
    figures[`${how}Ms`] = movedMs;
    judge.expect(movedMs <= HOLD_ALLOWED_MS + stallMs, `the way home went on for ${movedMs.toFixed(0)} ms with the button ${how}; ${HOLD_ALLOWED_MS} are allowed`);
    room.letGo();
    await room.therapist.until(() => room.therapist.state === 'idle', STOP_LIMIT_MS);
  }
  return figures;
};

function speedOf({ joints }: Truth): number {
  return Math.max(...joints.map(({ velocityRadPerSec }) => Math.abs(velocityRadPerSec)));
}

const movingRadPerSec = ({ profile }: StationRoom): number => STILL_MOVING * degToRad(profile.homing.speedDegPerSec);

/** @returns whether it does in time */
async function moves(room: StationRoom): Promise<boolean> {
  const endUs = systemClock.nowUs() + MOTION_LIMIT_MS * US_PER_MS;
  while (speedOf(await room.truth()) < movingRadPerSec(room)) {
    if (systemClock.nowUs() > endUs) return false;
    await pause(LOOK_MS);
  }
  return room.therapist.state === 'homing';
}

/** Looked at for twice the time allowed. */
async function lastMotionMs(room: StationRoom, sinceUs: number): Promise<number> {
  let [lastUs, truth] = [sinceUs, await room.truth()];
  while (truth.nowUs - sinceUs < 2 * HOLD_ALLOWED_MS * US_PER_MS) {
    if (speedOf(truth) >= movingRadPerSec(room)) lastUs = truth.nowUs;
    await pause(LOOK_MS);
    truth = await room.truth();
  }
  return (lastUs - sinceUs) / US_PER_MS;
}

const kind = (name: string, lose: Loss, begins: 'walking' | 'anyhow' = 'walking'): Kind<StationRoom> => ({
  name,
  async run(room, random) {
    const judge = new Judge();
    if (begins === 'walking') judge.expect(await room.stayAt('running', random.int(WALK_MS)), `the robot does not walk; it is ${room.state}`);
    await room.stallMs();
    const figures = await lose(room, random, judge);
    const stallMs = await room.stallMs();
    judge.expect(await room.disarm(), `the robot is ${room.state}`);
    return room.result(figures, judge, stallMs);
  },
});

export const operatorLost: StationFault = {
  id: 'F14',
  place: 'station',
  what: 'the page freezes or is gone, the station freezes or is killed, a hold-to-run button is let go or freezes',
  // The first one needs a robot on its way home, which the one that has just been started anyhow has to go.
  kinds: [
    kind('hold-to-run', holdToRun, 'anyhow'),
    kind('page asleep', pageFrozen),
    kind('page gone', pageGone),
    kind('station frozen', stationFrozen),
    kind('station killed', stationKilled),
  ],
};
