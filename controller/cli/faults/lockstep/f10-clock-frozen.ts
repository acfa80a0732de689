import { energisedModes, type LockstepFault } from './fault.ts';

/** Table: 40 ms. */
const WITHIN_MS = 40;

export const clockFrozen: LockstepFault = {
  id: 'F10',
  what: 'the hub goes on with a clock and a sequence that stand',
  bar: '≤ 40 ms',
  modes: energisedModes,
  variants: () => [
    {
      name: 'hub clock',
      riskClass: 'A',
      wanted: 'protectiveStop',
      withinMs: WITHIN_MS,
      inject: ({ rig }) => rig.robot.controls.fault({ kind: 'hubClockFrozen' }),
      lift: ({ rig }) => rig.robot.controls.clearFaults(null),
    },
  ],
};
