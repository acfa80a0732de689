import { degToRad } from '../../../../protocols/units.ts';
import type { SensorName } from '../../../../sim/faults/sensor.ts';
import { energisedModes, FRAME_MS, movingModes, type LockstepFault, type Variant } from './fault.ts';
import { whileCommanded } from './commanded-motion.ts';

const JUMPS_DEG = [5, -15];
const DRIFTS_DEG_PER_SEC = [5, -20];
/** Table: drift ≤ 3°. */
const DRIFT_DEG = 3;
/** A turned sign is only seen once the joint moves, and away from zero, where it makes the angle wrong by more than a drift may; own value, as for a stuck one. */
const FLIP_MS = 200;
const FLIP_COMMANDED = { aboveDegPerSec: 5, travelDeg: 90, awayDeg: DRIFT_DEG / 2 };

export const encodersPart: LockstepFault = {
  id: 'F06',
  what: 'an encoder jumps, drifts, or has its sign turned',
  bar: 'jump: the cycle of its frame; drift: ≤ 3°; sign: ≤ 200 ms of motion in which it is wrong by 3° or more, class B',
  modes: energisedModes,
  variants: (profile) => profile.joints.flatMap(({ id }, j) => (['jointEncoder', 'motorEncoder'] as const).flatMap((sensor) => variantsOf(id, j, sensor))),
};

function variantsOf(joint: string, j: number, sensor: SensorName): Variant[] {
  const base = { riskClass: sensor === 'motorEncoder' ? 'B' : 'A', wanted: 'protectiveStop', lift: ({ rig }) => rig.robot.controls.clearFaults(null) } as const satisfies Partial<Variant>;
  return [
    ...JUMPS_DEG.map((deg): Variant => ({ ...base, name: `${sensor} of ${joint} jumps ${deg}°`, withinMs: FRAME_MS, inject: ({ rig }) => rig.robot.controls.fault({ kind: 'sensor', sensor, joint, how: 'jump', size: degToRad(deg) }) })),
    ...DRIFTS_DEG_PER_SEC.map(
      (rate): Variant => ({
        ...base,
        name: `${sensor} of ${joint} drifts ${rate} °/s`,
        letsGo: j,
        withinMs: (DRIFT_DEG / Math.abs(rate)) * 1_000 + FRAME_MS,
        inject: ({ rig }) => rig.robot.controls.fault({ kind: 'sensor', sensor, joint, how: 'drift', size: degToRad(rate) }),
      }),
    ),
    {
      ...base,
      name: `${sensor} of ${joint} has its sign turned`,
      riskClass: 'B',
      withinMs: FLIP_MS,
      modes: movingModes,
      exposure: () => whileCommanded(j, FLIP_COMMANDED),
      inject: ({ rig }) => rig.robot.controls.fault({ kind: 'sensor', sensor, joint, how: 'flip' }),
    },
  ];
}
