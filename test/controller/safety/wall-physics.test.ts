/** The wall of a drive that the host renders an impedance for, on one joint with a limb: 0.1 ms steps, late readings, late torques. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { driveTorqueNm, Envelope } from '../../../controller/safety/envelope.ts';
import { createLimits, type JointLimits } from '../../../controller/safety/limits.ts';
import { emptyJointCommand } from '../../../protocols/joints.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { clamp } from '../../../protocols/math.ts';
import { degToRad, radToDeg } from '../../../protocols/units.ts';
import { limits as orthosis } from './fixtures.ts';

const robot = parseProfile(readFileSync('hal/profiles/bench/three-buses.json', 'utf8'), 'three-buses.json');
const knee = createLimits(robot, null)[3]!;
const PERIOD_MS = 4;
/** A reading is a period old, and a torque acts two periods after it was decided. */
const TORQUE_DELAY_MS = 8;
const STEPS_PER_MS = 10;

interface Case {
  readonly limits: JointLimits;
  readonly inertiaKgM2: number;
  readonly viscousNmsPerRad: number;
  readonly startDeg: number;
  /** Wanted all the time. */
  readonly torqueNm: number;
}

/** @returns how far the joint went beyond its permitted range in 3 s, degrees; 0: it did not */
function farthestBeyondDeg({ limits, inertiaKgM2, viscousNmsPerRad, startDeg, torqueNm }: Case): number {
  const envelope = new Envelope([limits], PERIOD_MS / 1000);
  const { permitted } = limits;
  let positionRad = degToRad(startDeg);
  let velocityRadPerSec = 0;
  let before = { positionRad, velocityRadPerSec, trusted: true };
  const torques = [0, 0];
  let appliedNm = 0;
  let beyondRad = 0;
  for (let ms = 0; ms < 3_000; ms++) {
    if (ms % PERIOD_MS === 0) {
      envelope.apply({ joints: [{ ...emptyJointCommand(), positionRad: before.positionRad, torqueNm }] }, [before], true);
      torques.push(driveTorqueNm(envelope.permitted.joints[0]!, before));
      appliedNm = clamp(torques[torques.length - 1 - TORQUE_DELAY_MS / PERIOD_MS]!, -limits.torqueNm, limits.torqueNm);
      before = { positionRad, velocityRadPerSec, trusted: true };
    }
    for (let step = 0; step < STEPS_PER_MS; step++) {
      velocityRadPerSec += (appliedNm - viscousNmsPerRad * velocityRadPerSec) / inertiaKgM2 / (1000 * STEPS_PER_MS);
      positionRad += velocityRadPerSec / (1000 * STEPS_PER_MS);
    }
    beyondRad = Math.max(beyondRad, positionRad - permitted.max, permitted.min - positionRad);
  }
  return radToDeg(beyondRad);
}

describe('the wall of a drive that takes a torque only', () => {
  const { viscousFrictionNmsPerRad } = robot.joints[3]!;

  it('keeps its spring within passivity: the joint damps more than the spring gives through its delay', () => {
    const delaySec = (0.5 * PERIOD_MS) / 1000 + knee.braking.deadTimeSec;
    expect(viscousFrictionNmsPerRad).toBeGreaterThan(knee.wallStiffnessNmPerRad * delaySec);
    expect(knee.wallStiffnessNmPerRad).toBeCloseTo(54.3, 1);
  });

  it('is never stiffer than the profile lets', () => {
    const soft = { ...robot, joints: robot.joints.map((joint) => ({ ...joint, stiffnessNmPerRad: 20 })) };
    expect(createLimits(soft, null)[3]!.wallStiffnessNmPerRad).toBe(20);
  });

  it('damps critically the heaviest limb', () => {
    expect(knee.wallDampingNmsPerRad).toBeCloseTo(2 * Math.sqrt(knee.wallStiffnessNmPerRad * (1.2 + 0.35)), 9);
    const hip = createLimits({ ...robot, joints: robot.joints.map((joint) => ({ ...joint, kind: 'hip' as const })) }, null)[3]!;
    expect(hip.wallDampingNmsPerRad).toBeCloseTo(2 * Math.sqrt(hip.wallStiffnessNmPerRad * (6 + 0.35)), 9);
  });

  it('holds the range against the whole torque limit, wherever the joint starts, with half the friction and with none but it', () => {
    for (const inertiaKgM2 of [0.45, 0.7, 1.2, 1.55])
      for (const friction of [0.5, 1])
        for (const startDeg of [2, 20, 37, 60, 73])
          for (const torqueNm of [knee.torqueNm, -knee.torqueNm]) {
            const beyondDeg = farthestBeyondDeg({ limits: knee, inertiaKgM2, viscousNmsPerRad: friction * viscousFrictionNmsPerRad, startDeg, torqueNm });
            expect(beyondDeg, `${inertiaKgM2} kg·m², ${friction} of the friction, from ${startDeg}°, ${torqueNm} Nm`).toBeLessThanOrEqual(1);
          }
  });

  it('would not hold it by its spring alone, nor by the gains of the profile', () => {
    const trial = { inertiaKgM2: 1.2, viscousNmsPerRad: viscousFrictionNmsPerRad, startDeg: 20, torqueNm: knee.torqueNm };
    expect(farthestBeyondDeg({ ...trial, limits: { ...knee, wallDampingNmsPerRad: 0 } })).toBeGreaterThan(10);
    expect(farthestBeyondDeg({ ...trial, limits: { ...knee, wallStiffnessNmPerRad: knee.stiffnessNmPerRad, wallDampingNmsPerRad: knee.dampingNmsPerRad } })).toBeGreaterThan(10);
  });
});

it('a drive that renders an impedance itself renders the wall with the gains of its profile', () => {
  for (const limit of orthosis) expect([limit.wallStiffnessNmPerRad, limit.wallDampingNmsPerRad]).toEqual([limit.stiffnessNmPerRad, limit.dampingNmsPerRad]);
});
