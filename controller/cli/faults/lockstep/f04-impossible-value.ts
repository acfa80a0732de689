import { sensorNames } from '../../../../sim/faults/sensor.ts';
import { energisedModes, FRAME_MS, jointIds, type LockstepFault } from './fault.ts';

export const impossibleValue: LockstepFault = {
  id: 'F04',
  what: 'a sensor says something impossible in a valid frame',
  bar: 'the cycle in which its frame comes (≤ 2 cycles after the onset); never acted on',
  modes: energisedModes,
  variants: (profile) =>
    jointIds(profile).flatMap((joint) =>
      sensorNames.map((sensor) => ({
        name: `${sensor} of ${joint}`,
        // A drive that closes its own loop on what is impossible does not obey.
        riskClass: sensor === 'motorEncoder' ? 'B' : 'A',
        wanted: 'protectiveStop',
        withinMs: FRAME_MS,
        inject: ({ rig }) => rig.robot.controls.fault({ kind: 'sensor', sensor, joint, how: 'invalid' }),
        lift: ({ rig }) => rig.robot.controls.clearFaults(null),
      })),
    ),
};
