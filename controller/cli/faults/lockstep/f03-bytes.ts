import type { LineFaultOrder } from '../../../../sim/faults/catalogue.ts';
import type { RobotProfile } from '../../../../protocols/profile.ts';
import { energisedModes, FRAME_MS, type LockstepFault, type Variant } from './fault.ts';

const DIRECTIONS = ['toHost', 'toDevice'] as const;
type Order = LineFaultOrder extends infer O ? (O extends { link: string } ? Omit<O, 'link' | 'direction'> : never) : never;

/** Ten times the table's rate: hardly a line arrives whole, and a spoilt one without a checksum may look so. */
const FAILING_RATE = 1e-2;
/** Of 4 million frames of twenty-two bytes one arrives whole: the line is mute. */
const MUTE_SHARE = 0.5;
/** What a healthy controller may ride out, or stop for. */
const disturbances: readonly (readonly [string, Order])[] = [
  ['bit errors 1e-3', { kind: 'flipBits', rate: 1e-3 }],
  ['bit errors 1e-2', { kind: 'flipBits', rate: FAILING_RATE }],
  ['2 % lost', { kind: 'drop', rate: 0.02 }],
  ['50 % lost', { kind: 'drop', rate: MUTE_SHARE }],
  ['20 % split', { kind: 'split', rate: 0.2, delayMs: 6 }],
  ['20 % doubled', { kind: 'duplicate', rate: 0.2 }],
  ['20 % late and out of order', { kind: 'delay', rate: 0.2, delayMs: 10 }],
  ['all 30 ms late', { kind: 'delay', rate: 1, delayMs: 30 }],
];

const isMute = (order: Order): boolean => order.kind === 'drop' && order.rate >= MUTE_SHARE;

/** A link that fails is no disturbed one: its drives let go by their watchdogs. That of a hub takes the power with it, because its relay opens. */
const fails = (order: Order, direction: (typeof DIRECTIONS)[number], ofHub: boolean): boolean =>
  (isMute(order) || (order.kind === 'flipBits' && order.rate >= FAILING_RATE)) && (direction === 'toDevice' || ofHub);

/** A drive that hears nothing answers nothing; a hub that hears nothing opens the relay, which it tells. */
const muteMs = ({ hub, watchdogs }: RobotProfile, link: string, direction: (typeof DIRECTIONS)[number]): number =>
  (direction === 'toDevice' && link === hub.link ? hub.heartbeatTimeoutMs + 20 : watchdogs.inputMaxAgeMs) + FRAME_MS;

/** A SYNC is six characters: one in 64 arrives, and is answered. That the drives get no set-point shows when they let go by their watchdogs, at the latest. */
function hardlyMs(profile: RobotProfile, link: string, direction: (typeof DIRECTIONS)[number]): number {
  const watchdogsMs = profile.joints.flatMap(({ drive }) => (direction === 'toDevice' && drive.link === link && drive.protocol === 'cia402' ? [drive.watchdogMs] : []));
  return Math.max(0, ...watchdogsMs) + muteMs(profile, link, direction);
}

export const disturbedBytes: LockstepFault = {
  id: 'F03',
  what: 'bytes lost, split, doubled, late, with bit errors; a mute line',
  bar: 'class A holds (links without a checksum too; one bit in a hundred spoilt or half of the bytes lost on the way to a device, or from the hub, is a link that fails, class B); missing for longer than the profile’s limit: stop',
  modes: energisedModes,
  variants: (profile) =>
    profile.links.flatMap(({ id: link }) =>
      DIRECTIONS.flatMap((direction): Variant[] => [
        ...disturbances.map(
          ([name, order]): Variant => ({
            name: `${name} ${direction} ${link}`,
            link,
            riskClass: fails(order, direction, link === profile.hub.link) ? 'B' : 'A',
            unchecked: direction === 'toDevice',
            lapses: fails(order, direction, false) && !isMute(order),
            wanted: 'protectiveStop',
            withinMs: isMute(order) ? hardlyMs(profile, link, direction) : Infinity,
            inject: ({ rig }) => rig.robot.controls.fault({ ...order, link, direction }),
            lift: ({ rig }) => rig.robot.controls.clearFaults(link),
          }),
        ),
        {
          name: `mute ${direction} ${link}`,
          link,
          riskClass: 'B',
          wanted: 'protectiveStop',
          withinMs: muteMs(profile, link, direction),
          inject: ({ rig }) => rig.robot.controls.fault({ kind: 'mute', link, direction }),
          lift: ({ rig }) => rig.robot.controls.clearFaults(link),
        },
      ]),
    ),
};
