/**
 * F16, the E-stop in each state: the hardware cuts the drives' power, the host knows within two cycles, and releasing
 * the button alone brings nothing back; a person's acknowledgement does, disarmed.
 */
import { systemClock } from '../../../../hal/clock.ts';
import type { Random } from '../../../../protocols/random.ts';
import { US_PER_MS } from '../../../../protocols/units.ts';
import { inTurn, type RobotFault } from './fault.ts';
import { Judge } from './judge.ts';
import { pause, type FaultRoom } from './room.ts';
import { allJoints, judgeReleased, judgeStillness, STEP_MS, torqueAfterMs } from './witness.ts';

/** Each brings the robot there. @returns whether it is */
const states = {
  running: (room: FaultRoom, random: Random) => room.stayAt('running', random.int(4_000)),
  armed: (room: FaultRoom, random: Random) => room.stayAt('armed', random.int(800)),
  paused: async (room: FaultRoom, random: Random) => (await room.stayAt('running', random.int(3_000))) && room.operator.command('pause'),
  stopping: async (room: FaultRoom, random: Random) => (await room.stayAt('running', random.int(3_000))) && room.operator.command('disarm'),
  stopped: async (room: FaultRoom, random: Random) => (await room.stayAt('armed', random.int(800))) && room.operator.command('stop'),
  ready: async (room: FaultRoom) => room.bringTo('ready'),
} as const;
type State = keyof typeof states;
const order: readonly [State, ...State[]] = ['running', 'armed', 'paused', 'stopping', 'stopped', 'ready'];

const CYCLES_ALLOWED = 2;
const EVENT_LIMIT_MS = 2_000;
const PRESSED_MS = 300;
const RELEASED_MS = 400;

export const emergencyStop: RobotFault = {
  id: 'F16',
  place: 'robot',
  what: 'the E-stop is pressed in each state, and released alone',
  async run(room, random, index) {
    const judge = new Judge();
    const state = inTurn(order, index);
    judge.expect(await states[state](room, random), `the robot is ${room.state} instead of ${state}`);
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
    judge.expect(await room.disarm(), `the stop cannot be acknowledged; the robot is ${room.state}`);
    return { figures: { detectMs, torqueOffMs: Math.max(0, torqueAfterMs(after, atOnce.nowUs)), stallMs }, breaches: judge.breaches };
  },
};
