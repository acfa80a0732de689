import { energisedModes, periodMsOf, type LockstepFault } from './fault.ts';

export const diskFull: LockstepFault = {
  id: 'F18',
  what: 'the recorder gives up (disk full)',
  bar: 'hold ≤ 2 cycles, smoothly; control goes on',
  modes: energisedModes,
  variants: (profile) => [
    {
      name: 'recorder failed',
      riskClass: 'A',
      wanted: 'hold',
      withinMs: 2 * periodMsOf(profile),
      inject: ({ rig }) => void (rig.loop.operator.recorderHealthy = false),
      lift: ({ rig }) => void (rig.loop.operator.recorderHealthy = true),
    },
  ],
};
