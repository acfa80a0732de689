import { FRAME_MS, modes, type LockstepFault, type Variant } from './fault.ts';

/** A press that is over before anybody can have seen why. */
const SHORT_CYCLES = 10;

export const estop: LockstepFault = {
  id: 'F16',
  what: 'the emergency stop is pressed in every mode, and released alone',
  bar: '≤ 2 cycles; latched, nothing moves when it is released',
  modes,
  variants: () => {
    const base: Omit<Variant, 'name'> = {
      riskClass: 'B',
      wanted: 'emergencyStop',
      withinMs: FRAME_MS,
      inject: ({ rig }) => rig.robot.controls.estop(true),
    };
    return [
      { ...base, name: 'pressed', lift: ({ rig }) => rig.robot.controls.estop(false) },
      {
        ...base,
        name: 'pressed for a moment',
        each: ({ rig }, cycles) => {
          if (cycles === SHORT_CYCLES) rig.robot.controls.estop(false);
        },
      },
    ];
  },
};
