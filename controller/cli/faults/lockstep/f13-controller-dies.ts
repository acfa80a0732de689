import { energisedModes, type LockstepFault } from './fault.ts';

/** Table: ≤ 100 ms. */
const WITHIN_MS = 100;

export const controllerDies: LockstepFault = {
  id: 'F13',
  what: 'the controller runs no cycle any more',
  bar: 'all drives without torque ≤ 100 ms, by relay or watchdog',
  modes: energisedModes,
  variants: (profile) => [
    {
      name: 'no tick',
      riskClass: 'B',
      wanted: 'torqueOff',
      withinMs: WITHIN_MS,
      lost: { joints: profile.joints.map((_, j) => j), withinMs: WITHIN_MS },
      inject: ({ rig }) => void (rig.halted = true),
    },
  ],
};
