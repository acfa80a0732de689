import { energisedModes, walkingModes, type LockstepFault, type Variant } from './fault.ts';

const TORQUES_NM = [20, 40, 60];
const RISES_MS = [50, 100, 200];
const HOLD_MS = 500;
/** Table: ≤ 100 ms from the onset, which is a true torque above 5 Nm; minimum jerk reaches that late in a slow rise. */
const ACT_MS = 100;
const ONSET_NM = 5;
/** Where 10u³ − 15u⁴ + 6u⁵ reaches a share, to a hundredth. */
const riseShare = (share: number): number => {
  let u = 0;
  while (u < 1 && u * u * u * (10 - u * (15 - 6 * u)) < share) u += 0.01;
  return u;
};

export const push: LockstepFault = {
  id: 'F17',
  what: 'the patient pushes with 20, 40 or 60 Nm, or the limb is held fast',
  bar: 'soften or worse ≤ 100 ms after the true torque passes 5 Nm, in ≥ 99 % of cases; cuff torque ≤ limit + 10 %',
  modes: walkingModes,
  share: 0.99,
  variants: (profile) =>
    profile.joints.flatMap(({ id: joint }): Variant[] => [
      ...TORQUES_NM.flatMap((torqueNm) =>
        RISES_MS.flatMap((riseMs) =>
          [1, -1].map(
            (sign): Variant => ({
              name: `${sign * torqueNm} Nm in ${riseMs} ms at ${joint}`,
              riskClass: 'C',
              wanted: 'soften',
              withinMs: riseShare(ONSET_NM / torqueNm) * riseMs + ACT_MS,
              pushed: true,
              inject: ({ rig }) => rig.robot.controls.fault({ kind: 'push', joint, torqueNm: sign * torqueNm, riseMs, holdMs: HOLD_MS }),
              lift: ({ rig }) => rig.robot.controls.clearFaults(null),
            }),
          ),
        ),
      ),
      { name: `${joint} held fast`, riskClass: 'C', wanted: 'soften', withinMs: Infinity, pushed: true, modes: energisedModes, inject: ({ rig }) => rig.robot.controls.fault({ kind: 'block', joint }), lift: ({ rig }) => rig.robot.controls.clearFaults(null) },
    ]),
};
