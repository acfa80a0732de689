import { describe, expect, it } from 'vitest';
import { driveTorqueNm, Envelope } from '../../../controller/safety/envelope.ts';
import { createLimits, type JointLimits } from '../../../controller/safety/limits.ts';
import { slackenSpring } from '../../../controller/safety/steer.ts';
import { emptyJointCommand, type JointCommand } from '../../../protocols/joints.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { degToRad } from '../../../protocols/units.ts';
import { armExo, gaitExo } from '../../sim/support/profile.ts';

const profile = gaitExo();
const [, knee, ankle] = createLimits(profile, null) as readonly [JointLimits, JointLimits, JointLimits];
const PERIOD_SEC = 1 / profile.controlRateHz;
const DEAD_TIME_SEC = 3 * PERIOD_SEC;

/** What the envelope lets through after some cycles in which a joint is driven down past its range with this speed, held back by a firm spring. */
function held(limits: JointLimits, radPerSec: number): { readonly out: JointCommand; readonly nowNm: number; readonly laterNm: number } {
  const envelope = new Envelope([limits], PERIOD_SEC);
  const positionRad = limits.permitted.min - degToRad(1);
  const at = (rad: number) => ({ positionRad: rad, velocityRadPerSec: -radPerSec, trusted: true });
  const desired = { ...emptyJointCommand(), positionRad: limits.permitted.min, stiffnessNmPerRad: limits.stiffnessNmPerRad, torqueNm: limits.torqueNm };
  for (let n = 0; n < 50; n++) envelope.apply({ joints: [desired] }, [at(positionRad)], true);
  const out = envelope.permitted.joints[0]!;
  return { out, nowNm: driveTorqueNm(out, at(positionRad)), laterNm: driveTorqueNm(out, at(positionRad - radPerSec * DEAD_TIME_SEC)) };
}

describe('a drive that holds back with its whole torque limit', () => {
  // A push of 40 Nm at an ankle: 45 Nm of 40.
  it('gives no more than R1 allows when a light limb is driven on until the next command acts', () => {
    for (const radPerSec of [6, 8, 9, 12]) {
      const { nowNm, laterNm } = held(ankle, radPerSec);
      expect(nowNm).toBeCloseTo(40, 9);
      expect(laterNm).toBeLessThanOrEqual(42 + 1e-9);
      // And no less: the spring keeps what fits.
      expect(laterNm).toBeCloseTo(42, 9);
    }
  });

  it('keeps its spring where the limb is slow, goes with the torque, or is as heavy as a leg', () => {
    const slow = held(ankle, 0.5);
    expect(slow.out.stiffnessNmPerRad).toBe(120);
    expect(held(knee, 6).out.stiffnessNmPerRad).toBe(300);
    const along = { ...emptyJointCommand(), stiffnessNmPerRad: 120, torqueNm: 40 };
    slackenSpring(40, 0, 9, ankle, along);
    expect([along.stiffnessNmPerRad, along.torqueNm]).toEqual([120, 40]);
  });

  it('is that of a foot, and of no joint of a leg or an arm, nor one that the host makes', () => {
    const springs = (robot: RobotProfile): string[] => createLimits(robot, null).flatMap(({ edge, id }) => (edge.springs ? [id] : []));
    expect([springs(profile), springs(armExo())]).toEqual([['ankleLeft', 'ankleRight'], []]);
    const damped = profile.joints.map((joint) => ({ ...joint, dampingNmsPerRad: 4 }));
    const byHost = profile.joints.map((joint) => ({ ...joint, drive: { ...joint.drive, setPoint: 'torque' } }));
    for (const joints of [damped, byHost]) expect(springs({ ...profile, joints } as RobotProfile)).toEqual([]);
  });

  it('has no spring left where there is no room at all, and no more feed-forward than its limit', () => {
    const out = { ...emptyJointCommand(), positionRad: 1, stiffnessNmPerRad: 120, torqueNm: -60 };
    slackenSpring(60, 0, -9, ankle, out);
    expect([out.stiffnessNmPerRad, out.torqueNm]).toEqual([0, 40]);
  });
});
