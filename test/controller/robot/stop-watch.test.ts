import { beforeEach, describe, expect, it } from 'vitest';
import { StopWatch } from '../../../controller/robot/stop-watch.ts';
import type { StopRecord } from '../../../controller/safety/stop-meter.ts';
import { sessionEventSchema } from '../../../protocols/messages.ts';
import { emptyInputs, type SessionEvent } from '../../../protocols/session-log.ts';
import { degToRad } from '../../../protocols/units.ts';
import { LoopRig, profile } from './support/fake-robot.ts';

const JOINTS = profile.joints.length;

let watch: StopWatch;
let output: LoopRig['loop']['cycle']['output'];

beforeEach(() => {
  watch = new StopWatch(profile);
  output = { ...new LoopRig().loop.cycle.output, state: 'running', cause: 'none', causeJoint: -1 };
});

const record = (changes: Partial<StopRecord> = {}): StopRecord => ({ finished: true, timeUs: 212_000, atRest: true, distanceRad: new Float64Array(JOINTS).fill(degToRad(2)), ...changes });

function inputs(speedsRadPerSec: readonly number[], nowUs = 0) {
  const made = emptyInputs(JOINTS, profile.links.length);
  made.nowUs = nowUs;
  made.joints.forEach((joint, j) => (joint.motorVelocityRadPerSec = speedsRadPerSec[j] ?? 0));
  return made;
}

/** Trips with these speeds and looks again when the measuring is over. */
function stopped(speedsRadPerSec: readonly number[], end: Partial<StopRecord> = {}): SessionEvent | null {
  Object.assign(output, { state: 'stopped', cause: 'trackingLost', causeJoint: 1 });
  expect(watch.look(record({ finished: false }), inputs(speedsRadPerSec), output)).toBeNull();
  Object.assign(output, { cause: 'driveSilent', causeJoint: 0 });
  return watch.look(record(end), inputs([], 400_000), output);
}

describe('a measured stop', () => {
  it('is told once, with what tripped it and how it went', () => {
    const event = stopped([0.2, -1, 0.5]);
    expect(event).toMatchObject({ atUs: 400_000, kind: 'stop', subject: 'stopped', cause: 'trackingLost', reason: profile.joints[1]?.id });
    expect(event?.stop).toMatchObject({ timeMs: 212, atRest: true, withinLimits: true });
    expect(event?.stop?.tripDegPerSec).toBeCloseTo(57.2958, 3);
    expect(Object.keys(event?.stop?.distanceDeg ?? {})).toEqual(profile.joints.map((joint) => joint.id));
    expect(Object.values(event?.stop?.distanceDeg ?? {})).toEqual(profile.joints.map(() => expect.closeTo(2, 6)));
    expect(watch.look(record(), inputs([]), output)).toBeNull();
  });

  it('fits the message to the station, whatever was not seen', () => {
    const event = stopped([Number.NaN, Number.NaN, Infinity, Number.NaN], { distanceRad: new Float64Array(JOINTS).fill(Number.NaN) });
    expect(event?.stop?.tripDegPerSec).toBeNull();
    expect(Object.values(event?.stop?.distanceDeg ?? {})).toEqual(profile.joints.map(() => null));
    expect(sessionEventSchema.safeParse(JSON.parse(JSON.stringify(event))).success).toBe(true);
  });

  it.each([
    ['the stop time is exactly used up', { timeUs: profile.stop.maxTimeMs * 1_000 }, true],
    ['it took longer than the stop time', { timeUs: profile.stop.maxTimeMs * 1_000 + 1 }, false],
    ['the joints were never seen at rest', { atRest: false }, false],
  ])('says whether it was within the limits: %s', (_when, end, withinLimits) => {
    expect(stopped([1], end)?.stop?.withinLimits).toBe(withinLimits);
  });

  it('is not told while nothing was measured', () => {
    for (let n = 0; n < 3; n++) expect(watch.look(record(), inputs([]), output)).toBeNull();
  });

  it('is told for each of two stops', () => {
    expect(stopped([1])).not.toBeNull();
    output.state = 'ready';
    expect(watch.look(record(), inputs([]), output)).toBeNull();
    expect(stopped([1])).not.toBeNull();
  });
});

describe('the loop', () => {
  it('records each stop of a walking robot with its time and the way of each joint', () => {
    const rig = new LoopRig();
    rig.walk();
    rig.loop.operator.stop('tester', rig.nowUs);
    rig.ticks(250);
    const stops = rig.events.filter((event) => event.kind === 'stop');
    expect(stops).toHaveLength(1);
    expect(stops[0]).toMatchObject({ subject: 'stopped', cause: 'operatorStop', stop: { atRest: true, withinLimits: true } });
    expect(stops[0]?.stop?.timeMs).toBeGreaterThan(0);
    expect(Math.max(...Object.values(stops[0]?.stop?.distanceDeg ?? {}).map((deg) => deg ?? 0))).toBeGreaterThan(0);
  });
});
