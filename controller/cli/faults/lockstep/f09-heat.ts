import { energisedModes, type LockstepFault, type Variant } from './fault.ts';

/** Own value: the temperature must stand for a moment, because one reading is not heat; a winding needs seconds. */
const STOP_MS = 200;
/** Own value: a warning does not flicker. */
const WARN_MS = 1_100;

export const heat: LockstepFault = {
  id: 'F09',
  what: 'a winding gets as hot as it warns, or as it may be',
  bar: 'warning temperature: warn or derate; limit: stop ≤ 200 ms',
  modes: energisedModes,
  variants: (profile) =>
    profile.joints.flatMap(({ id: joint, drive }): Variant[] => [
      { name: `${joint} warm`, riskClass: 'A', wanted: 'warn', withinMs: WARN_MS, inject: ({ rig }) => rig.robot.controls.fault({ kind: 'heat', joint, tempC: (drive.tempWarnC + drive.tempLimitC) / 2 }) },
      { name: `${joint} too hot`, riskClass: 'B', wanted: 'protectiveStop', withinMs: STOP_MS, inject: ({ rig }) => rig.robot.controls.fault({ kind: 'heat', joint, tempC: drive.tempLimitC + 2 }) },
    ]),
};
