import { ACT_MS, energisedModes, type LockstepFault, type Variant } from './fault.ts';

export const babble: LockstepFault = {
  id: 'F11',
  what: 'a device babbles, with a fifth of its line or all of it',
  bar: 'all of the line: stop ≤ 100 ms (own value: what a silent device may take, and its buffers); class A or B holds',
  modes: energisedModes,
  variants: (profile) =>
    profile.links.flatMap(({ id: link }): Variant[] => [
      { name: `a fifth of ${link}`, link, riskClass: 'A', wanted: 'protectiveStop', withinMs: Infinity, inject: ({ rig }) => rig.robot.controls.fault({ kind: 'babble', link, direction: 'toHost', rate: 0.2 }), lift: ({ rig }) => rig.robot.controls.clearFaults(link) },
      { name: `all of ${link}`, link, riskClass: 'B', wanted: 'protectiveStop', withinMs: ACT_MS, inject: ({ rig }) => rig.robot.controls.fault({ kind: 'babble', link, direction: 'toHost', rate: 1 }), lift: ({ rig }) => rig.robot.controls.clearFaults(link) },
    ]),
};
