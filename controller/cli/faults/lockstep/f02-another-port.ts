import { US_PER_MS } from '../../../../protocols/units.ts';
import { energisedModes, jointsBehind, periodMsOf, releaseMsOf, type Bench, type LockstepFault, type Variant } from './fault.ts';

const KNOWN_WITHIN_CYCLES = 5;
/** Shorter and longer than what the host takes for silence, and than a watchdog. */
const GONE_MS = [12, 60, 300];

export const anotherPort: LockstepFault = {
  id: 'F02',
  what: 'a port goes and comes back at once, in part with other drives on it',
  bar: 'stop ≤ 5 cycles; 0 motions when it is back',
  modes: energisedModes,
  variants: (profile) =>
    profile.links.flatMap(({ id }) =>
      GONE_MS.flatMap((goneMs) =>
        [false, true].flatMap((exchanged): Variant[] => {
          if (exchanged && id === profile.hub.link) return [];
          const backAfter = Math.round((goneMs * US_PER_MS * profile.controlRateHz) / 1e6);
          return [
            {
              name: `${id} gone for ${goneMs} ms${exchanged ? ', other drives' : ''}`,
              riskClass: 'B',
              wanted: 'protectiveStop',
              withinMs: KNOWN_WITHIN_CYCLES * periodMsOf(profile),
              lost: { joints: jointsBehind(profile, id), withinMs: releaseMsOf(profile, id) },
              inject: ({ rig }) => rig.robot.controls.unplug(id),
              each: (bench, cycles) => {
                if (cycles === backAfter) comeBack(bench, id, exchanged);
              },
            },
          ];
        }),
      ),
    ),
};

export function comeBack({ rig }: Bench, link: string, exchanged: boolean): void {
  if (exchanged) rig.robot.controls.fault({ kind: 'swapIdentity', link });
  rig.robot.controls.plug(link);
}
