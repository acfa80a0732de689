/** A therapist shows an arm robot a movement in the transparent mode, and the robot repeats it with a passive arm. */
import { afterEach, expect, it } from 'vitest';
import { ShownMovementReader } from '../../../controller/metrics/shown-movement.ts';
import { checkSetup } from '../../../controller/robot/parameter-check.ts';
import { writeCycleRow } from '../../../protocols/cycle-row.ts';
import { toRangeRad } from '../../../protocols/profile.ts';
import { layoutOf } from '../../../protocols/session-log.ts';
import type { SessionSetup } from '../../../protocols/supervision.ts';
import { parseTrajectory, type Trajectory } from '../../../protocols/trajectory.ts';
import { degToRad } from '../../../protocols/units.ts';
import { armExo } from '../../sim/support/profile.ts';
import { Rig } from './robot-step-rig.ts';
import { WantedBumps } from './support/bumps.ts';
import { measureTracking } from './support/tracking.ts';

const profile = armExo();
const setup: SessionSetup = {
  patientRef: 'test',
  bodyMassKg: 75,
  heightM: 1.8,
  permittedRangeRad: profile.joints.map((joint) => toRangeRad(joint.softRangeDeg)),
  parameters: { speedMps: 0.2, guidance: { left: 1, right: 1 }, romScale: profile.joints.map(() => 1), offsetRad: profile.joints.map(() => 0) },
  confirmed: { identity: true, side: true, consent: true, geometry: true, alarms: true },
};
const layout = layoutOf(profile);
const rigs: Rig[] = [];
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.robot.dispose();
});

async function running(mode: 'transparent' | 'replay' | 'passiveMotion', entered: Partial<SessionSetup> = {}): Promise<Rig> {
  const rig = await Rig.of(profile, { ...setup, ...entered }, { muscles: { kind: 'passive' } });
  rigs.push(rig);
  Object.assign(rig.intent, { mode, speedMps: 0.2 });
  rig.until(({ readyBlocker }) => readyBlocker === 'none', 5);
  rig.command('arm');
  rig.run(1.5);
  rig.command('start');
  rig.until(({ blend }) => blend === 1, 6);
  return rig;
}

/** Elbow and shoulder to and fro, once in `SHOWN_SEC`; the shoulder lifts twice in that time. */
const SHOWN_SEC = 2;
const SHOWN_DEG: Readonly<Record<string, { readonly half: number; readonly times: number }>> = {
  shoulderHorizontal: { half: 14, times: 1 },
  shoulderElevation: { half: 8, times: 2 },
  elbow: { half: 20, times: 1 },
};

/** The therapist's hands. */
async function show(seconds: number): Promise<{ readonly whole: ShownMovementReader; readonly once: ShownMovementReader }> {
  const rig = await running('transparent');
  const readers = { whole: new ShownMovementReader(profile, setup, { fromSec: 0, toSec: Infinity }), once: new ShownMovementReader(profile, setup, { fromSec: 0, toSec: 1.5 * SHOWN_SEC }) };
  const row = new Float64Array(layout.width);
  const { body } = rig.robot.robot;
  const began = rig.joints.map(({ positionRad }) => positionRad);
  let sec = 0;
  rig.run(seconds, (output) => {
    sec += 1 / profile.controlRateHz;
    profile.joints.forEach(({ id, kind }, j) => {
      const { half = 0, times = 1 } = SHOWN_DEG[id] ?? {};
      const wish = (at: number): number => began[j]! + Math.min(1, at) * degToRad(half) * Math.sin((2 * Math.PI * times * at) / SHOWN_SEC);
      const [nmPerRad, nmsPerRad] = kind === 'forearm' || kind === 'wrist' ? [6, 0.12] : [100, 3];
      body.setPushNm(j, nmPerRad * (wish(sec) - body.limbRad(j)) + nmsPerRad * ((wish(sec + 1e-3) - wish(sec)) / 1e-3 - body.limbRadPerSec(j)));
    });
    writeCycleRow(row, 0, rig.inputs, rig.intent, output);
    for (const reader of Object.values(readers)) reader.row(row, 0);
  });
  expect(rig.output).toMatchObject({ state: 'running', cause: 'none' });
  return readers;
}

it('what was shown is repeated, whole and scaled, and fades in and out without a bump', async () => {
  const { whole: reader, once } = await show(4.5 * SHOWN_SEC);
  expect(once.result('too short')).toMatchObject({ ok: false, why: expect.stringContaining('it takes 3') as string });
  const shown = reader.result('across');
  if (!shown.ok) throw new Error(shown.why);
  const { trajectory } = shown;
  expect(trajectory.cycles).toBeGreaterThanOrEqual(3);
  expect(trajectory.cycleSec).toBeCloseTo(SHOWN_SEC, 1);
  expect(parseTrajectory(JSON.stringify(trajectory), 'shown.json', profile)).toEqual(trajectory);
  expect(() => checkSetup(profile, { ...setup, trajectory, parameters: { ...setup.parameters, mode: 'replay' } })).not.toThrow();

  const rig = await running('passiveMotion', { trajectory });
  const bumps = new WantedBumps(profile);
  rig.intent.mode = 'replay';
  rig.run(3, (output) => bumps.look(rig, output));
  const stepsBefore = rig.output.stepsRight;
  const whole = measureTracking(rig, 4);
  expect(rig.output.stepsRight).toBeGreaterThan(stepsBefore);
  for (const deg of whole.rmsDeg) expect(deg).toBeLessThan(1);
  profile.joints.forEach(({ id }, j) => expect(Math.abs(whole.rangeDeg[j]! - 2 * (SHOWN_DEG[id]?.half ?? 0))).toBeLessThan(5));
  rig.intent.romScale.fill(0.7);
  rig.run(2);
  const elbow = profile.joints.findIndex(({ id }) => id === 'elbow');
  expect(Math.abs(measureTracking(rig, 4).rangeDeg[elbow]! - 0.7 * 2 * SHOWN_DEG['elbow']!.half)).toBeLessThan(5);
  rig.intent.mode = 'passiveMotion';
  const back = new WantedBumps(profile);
  rig.run(3, (output) => back.look(rig, output));
  expect(rig.output).toMatchObject({ state: 'running', cause: 'none' });
  expect([...bumps.found, ...back.found]).toEqual([]);
});

it('what goes too far is refused by name', () => {
  const joints = profile.joints.map(({ id, homePositionDeg }) => ({ jointId: id, meanDeg: homePositionDeg, cosDeg: [id === 'elbow' ? 60 : 1], sinDeg: [0] }));
  const trajectory: Trajectory = { schemaVersion: 1, name: 'far', cycleSec: 2, cycles: 3, joints };
  expect(() => checkSetup(profile, { ...setup, trajectory })).toThrow(/elbow at \d+ % of the cycle is at/);
});
