/** A therapist shows a movement in the transparent mode, and the robot repeats it with a passive patient. */
import { afterEach, expect, it } from 'vitest';
import { ShownMovementReader } from '../../../controller/metrics/shown-movement.ts';
import { curveDeg, publishedShape, shownSeries } from '../../../controller/therapy/gait-reference.ts';
import { checkSetup } from '../../../controller/robot/parameter-check.ts';
import { writeCycleRow } from '../../../protocols/cycle-row.ts';
import { cycleLayout } from '../../../protocols/session-log.ts';
import { parseTrajectory, type Trajectory } from '../../../protocols/trajectory.ts';
import { degToRad, kmhToMps } from '../../../protocols/units.ts';
import { profile, Rig, setup } from './robot-step-rig.ts';
import { measureTracking } from './support/tracking.ts';

const layout = cycleLayout(profile.joints.length, profile.links.length);
const rigs: Rig[] = [];
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.robot.dispose();
});

/** Middle and half the way of each joint of a leg, and when in its stride it is farthest, degrees. */
const SHOWN = [
  { middleDeg: 10, halfDeg: 16, at: 0 },
  { middleDeg: 28, halfDeg: 14, at: 0.75 },
] as const;
const shownDeg = (joint: number, phase: number): number => {
  const { middleDeg, halfDeg, at } = SHOWN[joint % 2]!;
  return middleDeg + halfDeg * Math.cos(2 * Math.PI * (phase - at + (joint < 2 ? 0 : 0.5)));
};

async function running(mode: 'transparent' | 'replay', trajectory?: Trajectory): Promise<Rig> {
  const rig = await Rig.create(50, 1.55, {}, trajectory === undefined ? {} : { trajectory });
  rigs.push(rig);
  rig.until((output) => output.readyBlocker === 'none', 2);
  Object.assign(rig.intent, { mode, speedMps: kmhToMps(1.5) });
  rig.command('arm');
  rig.run(1.5);
  rig.command('start');
  rig.run(6);
  return rig;
}

/** The therapist's hands on all four segments. */
async function show(seconds: number, hz: number): Promise<ShownMovementReader> {
  const rig = await running('transparent');
  const reader = new ShownMovementReader(profile, { ...setup, bodyMassKg: 50, heightM: 1.55 }, { fromSec: 0, toSec: Infinity });
  const row = new Float64Array(layout.width);
  const began = rig.joints.map(({ positionRad }) => positionRad);
  for (let t = 0; t < seconds; t += 1 / 250) {
    rig.joints.forEach(({ positionRad, velocityRadPerSec }, j) => {
      const share = Math.min(1, t / 3);
      const wish = (at: number): number => began[j]! + (degToRad(shownDeg(j, hz * at)) - began[j]!) * share;
      rig.robot.robot.body.setPushNm(j, 300 * (wish(t) - positionRad) + 15 * ((wish(t + 0.001) - wish(t)) / 0.001 - velocityRadPerSec));
    });
    rig.tick();
    writeCycleRow(row, 0, rig.inputs, rig.intent, rig.output);
    reader.row(row, 0);
  }
  expect(rig.output).toMatchObject({ state: 'running', cause: 'none' });
  return reader;
}

async function shownTrajectory(): Promise<Trajectory> {
  const shown = (await show(30, 0.45)).result('high steps');
  if (!shown.ok) throw new Error(shown.why);
  return shown.trajectory;
}

function recordedRangeDeg(trajectory: Trajectory, joint: number): number {
  const curve = curveDeg(shownSeries(trajectory, profile.joints[joint]!.id)!, publishedShape(), { min: -3, max: 3 });
  return Math.max(...curve) - Math.min(...curve);
}

it('what was shown is repeated, as often as the belt asks, and scaled as the therapist asks', async () => {
  const trajectory = await shownTrajectory();
  expect(trajectory.cycleSec).toBeCloseTo(1 / 0.45, 1);
  expect(() => checkSetup(profile, { ...setup, trajectory })).not.toThrow();
  expect(parseTrajectory(JSON.stringify(trajectory), 'shown.json', profile)).toEqual(trajectory);
  const rig = await running('replay', trajectory);
  rig.run(5);
  const whole = measureTracking(rig, 10);
  whole.rmsDeg.forEach((deg) => expect(deg).toBeLessThan(3));
  whole.rangeDeg.forEach((deg, j) => expect(Math.abs(deg - recordedRangeDeg(trajectory, j))).toBeLessThan(3));
  // Hands are not stiff: they gave less than they meant to.
  SHOWN.forEach(({ halfDeg }, j) => expect(Math.abs(recordedRangeDeg(trajectory, j) - 2 * halfDeg)).toBeLessThan(5));
  rig.intent.romScale.fill(0.8);
  rig.run(3);
  measureTracking(rig, 10).rangeDeg.forEach((deg, j) => expect(deg / whole.rangeDeg[j]!).toBeCloseTo(0.8, 1));
});

it('what was shown for too short a time is no movement', async () => {
  const shown = (await show(5, 0.45)).result('too short');
  expect(shown).toMatchObject({ ok: false });
});
