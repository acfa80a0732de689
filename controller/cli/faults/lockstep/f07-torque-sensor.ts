import type { SensorFailure } from '../../../../sim/faults/sensor.ts';
import { movingModes, type LockstepFault, type Variant } from './fault.ts';
import { whileCommanded } from './commanded-motion.ts';

const WITHIN_MS = 300;
/** A stuck sensor is told from a working one only where the torque changes: while the joint moves. */
const WHILE_MOVING = { aboveDegPerSec: 5, travelDeg: Infinity };
const failures: readonly { readonly how: SensorFailure; readonly size?: number }[] = [{ how: 'stuck' }, { how: 'offset', size: 20 }, { how: 'offset', size: -30 }, { how: 'noise', size: 10 }];

export const torqueSensor: LockstepFault = {
  id: 'F07',
  what: 'a joint torque sensor is stuck, has an offset, or is noisy',
  bar: 'soften, then protectiveStop ≤ 300 ms (a stuck one: of motion)',
  modes: movingModes,
  variants: (profile) =>
    profile.joints.flatMap(({ id: joint }, j) =>
      failures.map(
        ({ how, size }): Variant => ({
          name: `torque sensor of ${joint}: ${how}${size === undefined ? '' : ` ${size} Nm`}`,
          riskClass: 'A',
          wanted: 'protectiveStop',
          withinMs: WITHIN_MS,
          ...(how === 'stuck' ? { exposure: () => whileCommanded(j, WHILE_MOVING) } : {}),
          inject: ({ rig }) => rig.robot.controls.fault({ kind: 'sensor', sensor: 'jointTorque', joint, how, ...(size === undefined ? {} : { size }) }),
          lift: ({ rig }) => rig.robot.controls.clearFaults(null),
        }),
      ),
    ),
};
