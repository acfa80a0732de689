/** Passive motion with an arm that goes exactly where it is told, and one that is somewhere else. */
import { describe, expect, it } from 'vitest';
import { ARM_TUNING } from '../../../controller/therapy/arm-lane.ts';
import { ArmTherapy } from '../../../controller/therapy/arm-therapy.ts';
import { BRAKE_SHARE } from '../../../controller/therapy/therapy.ts';
import type { Task } from '../../../controller/therapy/therapy.ts';
import { toRangeRad } from '../../../protocols/profile.ts';
import { emptyIntent } from '../../../protocols/session-log.ts';
import { degToRad } from '../../../protocols/units.ts';
import { armBimanual, armExo, seenAtHome } from '../../sim/support/profile.ts';

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

  // 92 Nm went through the cuffs of a shoulder that is held with 20 Nm, when the brakes caught it at 147°/s.
  it('lets its brakes wait while somebody still moves it, until it stands or the drives would let go', () => {
    const stopped = (degPerSec: number): ReturnType<typeof arm> => {
      const one = arm();
      one.run('hold', 2);
      one.run('train', 7);
      one.yielding.right = true;
      one.disobey();
      for (const joint of one.measured) joint.velocityRadPerSec = 0;
      one.measured[0]!.velocityRadPerSec = degToRad(degPerSec);
      one.run('brake', (BRAKE_SHARE * one.profile.stop.maxTimeMs) / 1_000 + 0.01);
      return one;
    };
    expect([stopped(19).therapy.braked, stopped(-19).therapy.braked]).toEqual([true, true]);
    for (const degPerSec of [21, -147]) {
      const { therapy, run } = stopped(degPerSec);
      expect([therapy.braked, therapy.standing]).toEqual([false, true]);
      run('brake', 0.9);
      expect([therapy.braked, therapy.standing]).toEqual([false, true]);
      run('brake', 0.1);
      expect([therapy.braked, therapy.standing]).toEqual([true, false]);
      const released = stopped(degPerSec);
      released.measured[0]!.velocityRadPerSec = 0;
      expect(released.therapy.braked).toBe(true);
    }
    const fallen = stopped(-147);
    fallen.yielding.right = false;
    fallen.run('brake', 0.004);
    expect(fallen.therapy.braked).toBe(true);
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

describe('an arm that nobody leads', () => {
  it.each(['transparent', 'resist'] as const)('in the mode %s has no spring to the pattern, makes no repetition, and its pattern waits for it', (mode) => {
    const { therapy, intent, measured, run, disobey, profile } = arm();
    intent.mode = mode;
    disobey();
    run('hold', 2);
    run('train', 12);
    measured[3]!.positionRad += degToRad(30);
    run('train', 1);
    expect([therapy.clock.phase, therapy.clock.stepsRight, therapy.clock.distanceM]).toEqual([0, 0, 0]);
    expect([therapy.guidanceOf('right'), therapy.freeOf('right')]).toEqual([0, 1]);
    expect(therapy.desired.joints[3]!.stiffnessNmPerRad).toBeLessThanOrEqual(mode === 'resist' ? 0.03 * profile.joints[3]!.stiffnessNmPerRad : 0);
    intent.mode = 'passiveMotion';
    // It is fetched from where the person has it; the spring of the resistance still aims at the posture at rest.
    const { mostJumpRad } = run('train', 0.004);
    expect(mostJumpRad).toBeLessThan(degToRad(mode === 'transparent' ? 0.5 : 30.5));
    run('train', 6);
    expect(therapy.clock.phase).toBeGreaterThan(0.1);
    expect(therapy.freeOf('right')).toBe(0);
  });

  it('has as much of its weight carried as the therapist says while it is not felt, and all of it while it is resisted', () => {
    const carriedNm = (mode: 'transparent' | 'resist' | 'passiveMotion', strength: number): number => {
      const { therapy, intent, run, disobey } = arm();
      Object.assign(intent, { mode, guidanceLeft: strength, guidanceRight: strength, speedMps: 0.05 });
      disobey();
      run('hold', 2);
      run('train', 3.1);
      return therapy.desired.joints[1]!.torqueNm;
    };
    const [none, half, whole] = [0, 0.5, 1].map((strength) => carriedNm('transparent', strength));
    expect(whole! - none!).toBeGreaterThan(5);
    expect(half! - none!).toBeCloseTo((whole! - none!) / 2, 3);
    expect(carriedNm('resist', 0)).toBeCloseTo(whole!, 3);
  });
});

it('an arm that leads the other has its weight carried at any strength', () => {
  const profile = armBimanual();
  const permitted = profile.joints.map(({ softRangeDeg }) => toRangeRad(softRangeDeg));
  const measured = profile.joints.map(({ homePositionDeg }) => ({ positionRad: degToRad(homePositionDeg), velocityRadPerSec: 0 }));
  const carriedNm = [0, 1].map((strength) => {
    const setup = { patientRef: 'p', bodyMassKg: 75, heightM: 1.8, permittedRangeRad: permitted, parameters: { speedMps: 0.2, guidance: { left: 1, right: 1 }, romScale: [], offsetRad: [] } };
    const therapy = new ArmTherapy(profile, setup, permitted, seenAtHome(profile));
    const intent = { ...emptyIntent(8), mode: 'leftLeads' as const, speedMps: 0.2, guidanceLeft: strength, guidanceRight: strength };
    for (let n = 0; n < 1_500; n++) therapy.update(n < 500 ? 'hold' : 'train', measured, intent, PERIOD_US, true, { left: false, right: false, interactionNm: new Float64Array(8) });
    return therapy.desired.joints[1]!.torqueNm;
  });
  expect(carriedNm[1]).toBeGreaterThan(5);
  expect(carriedNm[0]).toBeCloseTo(carriedNm[1]!, 6);
});

describe('an arm that is helped as needed', () => {
  it('by stiffness is led less by a factor e in the stated number of repetitions while it needs nothing, and keeps half of its weight carried', () => {
    const { therapy, intent, run, profile } = arm();
    intent.mode = 'assistStiffness';
    run('hold', 2);
    run('train', 3);
    while (therapy.clock.stepsRight < 1) run('train', 0.1);
    const before = therapy.guidanceOf('right');
    const [beforeNm] = [therapy.desired.joints[1]!.torqueNm];
    while (therapy.clock.stepsRight < 1 + 2 * ARM_TUNING.stiffnessForgettingCycles) run('train', 0.1);
    expect(therapy.guidanceOf('right') / before).toBeCloseTo(Math.exp(-2), 2);
    const { stiffnessNmPerRad, torqueNm } = therapy.desired.joints[1]!;
    expect(stiffnessNmPerRad / profile.joints[1]!.stiffnessNmPerRad).toBeLessThan(0.2);
    expect(torqueNm).toBeLessThan(beforeNm - 2);
    expect(torqueNm).toBeGreaterThan(0.4 * beforeNm);
  });
});
