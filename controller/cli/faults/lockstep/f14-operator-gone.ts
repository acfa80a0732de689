import { energisedModes, periodMsOf, type LockstepFault } from './fault.ts';

/** Table: ≤ 2.5 s lease. */
const LEASE_MS = 2_500;

export const operatorGone: LockstepFault = {
  id: 'F14',
  what: 'the operator falls silent; the station is gone',
  bar: 'lease ≤ 2.5 s; station: 2 cycles after the pipe has closed',
  modes: energisedModes,
  variants: (profile) => [
    { name: 'lease not renewed', riskClass: 'A', wanted: 'protectiveStop', withinMs: LEASE_MS, inject: ({ rig }) => rig.leave(), lift: ({ rig }) => rig.comeBack() },
    {
      name: 'station gone',
      riskClass: 'A',
      wanted: 'protectiveStop',
      withinMs: 2 * periodMsOf(profile),
      inject: ({ rig }) => void (rig.loop.operator.stationConnected = false),
      lift: ({ rig }) => void (rig.loop.operator.stationConnected = true),
    },
  ],
};
