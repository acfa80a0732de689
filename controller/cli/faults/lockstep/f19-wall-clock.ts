import { energisedModes, type LockstepFault } from './fault.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365.25 * 24 * HOUR_MS;

export const wallClock: LockstepFault = {
  id: 'F19',
  what: 'the wall clock jumps: daylight saving, a year back and forth, no number',
  bar: 'nothing happens',
  modes: energisedModes,
  variants: () =>
    ([['an hour on', HOUR_MS], ['an hour back', -HOUR_MS], ['a year back', -YEAR_MS], ['to no time at all', Number.NaN]] as const).map(([name, jumpMs]) => {
      const now = Date.now;
      return { name, riskClass: 'A', wanted: 'none', withinMs: 0, inject: () => void (Date.now = () => now() + jumpMs), lift: () => void (Date.now = now) };
    }),
};
