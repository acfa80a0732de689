/**
 * The same faults for a robot that only measures. There is no motion that they could spoil: what counts is what becomes of the readings. What
 * has no part there is left out: stuck encoders and torque sensors of driven joints, heat, a controller that is dead (it believes nothing and
 * shows nothing new), pushes, belt and support.
 */
import { linkOf, sensedJointsOf, type RobotProfile, type SensedJoint } from '../../../../protocols/profile.ts';
import { degToRad, US_PER_MS, US_PER_S } from '../../../../protocols/units.ts';
import { DxlWriter, encodeDxlWrite } from '../../../../protocols/wire/dynamixel.ts';
import { dxlTable } from '../../../../protocols/wire/dynamixel-table.ts';
import type { SensorFailure } from '../../../../sim/faults/sensor.ts';
import { cablePulled } from './f01-cable-pulled.ts';
import { anotherPort, comeBack } from './f02-another-port.ts';
import { disturbedBytes } from './f03-bytes.ts';
import { impossibleValue } from './f04-impossible-value.ts';
import { encodersPart } from './f06-encoders-part.ts';
import { driveDisobeys } from './f08-drive-disobeys.ts';
import { clockFrozen } from './f10-clock-frozen.ts';
import { babble } from './f11-babble.ts';
import { stall } from './f12-stall.ts';
import { operatorGone } from './f14-operator-gone.ts';
import { twoOperators } from './f15-two-operators.ts';
import { estop } from './f16-estop.ts';
import { diskFull } from './f18-disk-full.ts';
import { wallClock } from './f19-wall-clock.ts';
import { ACT_MS, FRAME_MS, periodMsOf, type LockstepFault, type Measuring, type Mode, type Variant } from './fault.ts';

const READY: readonly Mode[] = ['ready'];
const KNOWN_WITHIN_CYCLES = 5;
const GONE_MS = [12, 60, 300];
/** Own values: within what a joint moves in two cycles nobody can call it a jump. */
const JUMPS_DEG = [20, -40, 60];
const SMALL_JUMP_DEG = 4;
const DRIFTS_DEG_PER_SEC = [5, -20];

const places = (profile: RobotProfile): number[] => sensedJointsOf(profile).map((_, j) => j);
/** Joints that a link's fault keeps from being heard; that of the hub takes the servos' power with it. */
const behind = (profile: RobotProfile, link: string): readonly number[] => places(profile).filter((j) => link === profile.hub.link || linkOf(profile, joint(profile, j)) === link);

function joint(profile: RobotProfile, j: number): SensedJoint {
  const found = sensedJointsOf(profile)[j];
  if (found === undefined) throw new RangeError(`this robot measures no joint ${j}`);
  return found;
}

/** Until a servo without power is called silent. */
const silentMs = ({ hub, watchdogs }: RobotProfile, link: string): number => watchdogs.inputMaxAgeMs + FRAME_MS + (link === hub.link ? hub.heartbeatTimeoutMs + FRAME_MS : 0);

const measures = (variant: Variant, measured: Measuring, wanted: Variant['wanted'] = 'none', withinMs = 0): Variant => ({ ...variant, riskClass: 'A', wanted, withinMs, modes: READY, measured });

const ofLink = (fault: LockstepFault, bar: string, measuredOf: (profile: RobotProfile, link: string, variant: Variant) => Measuring): LockstepFault => ({
  ...fault,
  bar,
  modes: READY,
  variants: (profile) =>
    fault.variants(profile).map((variant) => {
      const { link = profile.hub.link } = variant;
      return measures(variant, { silences: behind(profile, link), hidesHub: link === profile.hub.link, ...measuredOf(profile, link, variant) });
    }),
});

/** Nothing that is measured has to do with it. */
const withoutEffect = (fault: LockstepFault): LockstepFault => ({ ...fault, bar: 'everything is believed on', modes: READY, variants: (profile) => fault.variants(profile).map((variant) => measures(variant, {})) });

const lasting = (fault: LockstepFault, bar: string): LockstepFault =>
  ofLink(fault, bar, (profile, link, { withinMs }) => (Number.isFinite(withinMs) ? { doubted: { joints: behind(profile, link), withinMs: Math.max(withinMs, silentMs(profile, link)), until: 'lifted' } } : {}));

const reopened: LockstepFault = {
  ...anotherPort,
  bar: 'in doubt ≤ 5 cycles (the servos’ link); the same servos are believed again, others never',
  modes: READY,
  variants: (profile) =>
    profile.links.flatMap(({ id }) =>
      GONE_MS.flatMap((goneMs) =>
        [false, true].flatMap((exchanged): Variant[] => {
          const ofHub = id === profile.hub.link;
          if (exchanged && ofHub) return [];
          const backAfter = Math.round((goneMs * US_PER_MS * profile.controlRateHz) / US_PER_S);
          const joints = behind(profile, id);
          const withinMs = KNOWN_WITHIN_CYCLES * periodMsOf(profile);
          const variant: Variant = {
            name: `${id} gone for ${goneMs} ms${exchanged ? ', other servos' : ''}`,
            riskClass: 'A',
            wanted: 'none',
            withinMs: 0,
            inject: ({ rig }) => rig.robot.controls.unplug(id),
            each: (bench, cycles) => {
              if (cycles === backAfter) comeBack(bench, id, exchanged);
            },
          };
          return [measures(variant, { silences: joints, hidesHub: ofHub, ...(ofHub ? {} : { doubted: { joints, withinMs, ...(exchanged ? { until: 'forGood' as const } : {}) } }) })];
        }),
      ),
    ),
};

function sensorVariant(profile: RobotProfile, j: number, name: string, seen: 'always' | 'byItsJump' | 'never', how: SensorFailure, size?: number): Variant {
  const { id, reading } = joint(profile, j);
  const sensor = reading.by === 'hub' ? 'jointEncoder' : 'motorEncoder';
  return {
    name: `${id} ${name}`,
    riskClass: 'A',
    wanted: 'none',
    withinMs: 0,
    modes: READY,
    measured: { spoils: { joint: j, seen }, ...(seen === 'never' ? {} : { doubted: { joints: [j], withinMs: FRAME_MS, until: 'lifted' } }) },
    inject: ({ rig }) => rig.robot.controls.fault({ kind: 'sensor', sensor, joint: id, how, ...(size === undefined ? {} : { size }) }),
    lift: ({ rig }) => rig.robot.controls.clearFaults(null),
  };
}

const impossible: LockstepFault = {
  ...impossibleValue,
  bar: 'in doubt in the cycle in which its frame comes (≤ 2 cycles), and while it goes on',
  modes: READY,
  variants: (profile) => places(profile).map((j) => sensorVariant(profile, j, 'impossible', 'always', 'invalid')),
};

const wrong: LockstepFault = {
  ...encodersPart,
  bar: 'a jump of 20° or more: in doubt in the cycle of its frame, until it jumps back. A smaller one, a drift, a turned sign, a stuck servo: one sensor per joint cannot show it',
  modes: READY,
  variants: (profile) =>
    places(profile).flatMap((j) => [
      ...JUMPS_DEG.map((deg) => sensorVariant(profile, j, `jumps ${deg}°`, 'byItsJump', 'jump', degToRad(deg))),
      sensorVariant(profile, j, `jumps ${SMALL_JUMP_DEG}°`, 'never', 'jump', degToRad(SMALL_JUMP_DEG)),
      ...DRIFTS_DEG_PER_SEC.map((rate) => sensorVariant(profile, j, `drifts ${rate} °/s`, 'never', 'drift', degToRad(rate))),
      sensorVariant(profile, j, 'has its sign turned', 'never', 'flip'),
      sensorVariant(profile, j, 'is stuck', 'never', 'stuck'),
    ]),
};

const servos: LockstepFault = {
  ...driveDisobeys,
  what: 'a servo’s torque comes on (another program on its bus), its registers stand, it resets or loses its supply for a moment',
  bar: `torque: torqueOff ≤ ${ACT_MS} ms, and it is off by then; registers that stand: in doubt as a silent one; a reset: in doubt for as long as it boots`,
  modes: READY,
  variants: (profile) =>
    places(profile).flatMap((j): Variant[] => {
      const { id, reading } = joint(profile, j);
      if (reading.by === 'hub') return [];
      const { link, address } = reading.servo;
      const base = { riskClass: 'A', wanted: 'none', withinMs: 0 } as const;
      const [silences, withinMs] = [[j], silentMs(profile, link)];
      const torqueOn = (): Uint8Array => {
        const out = new Uint8Array(64);
        return out.subarray(0, encodeDxlWrite(new DxlWriter(), address, dxlTable.torqueEnable.address, 1, dxlTable.torqueEnable.bytes, out, 0));
      };
      return [
        measures({ ...base, name: `torque of ${id} comes on`, inject: ({ rig }) => rig.robot.robot.receive(link, torqueOn(), rig.nowUs) }, { spoils: { joint: j, seen: 'always' }, silences: places(profile) }, 'torqueOff', ACT_MS),
        measures(
          { ...base, name: `registers of ${id} stand`, inject: ({ rig }) => rig.robot.controls.fault({ kind: 'freezeRegisters', link, address }), lift: ({ rig }) => rig.robot.controls.clearFaults(link) },
          { silences, doubted: { joints: silences, withinMs, until: 'lifted' } },
        ),
        measures({ ...base, name: `reset ${id}`, inject: ({ rig }) => rig.robot.controls.fault({ kind: 'reset', link, address }) }, { silences, doubted: { joints: silences, withinMs } }),
        measures({ ...base, name: `brown-out ${id}`, inject: ({ rig }) => rig.robot.controls.fault({ kind: 'brownOut', joint: id }) }, { silences, doubted: { joints: silences, withinMs } }),
      ];
    }),
};

const estopKnown: LockstepFault = {
  ...estop,
  bar: 'known ≤ 2 cycles; latched when it is released, until it is acknowledged; then all is believed again',
  modes: READY,
  variants: (profile) => estop.variants(profile).map((variant) => measures(variant, { silences: places(profile) }, 'emergencyStop', variant.withinMs)),
};

export const measuredFaults: readonly LockstepFault[] = [
  lasting(cablePulled, 'in doubt as soon as a reading may be older than the profile says (40 ms; the hub’s cable takes the servos’ power after 50 ms); believed again when it is back'),
  reopened,
  lasting(disturbedBytes, 'nothing old or spoilt is believed; a mute line: in doubt as soon as a reading may be older than the profile says'),
  impossible,
  wrong,
  servos,
  withoutEffect(clockFrozen),
  lasting(babble, `nothing spoilt is believed; all of the line: in doubt ≤ ${ACT_MS} ms`),
  ofLink(stall, 'nothing old is believed after it; a little late: nothing fresh is doubted', (profile) => ({ silences: places(profile) })),
  withoutEffect(operatorGone),
  withoutEffect(twoOperators),
  estopKnown,
  withoutEffect(diskFull),
  withoutEffect(wallClock),
];
