import { US_PER_MS } from '../../../../protocols/units.ts';
import { energisedModes, periodMsOf, type LockstepFault, type Variant } from './fault.ts';

const STALLS_MS = [50, 200, 1_000];

export const stall: LockstepFault = {
  id: 'F12',
  what: 'the loop stands still for 50, 200 or 1000 ms; the bytes of that time come at once; or all is a little late and in bursts',
  bar: 'stop with the first tick after it; drives without torque ≤ 100 ms by relay or watchdog; nothing old is acted on; a little late: nothing happens',
  modes: energisedModes,
  variants: (profile) => [
    { name: 'late and bursty bytes, late ticks', riskClass: 'A', wanted: 'none', withinMs: 0, inject: ({ rig, random }) => rig.beJittery(random) },
    ...STALLS_MS.map((stallMs): Variant => ({
      name: `${stallMs} ms`,
      riskClass: 'B',
      wanted: 'protectiveStop',
      withinMs: stallMs + periodMsOf(profile),
      inject: ({ rig }) => rig.stall(stallMs * US_PER_MS),
    })),
  ],
};
