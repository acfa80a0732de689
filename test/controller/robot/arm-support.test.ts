/** A robot that drives nothing, in lock-step: it measures a person who moves by himself, and nothing can make it move. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { prepareRobot } from '../../../controller/cli/lockstep-preparation.ts';
import { LockstepRig } from '../../../controller/cli/lockstep-rig.ts';
import { loadPatient } from '../../../controller/cli/patients.ts';
import { scriptSetup } from '../../../controller/cli/session-script.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { sensedJointsOf } from '../../../protocols/profile.ts';
import { inputsOf, layoutOf } from '../../../protocols/session-log.ts';
import { readCycleRow } from '../../../protocols/cycle-row.ts';
import { emptyIntent } from '../../../protocols/session-log.ts';
import type { SpringPart } from '../../../protocols/supervision.ts';
import { degToRad, radToDeg } from '../../../protocols/units.ts';
import { patientOf } from '../../../sim/body/human.ts';

const profile = parseProfile(readFileSync('hal/profiles/arm-support.json', 'utf8'), 'arm-support.json');
const ACTOR = 'test';
const ELEVATION = 1;
const HZ = profile.controlRateHz;

let rig: LockstepRig;
afterEach(() => rig.dispose());

/** A session is open, the patient sits in the robot. @param each looks at every cycle */
async function session(patient: string, springs: Record<SpringPart, number>, sink: (row: Float64Array, start: number) => void = () => {}): Promise<void> {
  rig = await LockstepRig.create({ profile, seed: 1, ...patientOf(loadPatient(`sim/patients/${patient}.json`, profile).patient), sink: { row: (row, start) => sink(row, start) } });
  rig.start();
  await prepareRobot(rig);
  rig.robot.robot.setSprings(springs);
  const script = { title: 't', profile: profile.id, patient: { ref: 'p', bodyMassKg: 75, heightM: 1.8 }, durationSec: 1, initial: { springs }, timeline: [] };
  rig.loop.openSession(scriptSetup(script, profile), { sessionId: 's', actor: ACTOR }, rig.nowUs);
}

async function cycles(count: number, each: () => void = () => {}): Promise<void> {
  for (let i = 0; i < count; i++) {
    await rig.cycle();
    each();
  }
}

const seen = () => rig.loop.cycle;

describe('an arm support', () => {
  it('needs no preparation, is ready with a session, and cannot be armed', async () => {
    await session('reaching', { upperArm: 3, forearm: 3 });
    await cycles(HZ);
    expect(rig.loop.preparation).toMatchObject({ prepared: true, tested: true });
    expect(seen().output).toMatchObject({ state: 'ready', action: 'none', readyBlocker: 'nothingDriven' });
    rig.loop.operator.command(rig.epoch, 'arm', ACTOR, rig.nowUs);
    await cycles(10);
    expect(seen().output).toMatchObject({ state: 'ready', permitted: { enable: false, joints: [] } });
    rig.loop.closeSession(rig.nowUs);
    rig.loop.operator.command(rig.epoch, 'prepare', ACTOR, rig.nowUs);
    await cycles(10);
    expect(seen().output.state).toBe('ready');
  });

  it('measures a person who reaches to 1°, believes it, and makes no torque', async () => {
    await session('reaching', { upperArm: 3, forearm: 3 });
    const range = sensedJointsOf(profile).map(() => ({ min: Infinity, max: -Infinity }));
    let [worstDeg, distrusted, strongestN] = [0, 0, 0];
    await cycles(10 * HZ, () => {
      const { inputs, output } = seen();
      strongestN = Math.max(strongestN, inputs.grip.forceN);
      inputs.sensed.forEach(({ positionRad }, i) => {
        worstDeg = Math.max(worstDeg, Math.abs(radToDeg(positionRad - rig.robot.robot.body.positionRad(i))));
        distrusted += Number(output.sensed[i]?.trusted !== true);
        const deg = radToDeg(positionRad);
        range[i] = { min: Math.min(range[i]!.min, deg), max: Math.max(range[i]!.max, deg) };
      });
    });
    expect(distrusted).toBe(0);
    expect(strongestN).toBeCloseTo(60, 0);
    expect(worstDeg).toBeLessThan(1);
    expect(range.map(({ min, max }) => max - min).slice(0, 4).every((deg) => deg > 12)).toBe(true);
    expect(rig.robot.robot.truth().joints.map(({ energised, lastTorqueUs }) => [energised, lastTorqueUs])).toEqual(sensedJointsOf(profile).map(() => [false, -1]));
  });

  it('records what it measured and at what the springs were set', async () => {
    const layout = layoutOf(profile);
    const [inputs, intent] = [inputsOf(profile), emptyIntent(0)];
    await session('reaching', { upperArm: 3, forearm: 2 }, (row, start) => readCycleRow(row.subarray(start, start + layout.width), 0, inputs, intent));
    await cycles(HZ);
    expect(inputs.sensed).toEqual(seen().inputs.sensed);
    expect(intent).toMatchObject({ sessionOpen: true, mode: 'free', springUpperArm: 3, springForearm: 2 });
    const { parameters } = rig.loop.operator;
    rig.loop.operator.setParameters({ epoch: rig.epoch, actor: ACTOR, parameters: { ...parameters!, springs: { upperArm: 6, forearm: 2 } } }, rig.nowUs);
    await cycles(2);
    expect(intent).toMatchObject({ springUpperArm: 6, springForearm: 2 });
    for (const wrong of [7, -1, 0.5]) expect(() => rig.loop.operator.setParameters({ epoch: rig.epoch, actor: ACTOR, parameters: { ...parameters!, springs: { upperArm: wrong, forearm: 2 } } }, rig.nowUs)).toThrow(/level/);
  });

  it('lifts a weak arm by its springs: with more of them it comes higher', async () => {
    const highest: number[] = [];
    for (const level of [0, 3, 5]) {
      await session('reaching-weak', { upperArm: level, forearm: level });
      let mostRad = -Infinity;
      await cycles(8 * HZ, () => (mostRad = Math.max(mostRad, rig.robot.robot.body.positionRad(ELEVATION))));
      highest.push(radToDeg(mostRad));
      if (level !== 5) rig.dispose();
    }
    expect(highest[1]! - highest[0]!).toBeGreaterThan(5);
    expect(highest[2]! - highest[1]!).toBeGreaterThan(5);
  });

  it('shows an emergency stop, loses its servos with their power, and measures again after it was acknowledged', async () => {
    await session('reaching', { upperArm: 3, forearm: 3 });
    await cycles(HZ);
    rig.robot.controls.estop(true);
    await cycles(HZ / 2);
    expect(seen().output).toMatchObject({ state: 'emergency', cause: 'estopOpen' });
    expect(seen().output.sensed.some(({ trusted }) => trusted)).toBe(false);
    rig.robot.controls.estop(false);
    await cycles(HZ);
    expect(seen().output.state).toBe('emergency');
    rig.loop.operator.command(rig.epoch, 'acknowledge', ACTOR, rig.nowUs);
    await cycles(2 * HZ);
    expect(seen().output.state).toBe('ready');
    expect(seen().output.sensed.every(({ trusted }) => trusted)).toBe(true);
  });

  it('does not believe a servo whose angle jumps, nor hides that it does not', async () => {
    await session('reaching', { upperArm: 3, forearm: 3 });
    await cycles(HZ);
    rig.robot.controls.fault({ kind: 'sensor', sensor: 'motorEncoder', joint: 'elbow', how: 'jump', size: degToRad(40) });
    await cycles(4);
    expect(seen().output.sensed.map(({ trusted }) => trusted)).toEqual([true, true, true, false, true, true]);
    expect(seen().output).toMatchObject({ state: 'ready', readyBlocker: 'nothingDriven' });
  });
});
