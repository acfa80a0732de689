/**
 * F16, the E-stop in each state: the hardware cuts the drives' power, the host knows within two cycles, and releasing
 * the button alone brings nothing back; a person's acknowledgement does, disarmed.
 */
import { systemClock } from '../../../../hal/clock.ts';
import type { Random } from '../../../../protocols/random.ts';
import type { SupervisorState } from '../../../../protocols/supervision.ts';
import { US_PER_MS } from '../../../../protocols/units.ts';
import type { Kind, RobotFault } from './fault.ts';
import { Judge, type CaseResult } from './judge.ts';
import { pause } from './place.ts';
import type { FaultRoom } from './room.ts';
import { allJoints, judgeReleased, judgeStillness, STEP_MS, torqueAfterMs } from './witness.ts';

/** Brings the robot there. @returns whether it is */
type Way = (room: FaultRoom, random: Random) => Promise<boolean>;

const walk: Way = (room, random) => room.stayAt('running', random.int(3_000));
const hold: Way = (room, random) => room.stayAt('armed', random.int(800));

async function disconnect(room: FaultRoom): Promise<boolean> {
  const linkId = driveLink(room);
  if (!(await room.bringTo('ready'))) return false;
  room.rig.control({ unplug: linkId });
  return room.until('connecting', EVENT_LIMIT_MS);
}

/** On its way for a while. */
async function goHome(room: FaultRoom, random: Random): Promise<boolean> {
  const ms = random.int(HOMING_MS);
  let sinceUs = Number.NaN;
  return room.prepareUntil(() => {
    if (room.state !== 'homing') return false;
    if (Number.isNaN(sinceUs)) sinceUs = systemClock.nowUs();
    return systemClock.nowUs() - sinceUs >= ms * US_PER_MS;
  });
}

/** One that has been begun and stopped: then the robot is not prepared. */
async function breakOff(room: FaultRoom): Promise<boolean> {
  return (await room.prepareUntil((step) => room.state === 'selfTest' && step === 'sensors')) && (await room.command('stop')) && room.disarm();
}

const driveLink = ({ profile }: FaultRoom): string => profile.joints[0]?.drive.link ?? '';

const CYCLES_ALLOWED = 2;
const EVENT_LIMIT_MS = 2_000;
const PRESSED_MS = 300;
const RELEASED_MS = 400;
/** Shorter than the way home takes. */
const HOMING_MS = 800;

export const emergencyStop: RobotFault = {
  id: 'F16',
  place: 'robot',
  what: 'the E-stop is pressed in each state, and released alone',
  kinds: [
    kind('running', walk),
    kind('armed', hold),
    kind('paused', async (room, random) => (await walk(room, random)) && room.command('pause')),
    kind('stopping', async (room, random) => (await walk(room, random)) && room.command('disarm')),
    kind('stopped', async (room, random) => (await hold(room, random)) && room.command('stop')),
    kind('ready', (room) => room.bringTo('ready')),
    kind('homing', goHome),
    kind('selfTest', (room) => room.prepareUntil((step) => room.state === 'selfTest' && step === 'signs')),
    kind('idle', breakOff),
    kind('connecting', disconnect),
  ],
};

function kind(state: SupervisorState, way: Way): Kind<FaultRoom> {
  return { name: state, run: (room, random) => press(room, random, state, way) };
}

async function press(room: FaultRoom, random: Random, state: SupervisorState, way: Way): Promise<CaseResult> {
  const judge = new Judge();
  judge.expect((await way(room, random)) && room.state === state, `the robot is ${room.state} instead of ${state}`);
  await room.stallMs(true);
  const emergency = room.stateEvent('emergency', EVENT_LIMIT_MS);
  const pressedUs = systemClock.nowUs();
  room.rig.control({ estop: true });
  const atOnce = await room.truth();
  const event = await emergency;
  judgeReleased(room.profile, judge, await room.truth(), 'with the E-stop line open');
  judge.expect(event !== null, `the host never tells of the E-stop; it is ${room.state}`);
  const detectMs = event === null ? EVENT_LIMIT_MS : (room.timeOfUs(event) - pressedUs) / US_PER_MS;
  const stallMs = await room.stallMs(false);
  const allowedMs = CYCLES_ALLOWED * room.periodMs;
  judge.expect(detectMs <= allowedMs + stallMs, `the host knew after ${detectMs.toFixed(1)} ms; ${allowedMs} are allowed, and this machine stalled for ${stallMs.toFixed(1)}`);
  await pause(PRESSED_MS);
  judge.expect(!(await room.operator.command('acknowledge')) && room.state === 'emergency', `with the button still pressed the stop can be acknowledged; the robot is ${room.state}`);
  room.rig.control({ estop: false });
  await pause(RELEASED_MS);
  judge.expect(room.state === 'emergency', `releasing the button alone made the robot ${room.state}`);
  const after = await room.truth();
  judgeStillness(room.profile, judge, allJoints(room.profile), atOnce.nowUs + STEP_MS * US_PER_MS, after);
  if (state === 'connecting') room.rig.control({ plug: driveLink(room) });
  judge.expect(await room.disarm(), `the stop cannot be acknowledged; the robot is ${room.state}`);
  return { figures: { detectMs, torqueOffMs: Math.max(0, torqueAfterMs(after, atOnce.nowUs)), stallMs }, breaches: judge.breaches };
}
