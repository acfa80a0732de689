import { ACT_MS, energisedModes, movingModes, type LockstepFault, type Variant } from './fault.ts';
import { whileCommanded } from './commanded-motion.ts';

/** A drive that holds its last set-point, or happens to give what it is told, cannot be told from an obeying one. Own value: half of what friction takes. */
const WHILE_MOVING = { aboveDegPerSec: 5, travelDeg: Infinity, offNm: 2.5 };

export const driveDisobeys: LockstepFault = {
  id: 'F08',
  what: 'a drive ignores commands, runs in another mode, reports what was, resets, loses its supply for a moment',
  bar: 'stop ≤ 100 ms; no motion by itself after the boot',
  modes: energisedModes,
  variants: (profile) =>
    profile.joints.flatMap(({ id: joint, drive: { link, address } }, j): Variant[] => [
      ...(['ignoreCommands', 'freezeRegisters', 'wrongMode'] as const).map(
        (kind): Variant => ({
          name: `${kind} ${joint}`,
          riskClass: 'B',
          wanted: 'protectiveStop',
          withinMs: ACT_MS,
          modes: movingModes,
          exposure: () => whileCommanded(j, WHILE_MOVING),
          inject: ({ rig }) => rig.robot.controls.fault({ kind, link, address }),
          lift: ({ rig }) => rig.robot.controls.clearFaults(null),
        }),
      ),
      { name: `reset ${joint}`, riskClass: 'B', wanted: 'protectiveStop', withinMs: ACT_MS, inject: ({ rig }) => rig.robot.controls.fault({ kind: 'reset', link, address }) },
      { name: `brown-out ${joint}`, riskClass: 'B', wanted: 'protectiveStop', withinMs: ACT_MS, inject: ({ rig }) => rig.robot.controls.fault({ kind: 'brownOut', joint }) },
    ]),
};
