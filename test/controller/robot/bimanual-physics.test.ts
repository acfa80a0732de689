/** Two arms on the simulated body, through their drives' own wire formats: who follows whom how well, what the leading arm feels, and that no change of mode steps a torque. */
import { afterEach, describe, expect, it } from 'vitest';
import { Rms } from '../../../controller/cli/bench/swing.ts';
import { createArmChain } from '../../../controller/estimation/arm-dynamics.ts';
import { turnsSideways } from '../../../controller/therapy/arm-roles.ts';
import { armsOf } from '../../../protocols/arm-profile.ts';
import { sensedJointsOf, toRangeRad } from '../../../protocols/profile.ts';
import type { StepOutput } from '../../../protocols/session-log.ts';
import type { SessionSetup } from '../../../protocols/supervision.ts';
import { bimanualModes, type TrainingMode } from '../../../protocols/training-mode.ts';
import { degToRad, radToDeg } from '../../../protocols/units.ts';
import { armBimanual } from '../../sim/support/profile.ts';
import { Rig } from './robot-step-rig.ts';
import { everyPair, WantedBumps } from './support/bumps.ts';

const profile = armBimanual();
const [left, right] = armsOf(profile.joints);
const of = { left: left!, right: right! };
const person = { bodyMassKg: 75, heightM: 1.8 };
const setup: SessionSetup = {
  patientRef: 'test',
  ...person,
  permittedRangeRad: profile.joints.map((joint) => toRangeRad(joint.softRangeDeg)),
  parameters: { speedMps: 0.2, guidance: { left: 1, right: 1 }, romScale: profile.joints.map(() => 1), offsetRad: profile.joints.map(() => 0) },
  confirmed: { identity: true, side: true, consent: true, geometry: true, alarms: true },
};
const AMPLITUDE_RAD = degToRad(15);
const PERIOD_SEC = 1 / profile.controlRateHz;
/** Of the person's own control of his arm. */
const [OWN_NM_PER_RAD, OWN_NMS_PER_RAD] = [60, 3];

const rigs: Rig[] = [];
afterEach(() => {
  for (const rig of rigs.splice(0)) rig.robot.dispose();
});

async function training(mode: TrainingMode, session = setup): Promise<Rig> {
  const rig = await Rig.of(profile, session);
  rigs.push(rig);
  Object.assign(rig.intent, { mode, speedMps: 0.2 });
  rig.until(({ readyBlocker }) => readyBlocker === 'none', 5);
  rig.command('arm');
  rig.run(1.5);
  rig.command('start');
  rig.run(5);
  expect(rig.output).toMatchObject({ state: 'running', blend: 1, action: 'none' });
  return rig;
}

/** The person swings all joints of one arm about where they are, each at a frequency of its own; what is measured once it goes evenly. */
function swing(rig: Rig, side: 'left' | 'right', hertz: number, seconds: number, measure: (output: StepOutput) => void): void {
  const { body } = rig.robot.robot;
  const { places } = of[side];
  const middleRad = places.map((j) => body.positionRad(j));
  let sec = 0;
  rig.run(seconds, (output) => {
    sec += PERIOD_SEC;
    const grown = Math.min(1, sec / 2, seconds - sec);
    places.forEach((j, place) => {
      const perSec = 2 * Math.PI * hertz * (1 - 0.05 * place);
      const wayRad = grown * AMPLITUDE_RAD * Math.sin(perSec * sec);
      const wayRadPerSec = grown * AMPLITUDE_RAD * perSec * Math.cos(perSec * sec);
      body.setPushNm(j, OWN_NM_PER_RAD * ((middleRad[place] ?? 0) + wayRad - body.positionRad(j)) + OWN_NMS_PER_RAD * (wayRadPerSec - body.velocityRadPerSec(j)));
    });
    if (sec > 4 && sec < seconds - 1) measure(output);
  });
  for (const j of places) body.setPushNm(j, 0);
}

/** What the device does to the person beside carrying his weight, per joint of one arm, Nm. */
function feltNm(rig: Rig, side: 'left' | 'right'): number[] {
  const arm = of[side];
  const { body } = rig.robot.robot;
  const angles = arm.places.map((j) => body.positionRad(j));
  const seen = sensedJointsOf(profile).map((_, i) => ({ positionRad: body.positionRad(profile.joints.length + i), velocityRadPerSec: 0 }));
  const gravity = (of: { bodyMassKg: number } | null): Float64Array => createArmChain(profile, arm, of, person.heightM, seen).gravity(angles, new Float64Array(angles.length));
  const [loaded, alone] = [gravity(person), gravity(null)];
  return arm.places.map((j, place) => body.cuffTorqueNm(j) + loaded[place]! - alone[place]!);
}

// Each side, and each sense, once.
describe('one arm leads', () => {
  it.each([
    ['leftLeads', 'left', 1],
    ['rightLeadsParallel', 'right', -1],
  ] as const)('in %s the other one is where it should be, to a degree, and the %s one is hardly held', async (mode, leader, sense) => {
    const rig = await training(mode);
    const follower = leader === 'left' ? 'right' : 'left';
    const [off, felt, moved] = [0, 1, 2].map(() => of[leader].places.map(() => new Rms()));
    swing(rig, leader, 0.5, 11, () => {
      feltNm(rig, leader).forEach((torqueNm, place) => felt![place]!.add(torqueNm));
      of[leader].kinds.forEach((kind, place) => {
        const homeRad = degToRad(profile.joints[of[leader].places[place]!]!.homePositionDeg);
        const ledRad = rig.joints[of[leader].places[place]!]!.positionRad - homeRad;
        const wantedRad = homeRad + (turnsSideways(kind) ? sense : 1) * ledRad;
        moved![place]!.add(ledRad);
        off![place]!.add(radToDeg(wantedRad - rig.joints[of[follower].places[place]!]!.positionRad));
      });
    });
    expect(rig.output).toMatchObject({ state: 'running', action: 'none' });
    for (const { value } of moved!) expect(value).toBeGreaterThan(0.5 * AMPLITUDE_RAD);
    for (const { value } of off!) expect(value).toBeLessThan(1);
    for (const { value } of felt!) expect(value).toBeLessThan(1.5);
  });
});

describe('both arms led along one path', () => {
  it('are each the other’s image in a mirror', async () => {
    const rig = await training('mirrorMotion');
    const apart = of.left.places.map(() => new Rms());
    const way = of.left.places.map(() => ({ least: Infinity, most: -Infinity }));
    rig.run(12, () => {
      of.left.places.forEach((j, place) => {
        const [one, other] = [rig.joints[j]!.positionRad, rig.joints[of.right.places[place]!]!.positionRad];
        apart[place]!.add(radToDeg(one - other));
        way[place] = { least: Math.min(way[place]!.least, one), most: Math.max(way[place]!.most, one) };
      });
    });
    for (const { least, most } of way) expect(most - least).toBeGreaterThan(degToRad(15));
    for (const { value } of apart) expect(value).toBeLessThan(0.5);
    expect(rig.output.stepsLeft).toBe(rig.output.stepsRight);
  });
});

describe('a change of mode', () => {
  it('from any to any, half faded in, steps no torque: not even what is wanted before the envelope', { timeout: 120_000 }, async () => {
    const rig = await training('mirrorMotion');
    const bumps = new WantedBumps(profile);
    for (const mode of everyPair(bimanualModes)) {
      rig.intent.mode = mode;
      rig.run(0.7, (output) => bumps.look(rig, output));
      expect({ ...rig.output, mode }).toMatchObject({ mode, state: 'running', action: 'none' });
    }
    expect(bumps.found).toEqual([]);
  });

  it('whole, after the person has moved, leads both back to the path', async () => {
    const rig = await training('leftLeads');
    const bumps = new WantedBumps(profile);
    swing(rig, 'left', 0.5, 3.5, () => {});
    rig.run(0.1, (output) => bumps.look(rig, output));
    for (const mode of ['mirrorMotion', 'rightLeadsParallel', 'mirrorMotion'] as const) {
      rig.intent.mode = mode;
      rig.run(6, (output) => bumps.look(rig, output));
      expect({ ...rig.output, mode }).toMatchObject({ mode, state: 'running', action: 'none' });
    }
    expect(bumps.found).toEqual([]);
    for (const [j, { positionRad }] of rig.joints.entries()) expect(Math.abs(radToDeg(positionRad - rig.output.joints[j]!.referencePositionRad))).toBeLessThan(2);
  });
});
