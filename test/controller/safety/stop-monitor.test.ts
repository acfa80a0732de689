import { describe, expect, it } from 'vitest';
import { StopMonitor, type StopVerdict } from '../../../controller/safety/stop-monitor.ts';
import { untrustedJoint } from '../../../controller/safety/trusted-joint.ts';
import { sides } from '../../../protocols/supervision.ts';
import { degToRad } from '../../../protocols/units.ts';
import { profile } from './fixtures.ts';

const PERIOD_MS = 4;
const STOP_MS = profile.stop.maxTimeMs;

/** A joint as it is seen at a time after the trip; the trip is at 0 ms. */
interface Seen {
  degPerSec: number;
  deg?: number;
  encoderDeg?: number;
  fresh?: boolean;
  stuck?: boolean;
  motorImplausible?: boolean;
  encoderImplausible?: boolean;
  jointTorqueNm?: number;
}
type Course = (ms: number) => Seen;

/** Joints of different limbs: two at most. */
const apart = (count: number, interactionLimitNm = 45) => sides.slice(0, count).map((side) => ({ side, interactionLimitNm }));

const joint = ({ degPerSec, deg = 0, encoderDeg = deg, fresh = true, stuck = false, motorImplausible = false, encoderImplausible = false, jointTorqueNm = 0 }: Seen) => ({
  ...untrustedJoint(),
  positionRad: degToRad(deg),
  velocityRadPerSec: degToRad(degPerSec),
  encoderRad: degToRad(encoderDeg),
  jointTorqueNm,
  trusted: fresh,
  motorFresh: fresh,
  stuck,
  motorImplausible,
  encoderImplausible,
});

/** The first verdict that is not `none` within a stop, with its time; a cycle of moving goes before the trip. */
function breach(courses: readonly Course[], { hubFresh = true, forMs = STOP_MS + 600, braking = true, limitNm = 45 } = {}): [StopVerdict, number] | null {
  const monitor = new StopMonitor(profile.stop, apart(courses.length, limitNm));
  for (let ms = 0; ms <= forMs; ms += PERIOD_MS) {
    const verdict = monitor.judge(braking && ms > 0, ms > 0, courses.map((course) => joint(course(ms))), hubFresh, PERIOD_MS * 1000);
    if (verdict !== 'none') return [verdict, ms];
  }
  return null;
}

const steady = (seen: Seen): Course => () => seen;
const still = steady({ degPerSec: 0 });
/** From a speed to rest within so many ms, after a delay. */
const braked =
  (degPerSec: number, delayMs: number, forMs: number): Course =>
  (ms) => ({ degPerSec: degPerSec * Math.max(0, Math.min(1, 1 - (ms - delayMs) / forMs)) });

describe('while a joint brakes', () => {
  it('a stop as it should be is none to speak of', () => {
    expect(breach([braked(200, 12, 200), braked(-300, 24, STOP_MS - 24)])).toBeNull();
  });

  it('its speed must fall from 24 ms on, along a line that ends with the stop time', () => {
    expect(breach([still, steady({ degPerSec: 200 })])).toEqual(['moving', 60]); // the line falls by 420°/s², so 15°/s of tolerance last 36 ms
    expect(breach([braked(-300, 100, 300)])?.[0]).toBe('moving');
    expect(breach([braked(300, 12, STOP_MS + 200)])?.[0]).toBe('moving');
  });

  it('what it gains before braking can begin counts to the speed at the trip', () => {
    const gaining: Course = (ms) => ({ degPerSec: ms <= 24 ? 200 + 4 * ms : 296 * Math.max(0, 1 - (ms - 24) / 400) });
    expect(breach([gaining])).toBeNull();
    expect(breach([(ms) => ({ degPerSec: ms <= 28 ? 200 + 4 * ms : gaining(ms).degPerSec + 20 })])?.[0]).toBe('moving');
  });

  it('a joint that stood at the trip must not start', () => {
    expect(breach([(ms) => ({ degPerSec: ms > 100 && ms < 200 ? -16 : 0 })])).toEqual(['moving', 104]);
    expect(breach([(ms) => ({ degPerSec: ms > 100 && ms < 200 ? 14 : 0 })])).toBeNull();
  });

  it('a joint that was not seen before the trip is judged as if it had stood', () => {
    const monitor = new StopMonitor(profile.stop, apart(1));
    const moving = [joint({ degPerSec: 30 })];
    monitor.judge(false, false, [joint({ degPerSec: 300, fresh: false })], false, 4_000);
    for (let ms = 4; ms <= 24; ms += 4) monitor.judge(true, true, [joint({ degPerSec: 0, fresh: false })], false, 4_000);
    expect(monitor.judge(true, true, moving, true, 4_000)).toBe('moving');
  });

  it('a patient who is stronger than the torque in the joint is no breach', () => {
    const pushed = (jointTorqueNm: number): Course => (ms) => ({ degPerSec: ms > 100 && ms < 200 ? 60 : 0, jointTorqueNm });
    expect(breach([pushed(-11)])).toBeNull();
    expect(breach([pushed(-10)])?.[0]).toBe('moving');
    expect(breach([pushed(-9)])?.[0]).toBe('moving');
    expect(breach([pushed(11)])?.[0]).toBe('moving');
  });

  it('is told by less torque in a joint that may hold less, in proportion, and by no more in one that may hold more', () => {
    const pushed = (jointTorqueNm: number): Course => (ms) => ({ degPerSec: ms > 100 && ms < 200 ? 60 : 0, jointTorqueNm });
    expect([-2.1, -2].map((torqueNm) => breach([pushed(torqueNm)], { limitNm: 9 })?.[0])).toEqual([undefined, 'moving']);
    expect([-10.1, -10].map((torqueNm) => breach([pushed(torqueNm)], { limitNm: 90 })?.[0])).toEqual([undefined, 'moving']);
  });

  it('each stop is judged anew', () => {
    const monitor = new StopMonitor(profile.stop, apart(1));
    const at = (degPerSec: number, braking: boolean): StopVerdict => monitor.judge(braking, braking, [joint({ degPerSec })], true, 4_000);
    at(300, false);
    for (let i = 0; i < 150; i++) at(0, true);
    at(0, false);
    for (let i = 0; i < 6; i++) expect(at(0, true)).toBe('none');
    expect(at(100, true)).toBe('moving');
  });
});

it('each stop has a speed at its trip and a place of rest of its own', () => {
  const monitor = new StopMonitor(profile.stop, apart(1));
  const run = (braking: boolean, seen: Seen, cycles: number): StopVerdict[] => Array.from({ length: cycles }, () => monitor.judge(braking, braking, [joint(seen)], true, PERIOD_MS * 1000));
  const cyclesOfStop = STOP_MS / PERIOD_MS + 50;
  run(true, { degPerSec: 300 }, 6);
  expect(new Set(run(true, { degPerSec: 0 }, cyclesOfStop))).toEqual(new Set(['none']));
  run(false, { degPerSec: 0, deg: 30 }, 1);
  expect(new Set(run(true, { degPerSec: 0, deg: 30 }, cyclesOfStop))).toEqual(new Set(['none']));
  run(false, { degPerSec: 0, deg: 30 }, 1);
  run(true, { degPerSec: 0, deg: 30 }, 6);
  expect(run(true, { degPerSec: 100, deg: 30 }, 1)).toEqual(['moving']);
});

describe('when the stop time is over', () => {
  const after: Course = (ms) => ({ degPerSec: ms > STOP_MS ? 16 : 0 });
  it('a joint that moves breaches the stop, however the torque in it is', () => {
    expect(breach([still, after])).toEqual(['moving', STOP_MS + 4]);
    expect(breach([(ms) => ({ ...after(ms), jointTorqueNm: -50 })])?.[0]).toBe('moving');
    expect(breach([steady({ degPerSec: 14 }), steady({ degPerSec: -14 })])).toBeNull();
  });

  it('a joint must stay where it came to rest', () => {
    const drifting = (deg: number, jointTorqueNm = 0): Course => (ms) => ({ degPerSec: 0, deg: ms > STOP_MS + 40 ? deg : 0, jointTorqueNm });
    expect(breach([drifting(profile.stop.restDriftDeg + 0.01)])).toEqual(['moving', STOP_MS + 44]);
    expect(breach([drifting(-profile.stop.restDriftDeg - 0.01)])?.[0]).toBe('moving');
    expect(breach([drifting(profile.stop.restDriftDeg - 0.01)])).toBeNull();
    expect(breach([steady({ degPerSec: 0, deg: 30 })])).toBeNull();
    expect(breach([drifting(10, -11)])).toBeNull();
    expect(breach([drifting(-10, -11)])?.[0]).toBe('moving');
  });

  it('nothing is judged that is not braking, and each stop has its own time', () => {
    expect(breach([steady({ degPerSec: 300 })], { braking: false })).toBeNull();
  });
});

it('a joint at just the speed that counts as rest, or drifted by just what it may, is at rest', () => {
  const [rest, drift] = [degToRad(profile.stop.restSpeedDegPerSec) * 5, degToRad(profile.stop.restDriftDeg)];
  const ends = (velocityRadPerSec: number, encoderRad: number): [StopVerdict, boolean] => {
    const monitor = new StopMonitor(profile.stop, apart(1));
    let verdict: StopVerdict = 'none';
    for (let ms = 0; ms <= STOP_MS + 600 && verdict === 'none'; ms += PERIOD_MS)
      verdict = monitor.judge(ms > 0, ms > 0, [{ ...joint({ degPerSec: 0 }), velocityRadPerSec, encoderRad: ms > STOP_MS + 40 ? encoderRad : 0 }], true, PERIOD_MS * 1000);
    return [verdict, monitor.record.atRest];
  };
  expect([ends(rest, 0), ends(-rest, 0), ends(rest + 1e-9, 0)]).toEqual([['none', true], ['none', true], ['moving', false]]);
  expect([ends(0, drift)[0], ends(0, -drift)[0], ends(0, drift + 1e-9)[0]]).toEqual(['none', 'none', 'moving']);
});

describe('a silent drive', () => {
  const silent = (encoderDegPerSec: number, degPerSec = 0): Course => (ms) => ({ degPerSec, fresh: false, encoderDeg: (encoderDegPerSec * ms) / 1000 });
  /** From the end of the stop time on. */
  const late = (encoderDegPerSec: number, jointTorqueNm: number): Course => (ms) => ({ degPerSec: 0, fresh: false, encoderDeg: (encoderDegPerSec * Math.max(ms, STOP_MS)) / 1000, jointTorqueNm });

  it('has told a last speed that says nothing of now: the joint-side encoder tells', () => {
    expect(breach([silent(0, 300)])).toBeNull();
    expect(breach([late(30, 20)])).toEqual(['moving', STOP_MS + 4]);
  });

  it('has let go by itself: its joint may swing on, and hang elsewhere', () => {
    expect(breach([(ms) => ({ degPerSec: 0, fresh: false, encoderDeg: Math.min(ms, STOP_MS) / 10 })])).toBeNull();
    expect(breach([(ms) => ({ degPerSec: 0, fresh: false, encoderDeg: ms / 100 })])).toBeNull();
    expect(breach([late(30, 0)])).toBeNull();
    expect(breach([late(-90, 0)])).toBeNull();
    expect(breach([silent(100), still])).toBeNull();
  });

  it('has not let go when its joint is pushed on once the stop time is over', () => {
    expect([breach([late(30, 10)]), breach([late(-30, -10)]), breach([late(30, -50)]), breach([late(-30, 50)])]).toEqual([null, null, null, null]);
    for (const [degPerSec, torqueNm] of [[30, 10.01], [-30, -10.01], [30, Number.NaN]] as const) expect(breach([late(degPerSec, torqueNm)])).toEqual(['moving', STOP_MS + 4]);
    expect(breach([(ms) => ({ ...late(30, 50)(ms), encoderDeg: Math.min(ms, STOP_MS) / 10 })])).toBeNull();
    expect([2, 2.1].map((torqueNm) => breach([late(30, torqueNm)], { limitNm: 9 })?.[0])).toEqual([undefined, 'moving']);
  });

  it('is not one that is heard and not believed: its joint must stand', () => {
    for (const doubt of [{ stuck: true }, { motorImplausible: true }]) expect(breach([(ms) => ({ ...late(30, 0)(ms), ...doubt })])).toEqual(['moving', STOP_MS + 4]);
  });

  it('excuses no joint whose drive is heard', () => {
    expect(breach([silent(100), (ms) => ({ degPerSec: ms > STOP_MS ? 16 : 0, jointTorqueNm: -50 })])).toEqual(['moving', STOP_MS + 4]);
  });

  it('that nobody can see is not at rest, and not moving either', () => {
    expect(breach([still, silent(0, 300)], { hubFresh: false })).toEqual(['unknown', STOP_MS + 4]);
    expect(breach([silent(0, 300), still], { hubFresh: false })).toEqual(['unknown', STOP_MS + 4]);
    expect(breach([steady({ degPerSec: 0, fresh: false, encoderImplausible: true })])?.[0]).toBe('unknown');
    expect(breach([still], { hubFresh: false })).toBeNull();
  });

  it('is less bad than a joint that is seen to move', () => {
    const worst = (courses: readonly Course[]): StopVerdict | undefined => breach(courses, { hubFresh: false })?.[0];
    const moving: Course = (ms) => ({ degPerSec: ms > STOP_MS ? 100 : 0 });
    expect(worst([silent(0), moving])).toBe('moving');
    expect(worst([moving, silent(0)])).toBe('moving');
  });
});

it('a joint without a record is not seen', () => {
  const monitor = new StopMonitor(profile.stop, apart(1));
  for (let ms = 4; ms <= STOP_MS; ms += 4) monitor.judge(true, true, [], true, 4_000);
  expect(monitor.judge(true, true, [], true, 4_000)).toBe('none');
  expect(monitor.judge(true, true, [], false, 4_000)).toBe('unknown');
});

it('measures how long the stop took and how far each joint went, by the joint side', () => {
  const monitor = new StopMonitor(profile.stop, apart(2));
  const see = (ms: number, stopping: boolean) =>
    monitor.judge(stopping, stopping, [joint({ degPerSec: ms < 200 ? 100 : 0, deg: 99, encoderDeg: Math.min(ms, 200) / 10 }), joint({ degPerSec: 0, deg: 5, encoderDeg: 40 + ms / 10, encoderImplausible: true })], true, 4_000);
  see(0, false);
  for (let ms = 4; ms < 400; ms += 4) see(ms, true);
  expect(monitor.record).toMatchObject({ finished: true, atRest: true, timeUs: 196_000 });
  expect(monitor.record.distanceRad[0]).toBeCloseTo(degToRad(20), 9);
  expect(monitor.record.distanceRad[1]).toBe(0);
});

describe('a joint that a person moves', () => {
  /** The first verdict that is not `none`, with two joints of which some go along with a person. */
  const verdictOf = (goesAlong: readonly number[], { joints = apart(2), jointTorqueNm = 0, alongDegPerSec = 200 } = {}): StopVerdict => {
    const monitor = new StopMonitor(profile.stop, joints);
    for (let ms = 0; ms <= STOP_MS + PERIOD_MS; ms += PERIOD_MS) {
      monitor.goesAlong.set(goesAlong);
      const verdict = monitor.judge(ms > 0, ms > 0, goesAlong.map((along) => joint({ degPerSec: along === 1 ? alongDegPerSec : 200, jointTorqueNm })), true, PERIOD_MS * 1000);
      if (verdict !== 'none') return verdict;
    }
    return 'none';
  };

  /** A knee goes at 40°/s and its hip at 30°/s; for so long a person moves the knee, whose drive pushes back, or gives nothing. */
  const pushedFor = (pushMs: number, backNm = 20): [StopVerdict, number] | null => {
    const monitor = new StopMonitor(profile.stop, [{ side: 'left', interactionLimitNm: 45 }, { side: 'left', interactionLimitNm: 45 }]);
    for (let ms = 0; ms < STOP_MS; ms += PERIOD_MS) {
      monitor.goesAlong.set([0, ms <= pushMs ? 1 : 0]);
      const verdict = monitor.judge(ms > 0, ms > 0, [joint({ degPerSec: 30 }), joint({ degPerSec: 40, jointTorqueNm: -backNm })], true, PERIOD_MS * 1000);
      if (verdict !== 'none') return [verdict, ms];
    }
    return null;
  };

  it('is not the drive that failed to stop, but excuses no other limb', () => {
    expect(verdictOf([1, 1])).toBe('none');
    expect([verdictOf([1, 0]), verdictOf([0, 1]), verdictOf([0, 0])]).toEqual(['moving', 'moving', 'moving']);
  });

  // Who presses a knee swings the hip with it.
  it('takes the others of its limb along, those apart that their drives move', () => {
    const joints = [sides[1], sides[1]].map((side) => ({ side, interactionLimitNm: 45 }));
    expect([verdictOf([1, 0], { joints }), verdictOf([0, 1], { joints }), verdictOf([0, 0], { joints })]).toEqual(['none', 'none', 'moving']);
    expect([10, 10.1, -10.1, Number.NaN].map((jointTorqueNm) => verdictOf([0, 1], { joints, jointTorqueNm }))).toEqual(['none', 'moving', 'none', 'moving']);
    // Nor is it over with the push: until the pushed one is at rest, the others may swing; itself it has to be braked.
    expect([300, -1].map((pushMs) => pushedFor(pushMs))).toEqual([null, ['moving', 264]]);
    expect(pushedFor(360, 0)).toEqual(['moving', 364]);
    expect([15, 15.1].map((alongDegPerSec) => verdictOf([0, 1], { joints, alongDegPerSec }))).toEqual(['moving', 'none']);
  });

  it('must be seen all the same', () => {
    const monitor = new StopMonitor(profile.stop, apart(1));
    monitor.goesAlong[0] = 1;
    let verdict: StopVerdict = 'none';
    for (let ms = 0; ms <= STOP_MS + PERIOD_MS; ms += PERIOD_MS) verdict = monitor.judge(ms > 0, ms > 0, [joint({ degPerSec: 0, fresh: false })], false, PERIOD_MS * 1000);
    expect(verdict).toBe('unknown');
  });
});
