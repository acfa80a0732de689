/** Every combination of values at, just below and just above each bound goes through the envelope; what fails is named whole. */
import { describe, expect, it } from 'vitest';
import { driveTorqueNm, Envelope, type Measured } from '../../../controller/safety/envelope.ts';
import type { JointLimits } from '../../../controller/safety/limits.ts';
import type { JointCommand } from '../../../protocols/joints.ts';
import { limits, PERIOD_US } from './fixtures.ts';

const PERIOD_SEC = PERIOD_US / 1e6;
const EPSILON = 1e-7;
/** Rounding of the torque of an impedance, Nm. */
const ROUNDING_NM = 1e-6;

const around = (bound: number): number[] => [bound - EPSILON, bound, bound + EPSILON];

function* combinations(limit: JointLimits): Generator<{ is: Measured; want: JointCommand; before: number }> {
  const { permitted, hard, mechanical, speedRadPerSec: speed, torqueNm, stiffnessNmPerRad, dampingNmsPerRad } = limit;
  const middle = (permitted.min + permitted.max) / 2;
  for (const positionRad of [mechanical.min, hard.min, ...around(permitted.min), middle, ...around(permitted.max), hard.max, mechanical.max])
    for (const velocityRadPerSec of [-speed, 0, EPSILON, speed])
      for (const wantedRad of [-10, ...around(permitted.min), middle, ...around(permitted.max), 10])
        for (const stiffness of [0, stiffnessNmPerRad, stiffnessNmPerRad + EPSILON])
          for (const damping of [-EPSILON, dampingNmsPerRad, 1e3])
            for (const torque of [-1e3, ...around(-torqueNm), 0, ...around(torqueNm)])
              for (const before of [-torqueNm, torqueNm])
                yield { is: { positionRad, velocityRadPerSec, trusted: true }, want: { positionRad: wantedRad, velocityRadPerSec: Math.sign(wantedRad) * (speed + EPSILON), stiffnessNmPerRad: stiffness, dampingNmsPerRad: damping, torqueNm: torque }, before };
}

/** The bounds a second time, in words of their own. @returns what is broken; none: nothing */
function broken(limit: JointLimits, is: Measured, out: JointCommand): string | undefined {
  const torque = driveTorqueNm(out, is);
  const wall = (edgeRad: number): number => limit.stiffnessNmPerRad * (edgeRad - is.positionRad) - limit.dampingNmsPerRad * is.velocityRadPerSec;
  const rules: [string, boolean][] = [
    ['finite', Object.values(out).every(Number.isFinite)],
    ['range', out.positionRad >= limit.permitted.min && out.positionRad <= limit.permitted.max],
    ['speed', Math.abs(out.velocityRadPerSec) <= limit.speedRadPerSec],
    ['stiffness', out.stiffnessNmPerRad >= 0 && out.stiffnessNmPerRad <= limit.stiffnessNmPerRad + EPSILON / 10],
    ['damping', out.dampingNmsPerRad >= 0 && out.dampingNmsPerRad <= limit.dampingNmsPerRad + EPSILON / 10],
    ['feed-forward', Math.abs(out.torqueNm) <= limit.torqueNm],
    ['torque', Math.abs(torque) <= limit.torqueNm + ROUNDING_NM],
    ['upper wall', torque <= Math.max(0, wall(limit.permitted.max)) + ROUNDING_NM],
    ['lower wall', torque >= Math.min(0, wall(limit.permitted.min)) - ROUNDING_NM],
  ];
  return rules.find(([, holds]) => !holds)?.[0];
}

describe('at every bound at once', () => {
  it.each(limits.slice(0, 2).map((limit) => [limit.id, limit] as const))('the command for %s breaks none', (_, limit) => {
    const middle: Measured = { positionRad: (limit.permitted.min + limit.permitted.max) / 2, velocityRadPerSec: 0, trusted: true };
    const failures: string[] = [];
    let tried = 0;
    for (const { is, want, before } of combinations(limit)) {
      const envelope = new Envelope([limit], PERIOD_SEC);
      const out = envelope.permitted.joints[0]!;
      envelope.apply({ joints: [{ ...want, positionRad: middle.positionRad, stiffnessNmPerRad: 0, torqueNm: before }] }, [middle], true);
      for (let cycle = 0; cycle < 2; cycle++) {
        envelope.apply({ joints: [want] }, [is], true);
        const rule = broken(limit, is, out);
        if (rule !== undefined) failures.push(`${rule} is broken in cycle ${cycle} after ${before} Nm: ${JSON.stringify({ is, want, out, torqueNm: driveTorqueNm(out, is) })}`);
      }
      tried++;
    }
    expect(failures.slice(0, 3)).toEqual([]);
    expect(tried).toBeGreaterThan(30_000);
  });
});
