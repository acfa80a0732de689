import { ACT_MS, energisedModes, type LockstepFault } from './fault.ts';

export const beltAndSupport: LockstepFault = {
  id: 'F21',
  what: 'the belt runs away or sticks, the support drops',
  bar: `belt and legs slow down together, support locks; acts ≤ ${ACT_MS} ms`,
  modes: energisedModes,
  // No profile has a belt or a support that is driven, so there is nothing that could fail.
  variants: () => [],
};
