import { energisedModes, jointsBehind, periodMsOf, releaseMsOf, type LockstepFault } from './fault.ts';

const KNOWN_WITHIN_CYCLES = 5;

export const cablePulled: LockstepFault = {
  id: 'F01',
  what: 'a cable is pulled, and put back after the stop',
  bar: 'stop ≤ 5 cycles; lost drives without torque ≤ their watchdog; still when it is back',
  modes: energisedModes,
  variants: (profile) =>
    profile.links.map(({ id }) => ({
      name: `unplug ${id}`,
      link: id,
      riskClass: 'B',
      wanted: 'protectiveStop',
      withinMs: KNOWN_WITHIN_CYCLES * periodMsOf(profile),
      lost: { joints: jointsBehind(profile, id), withinMs: releaseMsOf(profile, id) },
      inject: ({ rig }) => rig.robot.controls.unplug(id),
      lift: ({ rig }) => rig.robot.controls.plug(id),
    })),
};
