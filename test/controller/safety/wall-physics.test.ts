/** The edge of the range against the whole torque limit, on one joint with a limb: 0.1 ms steps, late readings, late torques. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { driveTorqueNm, Envelope } from '../../../controller/safety/envelope.ts';
import { createLimits, type JointLimits } from '../../../controller/safety/limits.ts';
import { emptyJointCommand } from '../../../protocols/joints.ts';
import { clamp } from '../../../protocols/math.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import type { JointProfile } from '../../../protocols/profile.ts';
import { radToDeg } from '../../../protocols/units.ts';
import { profile as orthosis } from './fixtures.ts';
import { armExo, footplates } from '../../sim/support/profile.ts';

const robot = parseProfile(readFileSync('hal/profiles/bench/three-buses.json', 'utf8'), 'three-buses.json');
const PERIOD_MS = 4;
/** A reading is a period old, and a command acts two periods after it was decided. */
const COMMAND_DELAY = 8 / PERIOD_MS;
const STEPS_PER_MS = 10;

interface Case {
  readonly joint: JointProfile;
  readonly limits: JointLimits;
  readonly inertiaKgM2: number;
  /** Of the profile's friction, what the joint really has. */
  readonly friction: number;
  /** Of the range. */
  readonly start: number;
  /** Wanted all the time. */
  readonly torqueNm: number;
  /** Of a person who pushes at the limb all the time; none without it. */
  readonly pushNm?: number;
}

interface Way {
  /** How far the joint went beyond its permitted range in 2 s; negative: it stayed inside. */
  readonly beyondDeg: number;
  /** How far it still goes to and fro in the last 0.3 s. */
  readonly restlessDeg: number;
}

function go({ joint, limits, inertiaKgM2, friction, start, torqueNm, pushNm = 0 }: Case): Way {
  const envelope = new Envelope([limits], PERIOD_MS / 1000);
  const { permitted } = limits;
  let positionRad = permitted.min + start * (permitted.max - permitted.min);
  let velocityRadPerSec = 0;
  let before = { positionRad, velocityRadPerSec, trusted: true };
  const commands = Array.from({ length: COMMAND_DELAY }, () => ({ ...emptyJointCommand(), positionRad }));
  const torques = Array.from({ length: COMMAND_DELAY }, () => 0);
  let beyondRad = -Infinity;
  let [least, most] = [Infinity, -Infinity];
  const viscous = friction * joint.viscousFrictionNmsPerRad;
  for (let ms = 0; ms < 2_000; ms++) {
    if (ms % PERIOD_MS === 0) {
      envelope.apply({ joints: [{ ...emptyJointCommand(), positionRad: before.positionRad, torqueNm }] }, [before], true);
      const out = envelope.permitted.joints[0]!;
      commands.push({ ...out });
      torques.push(driveTorqueNm(out, before));
      before = { positionRad, velocityRadPerSec, trusted: true };
    }
    const command = commands[commands.length - 1 - COMMAND_DELAY]!;
    for (let step = 0; step < STEPS_PER_MS; step++) {
      const driven = limits.edge.rendered ? driveTorqueNm(command, { positionRad, velocityRadPerSec, trusted: true }) : torques[torques.length - 1 - COMMAND_DELAY]!;
      const coulomb = friction * joint.coulombFrictionNm * clamp(velocityRadPerSec / 1e-3, -1, 1);
      const netNm = pushNm + clamp(driven, -limits.torqueNm, limits.torqueNm) - viscous * velocityRadPerSec - coulomb;
      velocityRadPerSec += netNm / inertiaKgM2 / (1000 * STEPS_PER_MS);
      positionRad += velocityRadPerSec / (1000 * STEPS_PER_MS);
    }
    beyondRad = Math.max(beyondRad, positionRad - permitted.max, permitted.min - positionRad);
    if (ms >= 1_700) [least, most] = [Math.min(least, positionRad), Math.max(most, positionRad)];
  }
  return { beyondDeg: radToDeg(beyondRad), restlessDeg: radToDeg(most - least) };
}

const INERTIAS_KGM2: Readonly<Record<JointProfile['kind'], readonly number[]>> = {
  hip: [1.5, 2, 4, 6.35],
  knee: [0.45, 0.7, 1.2, 1.55],
  ankle: [0.06, 0.1, 0.16],
  shoulderHorizontal: [0.33, 0.8, 1.83],
  shoulderElevation: [0.38, 0.8, 1.78],
  shoulderRotation: [0.065, 0.15, 0.34],
  elbow: [0.09, 0.15, 0.3],
  forearm: [0.012, 0.02, 0.028],
  wrist: [0.0105, 0.015, 0.023],
  foreAft: [2.29, 3, 4],
  vertical: [0.37, 0.8, 1.3],
  pitch: [0.21, 0.25, 0.28],
};
const STARTS = [0.03, 0.27, 0.5, 0.8, 0.97];

/** Every way out that a limb can be driven on. */
function* waysOut(joint: JointProfile, limits: JointLimits, frictions: readonly number[]): Generator<Case> {
  for (const inertiaKgM2 of INERTIAS_KGM2[joint.kind])
    for (const friction of frictions)
      for (const start of STARTS) for (const torqueNm of [limits.torqueNm, -limits.torqueNm]) yield { joint, limits, inertiaKgM2, friction, start, torqueNm };
}

/** @returns which limbs leave the range by more than 1°, or never come to rest on its edge */
function notHeld(joint: JointProfile, limits: JointLimits): string[] {
  return [...waysOut(joint, limits, [0.5, 1])].flatMap((trial) => {
    const { beyondDeg, restlessDeg } = go(trial);
    const held = beyondDeg <= 1 && restlessDeg <= 0.5;
    return held ? [] : [`${trial.inertiaKgM2} kg·m², ${trial.friction} of the friction, from ${trial.start} of the range, ${trial.torqueNm} Nm: ${beyondDeg.toFixed(2)}° beyond, ${restlessDeg.toFixed(2)}° to and fro`];
  });
}

const limitsOf = (joint: JointProfile): JointLimits => createLimits({ ...robot, joints: [joint] }, null)[0]!;
const [hip, knee] = [orthosis.joints[0]!, orthosis.joints[1]!];
const torqueKnee = robot.joints[3]!;
const soft = (joint: JointProfile): JointProfile => ({ ...joint, stiffnessNmPerRad: 150 });
const asTorque = (joint: JointProfile): JointProfile => ({ ...joint, drive: { ...joint.drive, setPoint: 'torque' } }) as JointProfile;

describe('the edge of the range holds against the whole torque limit, light or heavy limb, half or full friction, from anywhere', () => {
  it.each([
    ['a hip whose drive renders an impedance', hip],
    ['a knee whose drive renders an impedance', knee],
    ['a soft knee whose drive renders an impedance', soft(knee)],
    ['a hip whose drive takes a torque', asTorque(hip)],
    ['a knee whose drive takes a torque', torqueKnee],
    ...footplates().joints.slice(0, 3).map((joint): [string, JointProfile] => [`the ${joint.kind} of a footplate`, joint]),
    ...armExo().joints.map((joint): [string, JointProfile] => [`the ${joint.kind} of an arm`, joint]),
  ])('%s', (_, joint) => {
    expect(notHeld(joint, limitsOf(joint))).toEqual([]);
  });

  // The other edge's speed rule once left a wrist 1.3 Nm to hold itself with, and who pushed with 6 Nm had it where he liked.
  it.each(armExo().joints.map((joint): [string, JointProfile] => [joint.kind, joint]))('the %s of an arm is held at its edge, and at rest, against who pushes with all that it may hold', (_, joint) => {
    const limits = limitsOf(joint);
    for (const inertiaKgM2 of INERTIAS_KGM2[joint.kind])
      for (const outward of [1, -1]) {
        const { beyondDeg, restlessDeg } = go({ joint, limits, inertiaKgM2, friction: 0.5, start: 0.5 + 0.47 * outward, torqueNm: 0, pushNm: outward * joint.interactionLimitNm });
        expect(beyondDeg).toBeLessThan(1.15 * radToDeg(joint.interactionLimitNm / joint.stiffnessNmPerRad));
        expect(restlessDeg).toBeLessThan(0.5);
      }
  });

  it('by the speed rule alone where there is no viscous friction, so that no spring would be passive', () => {
    const joint = { ...torqueKnee, viscousFrictionNmsPerRad: 0 };
    expect(limitsOf(joint).edge.stiffnessNmPerRad).toBe(0);
    expect(notHeld(joint, limitsOf(joint))).toEqual([]);
  });

  it.each([
    ['a knee that takes a torque', torqueKnee],
    ['a soft knee that renders an impedance', soft(knee)],
  ])('and would not hold without the speed rule: %s', (_, joint) => {
    const limits = limitsOf(joint);
    const unruled = { ...limits, edge: { ...limits.edge, brakeNmsPerRad: 0, marginNmsPerRad: 1e9 } };
    const worst = Math.max(...[...waysOut(joint, unruled, [0.5])].map((trial) => go(trial).beyondDeg));
    expect(worst).toBeGreaterThan(5);
  });
});
