import { describe, expect, it } from 'vitest';
import { checkMode, checkSetup } from '../../../controller/robot/parameter-check.ts';
import { fourierDeg } from '../../../controller/therapy/gait-reference-data.ts';
import { parseTrajectory, type Trajectory } from '../../../protocols/trajectory.ts';
import { degToRad } from '../../../protocols/units.ts';
import { armExo, footplates } from '../../sim/support/profile.ts';
import { profile, setup } from './robot-step-rig.ts';

/** Half the published walk, somewhat bent. */
const half = (): Trajectory => ({
  schemaVersion: 1,
  name: 'half',
  cycleSec: 2,
  cycles: 5,
  joints: profile.joints.map(({ id, kind }) => {
    const { meanDeg, cosDeg, sinDeg } = fourierDeg[kind as 'hip' | 'knee'];
    return { jointId: id, meanDeg: 0.5 * meanDeg + 12, cosDeg: cosDeg.map((deg) => 0.5 * deg), sinDeg: sinDeg.map((deg) => 0.5 * deg) };
  }),
});
type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
function changed(change: (trajectory: Mutable<Trajectory>) => void): Trajectory {
  const trajectory = structuredClone<Mutable<Trajectory>>(half());
  change(trajectory);
  return trajectory;
}

describe('a trajectory', () => {
  it('that fits the robot and the patient is taken', () => {
    expect(() => checkSetup(profile, { ...setup, trajectory: half() })).not.toThrow();
  });

  it.each<[string, (trajectory: Mutable<Trajectory>) => void, RegExp]>([
    ['is too wide', ({ joints }) => (joints[1]!.cosDeg[0] = 60), /kneeLeft at \d+ % of the cycle is at -?[\d.]+°, and this patient's pattern may go from 5.0° to/],
    ['is too fast', ({ joints }) => (joints[0]!.sinDeg[7] = 8), /hipLeft at \d+ % of the cycle needs [\d.]+°\/s at 3.2 km\/h and may do/],
    ['lacks a joint', ({ joints }) => joints.pop(), /it has no curve for "kneeRight"/],
    ['has a joint twice', ({ joints }) => joints.push(joints[0]!), /"hipLeft" stands in it twice/],
    ['is of another robot', ({ joints }) => (joints[0]!.jointId = 'elbow'), /the robot has no joint "elbow"/],
    ['has not as many sines as cosines', ({ joints }) => joints[0]!.sinDeg.pop(), /"hipLeft" has 8 cosines and 7 sines/],
  ])('that %s is refused by name', (_, change, message) => {
    expect(() => checkSetup(profile, { ...setup, trajectory: changed(change) })).toThrow(message);
  });

  it('is held against the range that this patient permits', () => {
    const permittedRangeRad = setup.permittedRangeRad.map((range, j) => (j === 3 ? { min: degToRad(10), max: degToRad(35) } : range));
    expect(() => checkSetup(profile, { ...setup, permittedRangeRad, trajectory: half() })).toThrow(/kneeRight at \d+ % of the cycle is at/);
  });

  it('is refused by a robot that cannot replay', () => {
    const robot = footplates();
    const trajectory = { ...half(), joints: robot.joints.map(({ id }) => ({ jointId: id, meanDeg: 0, cosDeg: [1], sinDeg: [0] })) };
    const plates = { ...setup, permittedRangeRad: robot.joints.map(({ softRangeDeg }) => ({ min: degToRad(softRangeDeg.min), max: degToRad(softRangeDeg.max) })) };
    expect(() => checkSetup(robot, { ...plates, trajectory })).toThrow(/this robot cannot replay/);
  });

  it('with a mistake in its file is refused with the line', () => {
    const text = JSON.stringify({ ...half(), cycleSeconds: 2 }, null, 1);
    expect(() => parseTrajectory(text, 'shown.json', profile)).toThrow(/shown.json:\d+: cycleSeconds: unknown key/);
  });
});

it('there is nothing to replay where nothing was shown', () => {
  expect(() => checkMode(profile, 'replay', false)).toThrow('There is nothing to replay.');
  expect(() => checkMode(profile, 'replay', true)).not.toThrow();
  expect(() => checkMode(armExo(), 'replay', true)).not.toThrow();
  expect(() => checkMode(footplates(), 'replay', true)).toThrow('This robot cannot train in the mode replay.');
});
