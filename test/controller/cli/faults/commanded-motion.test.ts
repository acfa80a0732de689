import { expect, it } from 'vitest';
import { whileCommanded } from '../../../../controller/cli/faults/lockstep/commanded-motion.ts';
import type { Bench } from '../../../../controller/cli/faults/lockstep/fault.ts';
import { gaitOrthosis } from '../../../sim/support/profile.ts';

/** The first joint is told to go on by a degree per cycle with a spring and 3 Nm; it is where it was told before, and its motor gives so much. */
function benchOf(motorTorqueNm: number): (cycle: number) => Bench {
  return (cycle) => {
    const positionRad = cycle / 60;
    const command = { positionRad, velocityRadPerSec: 0, stiffnessNmPerRad: 60, dampingNmsPerRad: 0, torqueNm: 3 };
    const body = { positionRad: () => positionRad - 1 / 60, velocityRadPerSec: () => 4, motorTorqueNm: () => motorTorqueNm };
    return { profile: gaitOrthosis(), rig: { periodUs: 4_000, loop: { cycle: { output: { permitted: { enable: true, joints: [command] } } } }, robot: { robot: { body } } } } as unknown as Bench;
  };
}

it('counts only while the motor truly gives another torque than its drive is told', () => {
  const counted = (motorTorqueNm: number): number => {
    const exposure = whileCommanded(0, { aboveDegPerSec: 5, travelDeg: Infinity, offNm: 2.5 });
    return Array.from({ length: 10 }, (_, i) => exposure.counts(benchOf(motorTorqueNm)(i))).filter(Boolean).length;
  };
  // Told are 60 Nm/rad × 1/60 rad + 3 Nm.
  expect([4, 6.4, 1.6].map(counted)).toEqual([0, 0, 0]);
  expect([6.6, 1.4, Number.NaN].map(counted)).toEqual([9, 9, 9]);
});

it('counts only while the joint is truly away from zero', () => {
  // It is where it was told before: at 0°, 0.95°, 1.9° …
  for (const [awayDeg, cycles] of [[0, 9], [1.5, 7], [3, 5]] as const) {
    const exposure = whileCommanded(0, { aboveDegPerSec: 5, travelDeg: Infinity, awayDeg });
    expect(Array.from({ length: 10 }, (_, i) => exposure.counts(benchOf(0)(i))).filter(Boolean).length, `${awayDeg}°`).toBe(cycles);
  }
});
