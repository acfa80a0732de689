/** Passive motion with an arm that goes exactly where it is told, and one that is somewhere else. */
import { describe, expect, it } from 'vitest';
import { ArmTherapy } from '../../../controller/therapy/arm-therapy.ts';
import { BRAKE_SHARE } from '../../../controller/therapy/therapy.ts';
import type { Task } from '../../../controller/therapy/therapy.ts';
import { toRangeRad } from '../../../protocols/profile.ts';
import { emptyIntent } from '../../../protocols/session-log.ts';
import { degToRad } from '../../../protocols/units.ts';
import { armExo } from '../../sim/support/profile.ts';

const PERIOD_US = 4_000;

function arm(side: 'left' | 'right' = 'right') {
  const profile = armExo(side);
  const permitted = profile.joints.map(({ softRangeDeg }) => toRangeRad(softRangeDeg));
  const intent = { ...emptyIntent(6), speedMps: 0.3, guidanceLeft: 1, guidanceRight: 1 };
  const setup = { patientRef: 'p', bodyMassKg: 75, heightM: 1.8, permittedRangeRad: permitted, parameters: { speedMps: 0.3, guidance: { left: 1, right: 1 }, romScale: [], offsetRad: [] } };
  const therapy = new ArmTherapy(profile, setup, permitted);
  const measured = profile.joints.map(({ homePositionDeg }) => ({ positionRad: degToRad(homePositionDeg), velocityRadPerSec: 0 }));
  const yielding = { left: false, right: false, interactionNm: new Float64Array(6) };
  let obeys = true;
  const run = (task: Task, seconds: number): { mostJumpRad: number } => {
    let mostJumpRad = 0;
    for (let n = 0; n < (seconds * 1e6) / PERIOD_US; n++) {
      therapy.update(task, measured, intent, PERIOD_US, true, yielding);
      therapy.desired.joints.forEach(({ positionRad, velocityRadPerSec }, j) => {
        const joint = measured[j]!;
        mostJumpRad = Math.max(mostJumpRad, Math.abs(positionRad - joint.positionRad));
        if (obeys) Object.assign(joint, { positionRad, velocityRadPerSec });
      });
    }
    return { mostJumpRad };
  };
  return { profile, therapy, intent, measured, yielding, run, disobey: () => (obeys = false) };
}

describe('passive motion', () => {
  it('is held where it is, then goes through its repetitions without a leap, and counts them', () => {
    const { therapy, run } = arm();
    expect(run('hold', 2).mostJumpRad).toBeLessThan(1e-9);
    // No joint does more than 120°/s: half a degree per cycle.
    expect(run('train', 30).mostJumpRad).toBeLessThan(degToRad(0.5));
    expect([therapy.clock.stepsLeft, therapy.clock.stepsRight]).toEqual([0, expect.toSatisfy((steps: number) => steps >= 2)]);
    expect(therapy.clock.distanceM).toBeGreaterThan(6);
  });

  it('of a left arm counts its repetitions on the left, and begins them at phase 0', () => {
    const { therapy, run } = arm('left');
    run('hold', 2);
    expect(therapy.clock.phase).toBe(0);
    run('train', 15);
    expect(therapy.clock.stepsLeft).toBeGreaterThan(0);
    expect(therapy.clock.stepsRight).toBe(0);
  });

  it('at no guidance has no spring and no damper, and carries the arm as it does when it leads', () => {
    const led = arm();
    const free = arm();
    free.intent.guidanceRight = 0;
    for (const { run, disobey } of [led, free]) {
      disobey();
      run('hold', 2);
      run('train', 20);
    }
    free.therapy.desired.joints.forEach(({ stiffnessNmPerRad, dampingNmsPerRad }, j) => {
      expect([stiffnessNmPerRad, dampingNmsPerRad]).toEqual([0, 0]);
      expect(led.therapy.desired.joints[j]!.stiffnessNmPerRad).toBeGreaterThan(0.05 * led.profile.joints[j]!.stiffnessNmPerRad);
    });
    expect(free.therapy.desired.joints[1]!.torqueNm).toBeGreaterThan(8);
  });

  it('at no guidance pushes back from the end of the range only', () => {
    const { therapy, intent, measured, run, disobey, profile } = arm();
    intent.guidanceRight = 0;
    disobey();
    run('hold', 2);
    run('train', 10);
    const before = therapy.desired.joints[3]!.torqueNm;
    measured[3]!.positionRad = degToRad(profile.joints[3]!.softRangeDeg.max);
    run('train', 0.01);
    expect(therapy.desired.joints[3]!.torqueNm - before).toBeLessThan(-5);
  });

  it('stops where the arm is, not where it should have been', () => {
    const { therapy, intent, measured, run, disobey } = arm();
    run('hold', 2);
    run('train', 10);
    intent.guidanceRight = 0;
    run('train', 3);
    disobey();
    measured.forEach((joint) => (joint.velocityRadPerSec = 0));
    measured[3]!.positionRad += 0.3;
    run('train', 0.2);
    run('hold', 3);
    expect(therapy.desired.joints[3]!.positionRad).toBeCloseTo(measured[3]!.positionRad, 3);
    expect(therapy.blend).toBe(0);
  });

  it('is lowered only once its brakes are seen closed', () => {
    const { therapy, run } = arm();
    run('hold', 2);
    run('train', 8);
    therapy.holdsOn = true;
    run('lower', 5);
    expect([therapy.braked, therapy.finished, therapy.supporting]).toEqual([true, false, true]);
    therapy.holdsOn = false;
    run('lower', 2);
    expect(therapy.finished).toBe(true);
    expect(therapy.desired.joints.map(({ stiffnessNmPerRad, torqueNm }) => [stiffnessNmPerRad, torqueNm])).toEqual(Array.from({ length: 6 }, () => [0, expect.closeTo(0, 9)]));
  });

  it('comes to rest within its share of the stop time', () => {
    const { therapy, run, profile } = arm();
    run('hold', 2);
    run('train', 7);
    expect(Math.max(...therapy.desired.joints.map(({ velocityRadPerSec }) => Math.abs(velocityRadPerSec)))).toBeGreaterThan(0.1);
    run('brake', (BRAKE_SHARE * profile.stop.maxTimeMs) / 1_000 + 0.01);
    expect(therapy.braked).toBe(true);
    for (const { velocityRadPerSec } of therapy.desired.joints) expect(velocityRadPerSec).toBeCloseTo(0, 6);
  });

  it('softens for whoever pushes: the reference goes with him, and nothing pulls back', () => {
    const { therapy, yielding, run } = arm();
    run('hold', 2);
    run('train', 8);
    yielding.right = true;
    yielding.interactionNm[3] = 10;
    run('train', 0.1);
    expect(therapy.desired.joints[3]!.stiffnessNmPerRad).toBe(0);
    expect(therapy.desired.joints[3]!.velocityRadPerSec).toBeCloseTo(0.15, 6);
  });
});
