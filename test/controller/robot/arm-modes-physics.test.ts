/** The training modes of one arm on the simulated body, through its drives' own wire format: what the person feels, and that no change of mode steps a torque. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { toRangeRad } from '../../../protocols/profile.ts';
import type { SessionSetup } from '../../../protocols/supervision.ts';
import { armModes, type ArmMode } from '../../../protocols/training-mode.ts';
import { mix } from '../../../protocols/math.ts';
import { degToRad, radToDeg } from '../../../protocols/units.ts';
import { parseSimulatedPatient } from '../../../sim/body/simulated-patient.ts';
import type { Muscles } from '../../../sim/body/muscles.ts';
import { armExo } from '../../sim/support/profile.ts';
import { Rig } from './robot-step-rig.ts';
import { everyPair, WantedBumps } from './support/bumps.ts';

const profile = armExo();
const setup: SessionSetup = {
  patientRef: 'test',
  bodyMassKg: 75,
  heightM: 1.8,
  permittedRangeRad: profile.joints.map((joint) => toRangeRad(joint.softRangeDeg)),
  parameters: { speedMps: 0.28, guidance: { left: 1, right: 1 }, romScale: profile.joints.map(() => 1), offsetRad: profile.joints.map(() => 0) },
  confirmed: { identity: true, side: true, consent: true, geometry: true, alarms: true },
};
const PERIOD_SEC = 1 / profile.controlRateHz;

const rigs: Rig[] = [];
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.robot.dispose();
});

async function training(mode: ArmMode, strength: number, muscles: Muscles = { kind: 'passive' }): Promise<Rig> {
  const rig = await Rig.of(profile, setup, { muscles });
  rigs.push(rig);
  Object.assign(rig.intent, { mode, speedMps: 0.28, guidanceLeft: strength, guidanceRight: strength });
  rig.until(({ readyBlocker }) => readyBlocker === 'none', 5);
  rig.command('arm');
  rig.run(1.5);
  rig.command('start');
  return rig;
}

describe('a transparent arm', () => {
  const COMES_SEC = 2;
  const SETTLE_SEC = 1.5;
  const MEASURE_SEC = 1;
  const END_SEC = 0.5;
  /** Of the person's own control of the joint that he moves, and of those that he holds. */
  const own = profile.joints.map(({ kind }) => (kind === 'forearm' || kind === 'wrist' ? { nmPerRad: 6, nmsPerRad: 0.12 } : { nmPerRad: 100, nmsPerRad: 3 }));

  it('is felt with less than 1 Nm at each joint, swung by 15° once per second, the arm’s own weight left to it', { timeout: 120_000 }, async () => {
    const rig = await training('transparent', 1);
    rig.until(({ blend }) => blend === 1, 5);
    Object.assign(rig.intent, { guidanceLeft: 0, guidanceRight: 0 });
    const { body } = rig.robot.robot;
    // Away from what holds a free joint off the ends of its range.
    const middleRad = profile.joints.map(({ softRangeDeg: { min, max } }) => degToRad((min + max) / 2));
    const beganRad = profile.joints.map((_, j) => body.limbRad(j));
    let come = 0;
    const swing = (moved: number, seconds: number, felt: (torqueNm: number) => void): void => {
      let sec = 0;
      rig.run(seconds, () => {
        sec += PERIOD_SEC;
        const grown = Math.min(1, sec / SETTLE_SEC, (seconds - sec) / END_SEC);
        come = Math.min(1, come + PERIOD_SEC / COMES_SEC);
        own.forEach(({ nmPerRad, nmsPerRad }, j) => {
          const wayRad = j === moved ? grown * degToRad(15) * Math.sin(2 * Math.PI * sec) : 0;
          const wayRadPerSec = j === moved ? grown * degToRad(15) * 2 * Math.PI * Math.cos(2 * Math.PI * sec) : 0;
          body.setPushNm(j, nmPerRad * (mix(beganRad[j]!, middleRad[j]!, come) + wayRad - body.limbRad(j)) + nmsPerRad * (wayRadPerSec - body.limbRadPerSec(j)));
        });
        if (moved >= 0 && sec > SETTLE_SEC && sec <= SETTLE_SEC + MEASURE_SEC) felt(body.cuffTorqueNm(moved));
      });
    };
    swing(-1, COMES_SEC + 1, () => {});

    expect(rig.output).toMatchObject({ state: 'running', blend: 1, action: 'none' });
    const feltNm = profile.joints.map((_, j) => {
      let [square, cycles, least, most] = [0, 0, Infinity, -Infinity];
      swing(j, SETTLE_SEC + MEASURE_SEC + END_SEC, (torqueNm) => {
        square += torqueNm * torqueNm;
        cycles++;
        least = Math.min(least, body.positionRad(j));
        most = Math.max(most, body.positionRad(j));
      });
      expect(most - least).toBeGreaterThan(degToRad(27));
      return Math.sqrt(square / cycles);
    });
    expect(rig.output).toMatchObject({ state: 'running', action: 'none' });
    for (const torqueNm of feltNm) expect(torqueNm).toBeLessThan(1);
  });
});

describe('a passive arm', () => {
  it.each([
    ['assistTorque', 4],
    ['assistStiffness', 7],
  ] as const)('is helped by %s to within %f degrees of the pattern, and is not led as firmly as it could be', { timeout: 120_000 }, async (mode, mostDeg) => {
    const rig = await training(mode, 1);
    rig.run(16);
    const squares = profile.joints.map(() => 0);
    let cycles = 0;
    rig.run(4, (output) => {
      cycles++;
      rig.joints.forEach(({ positionRad }, j) => (squares[j]! += (output.joints[j]!.referencePositionRad - positionRad) ** 2));
    });
    expect(rig.output).toMatchObject({ state: 'running', action: 'none' });
    const worstDeg = Math.max(...squares.map((sum) => radToDeg(Math.sqrt(sum / cycles))));
    expect(worstDeg).toBeGreaterThan(1);
    expect(worstDeg).toBeLessThan(mostDeg);

    // Let go without any support, it sinks and is caught before the end: no stop, and no joint at its limit of speed.
    Object.assign(rig.intent, { mode: 'transparent', guidanceLeft: 0, guidanceRight: 0 });
    let fastest = 0;
    rig.run(5, () => profile.joints.forEach(({ speedLimitDegPerSec }, j) => (fastest = Math.max(fastest, Math.abs(rig.joints[j]!.velocityRadPerSec) / degToRad(speedLimitDegPerSec)))));
    expect(rig.output).toMatchObject({ state: 'running', action: 'none' });
    expect(fastest).toBeLessThan(1);
    rig.joints.forEach(({ positionRad }, j) => expect(positionRad).toBeGreaterThan(setup.permittedRangeRad[j]!.min));
  });
});

describe('a change of mode', () => {
  it('from any to any, half faded in, steps no torque and stops nobody who takes part', { timeout: 120_000 }, async () => {
    const patient = parseSimulatedPatient(readFileSync('sim/patients/active.json', 'utf8'), 'active.json', profile.joints.map(({ id }) => id));
    const rig = await training('passiveMotion', 1, { kind: 'person', patient });
    rig.run(4);
    const bumps = new WantedBumps(profile);
    for (const mode of everyPair(armModes)) {
      rig.intent.mode = mode;
      rig.run(0.7, (output) => bumps.look(rig, output));
      expect({ ...rig.output, mode }).toMatchObject({ mode, state: 'running', action: 'none' });
    }
    expect(bumps.found).toEqual([]);
  });
});
