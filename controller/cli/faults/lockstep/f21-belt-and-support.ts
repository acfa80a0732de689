import type { ActuatorOrder } from '../../../../sim/faults/actuators.ts';
import { ACT_MS, walkingModes, type Bench, type LockstepFault, type Variant } from './fault.ts';

/** Own values: a loose belt drive, and one that gives all it has; a rope that slips, and one that tears. */
const RUNAWAYS_MPS2 = [2, 6];
const RUNAWAY_MPS = 2;
const DROPS_N = [150, 500];
/** A belt that is slower hardly differs from one that is stuck. */
const SEEN_MPS = 0.15;

export const beltAndSupport: LockstepFault = {
  id: 'F21',
  what: 'the belt runs away, sticks or reports a fault; the support drops or reports a fault',
  bar: `stop ≤ ${ACT_MS} ms; belt and legs at rest ≤ 1 s, support locked`,
  modes: walkingModes,
  variants: ({ treadmill, bodyWeightSupport }) => [
    ...(treadmill === undefined
      ? []
      : [
          ...RUNAWAYS_MPS2.map((accelerationMps2) => variant(`the belt runs away with ${accelerationMps2} m/s²`, { kind: 'beltRunaway', accelerationMps2, toMps: RUNAWAY_MPS })),
          variant('the belt sticks', { kind: 'beltStuck' }, ({ rig }) => rig.robot.robot.truth().beltMps > SEEN_MPS),
          variant('the treadmill reports a fault', { kind: 'beltFault' }),
        ]),
    ...(bodyWeightSupport === undefined
      ? []
      : [...DROPS_N.map((dropN) => variant(`the support drops by ${dropN} N`, { kind: 'supportDrop', dropN }, ({ rig }) => !rig.robot.robot.truth().supportLocked)), variant('the support reports a fault', { kind: 'supportFault' })]),
  ],
};

/** @param canHappen a belt that stands cannot stick, nor a locked rope slip, e.g. because another fault has stopped the robot */
const variant = (name: string, order: ActuatorOrder, canHappen: (bench: Bench) => boolean = () => true): Variant => ({
  name,
  riskClass: 'B',
  wanted: 'protectiveStop',
  withinMs: ACT_MS,
  belt: true,
  exposure: () => {
    let happened = false;
    return { counts: (bench) => (happened ||= canHappen(bench)) };
  },
  inject: ({ rig }) => rig.robot.controls.fault(order),
  lift: ({ rig }) => rig.robot.controls.clearFaults(null),
});
