import type { JointProfile } from '../../../../protocols/profile.ts';
import { energisedModes, guidedModes, otherWalkingModes, walkingModes, type LockstepFault, type Variant } from './fault.ts';

const TORQUES_NM = [20, 40, 60];
const RISES_MS = [50, 100, 200];
const HOLD_MS = 500;
/** Table: ≤ 100 ms from the onset, which is a true torque above 5 Nm; minimum jerk reaches that late in a slow rise. */
const ACT_MS = 100;
const ONSET_NM = 5;
/**
 * The table's torques are those of a leg, whose hip and knee are held with up to 45 Nm. Nobody has 60 Nm in a wrist, and a belt axis is asked
 * for more than a leg: another joint is pushed in proportion to what it may be held with. Own reading of the table.
 */
const LEG_LIMIT_NM = 45;
const legs: readonly JointProfile['kind'][] = ['hip', 'knee', 'ankle'];
const scaleOf = ({ kind, interactionLimitNm }: JointProfile): number => (legs.includes(kind) ? 1 : interactionLimitNm / LEG_LIMIT_NM);
/** Where 10u³ − 15u⁴ + 6u⁵ reaches a share, to a hundredth. */
const riseShare = (share: number): number => {
  let u = 0;
  while (u < 1 && u * u * u * (10 - u * (15 - 6 * u)) < share) u += 0.01;
  return u;
};

const UNGUIDED_RISE_MS = 100;

export const push: LockstepFault = {
  id: 'F17',
  what: 'the patient pushes with 20, 40 or 60 Nm, or the limb is held fast',
  bar: 'guided: soften or worse ≤ 100 ms after the true torque passes 5 Nm, in ≥ 99 % of cases; guided and transparent: cuff torque ≤ limit + 10 %, or the drive yields',
  modes: walkingModes,
  share: 0.99,
  variants: (profile) =>
    profile.joints.flatMap((jointProfile): Variant[] => {
      const { id: joint } = jointProfile;
      const scale = scaleOf(jointProfile);
      const pushOf = (torqueNm: number, riseMs: number): Pick<Variant, 'name' | 'riskClass' | 'wanted' | 'pushed' | 'pushedMs' | 'inject' | 'lift'> => ({
        name: `${Number(torqueNm.toFixed(1))} Nm in ${riseMs} ms at ${joint}`,
        riskClass: 'C',
        wanted: 'soften',
        pushed: true,
        pushedMs: 2 * riseMs + HOLD_MS,
        inject: ({ rig }) => rig.robot.controls.fault({ kind: 'push', joint, torqueNm, riseMs, holdMs: HOLD_MS }),
        lift: ({ rig }) => rig.robot.controls.clearFaults(null),
      });
      const torquesNm = TORQUES_NM.flatMap((torqueNm) => [scale * torqueNm, -scale * torqueNm]);
      return [
        ...torquesNm.flatMap((torqueNm) => RISES_MS.map((riseMs): Variant => ({ ...pushOf(torqueNm, riseMs), withinMs: riseShare((scale * ONSET_NM) / Math.abs(torqueNm)) * riseMs + ACT_MS, modes: guidedModes }))),
        // Table: guidance 30, 60 and 100 %. Otherwise the patient is there to move the robot: he may push as he likes, but is not held against.
        ...torquesNm.map((torqueNm): Variant => ({ ...pushOf(torqueNm, UNGUIDED_RISE_MS), withinMs: Infinity, modes: otherWalkingModes })),
        { name: `${joint} held fast`, riskClass: 'C', wanted: 'soften', withinMs: Infinity, pushed: true, modes: energisedModes, inject: ({ rig }) => rig.robot.controls.fault({ kind: 'block', joint }), lift: ({ rig }) => rig.robot.controls.clearFaults(null) },
      ];
    }),
};
