import { whileCommanded } from './commanded-motion.ts';
import { movingModes, type LockstepFault } from './fault.ts';

/** Table: at most 200 ms of commanded motion above 5 °/s. */
const WITHIN_MS = 200;
/** Own value: a softly led leg that resists may stand although it is told to move. Two healthy encoders leave half of that between them. */
const COMMANDED = { aboveDegPerSec: 5, travelDeg: 2, trueTravelDeg: 0.05 };

export const encoderStuck: LockstepFault = {
  id: 'F05',
  what: 'an encoder is stuck while its joint is commanded to move',
  bar: '≤ 2° of commanded travel (at least 3 cycles), ≤ 200 ms of motion above 5 °/s',
  modes: movingModes,
  variants: (profile) =>
    profile.joints.flatMap(({ id: joint }, j) =>
      (['jointEncoder', 'motorEncoder'] as const).map((sensor) => ({
        name: `${sensor} of ${joint}`,
        riskClass: sensor === 'motorEncoder' ? 'B' : 'A',
        wanted: 'protectiveStop',
        withinMs: WITHIN_MS,
        exposure: () => whileCommanded(j, COMMANDED),
        inject: ({ rig }) => rig.robot.controls.fault({ kind: 'sensor', sensor, joint, how: 'stuck' }),
        lift: ({ rig }) => rig.robot.controls.clearFaults(null),
      })),
    ),
};
