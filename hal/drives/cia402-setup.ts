/** What a CiA 402 drive is asked and told before it is used, in this order. */
import { degToRad } from '../../protocols/units.ts';
import { ABORT_CONNECTION, CONTROL, DEVICE_NAME_INDEX, MODE, modeBit, OD, SOFTWARE_VERSION_INDEX, type CanopenObject } from '../../protocols/wire/cia402.ts';
import { COB, decodeHeartbeat, encodeNmt, NMT, NMT_STATE, PDO_INVALID, PDO_ON_EVENT, PDO_ON_SYNC, pdoEntry } from '../../protocols/wire/canopen.ts';
import type { CanopenStep, Verdict } from './canopen-setup.ts';
import type { JointOf } from './drive.ts';

/** Node number of this host, whose heartbeat the drives watch. */
export const HOST_NODE = 127;
/** A drive that is told to restart its communication is back within this. */
const BOOT_PATIENCE_US = 1_000_000;
const START_PATIENCE_US = 250_000;
/** Profile torque mode is to follow the host's torque at once: the rated torque within a millisecond. */
const TORQUE_SLOPE = 1_000_000;
/** Rounding of 6076h to whole mNm, and of the maker's data sheet. */
const RATED_TORQUE_TOLERANCE = 0.01;
const MOST_TORQUE = 0xffff;
const RTR_NOT_ALLOWED = 0x4000_0000;

/** The first step after the node was told to restart; a drive that booted by itself begins here. */
export const STEP_AFTER_BOOT = 1;

/** Collected on the way. */
export interface Cia402Told {
  name: string;
  version: string;
  serialNumber: number;
}

export function modeOf({ drive }: JointOf<'cia402'>): number {
  if (drive.setPoint === 'torque') return drive.torqueMode;
  return drive.setPoint === 'velocity' ? MODE.cyclicVelocity : MODE.cyclicPosition;
}

const targetOf = ({ drive }: JointOf<'cia402'>): CanopenObject => (drive.setPoint === 'torque' ? OD.targetTorque : drive.setPoint === 'velocity' ? OD.targetVelocity : OD.targetPosition);

/** What stands in the PDOs of a cycle; the host's frames and the drive's are made after these lists. */
export const cia402Pdos = (joint: JointOf<'cia402'>): { readonly rpdo: readonly CanopenObject[]; readonly status: readonly CanopenObject[]; readonly motion: readonly CanopenObject[] } => ({
  rpdo: [OD.controlword, targetOf(joint)],
  status: [OD.statusword, OD.position, OD.torque],
  motion: [OD.velocity, OD.errorCode, OD.modeDisplay],
});

const nameOf = ({ index, sub }: CanopenObject): string => `${index.toString(16).toUpperCase()}h${sub === 0 ? '' : ` sub ${sub}`}`;
const write = (object: CanopenObject, value: number, what: string): CanopenStep => ({ kind: 'write', object, value, what: `${what} (object ${nameOf(object)})` });
const mayLack = (): Verdict => null;

/** Written and read back; another value is refused. */
function setting(object: CanopenObject, value: number, what: string): CanopenStep[] {
  const full = `${what} (object ${nameOf(object)})`;
  const judge = (told: number): Verdict => (told === value ? null : `${full} reads ${told} instead of ${value}. Set it with the maker's tool, or check that the drive is the profile's.`);
  return [write(object, value, what), { kind: 'read', object, what: full, judge }];
}

const expected = (object: CanopenObject, value: number, what: string): CanopenStep => ({
  kind: 'read',
  object,
  what: `${what} (object ${nameOf(object)})`,
  judge: (told) => (told === value ? null : `its ${what} is ${told}, the profile's drive has ${value}. Put the right drive there, or correct the profile.`),
});

function identity({ drive }: JointOf<'cia402'>, told: Cia402Told): CanopenStep[] {
  const serial: CanopenStep = {
    kind: 'read',
    object: OD.serialNumber,
    what: 'serial number (object 1018h sub 4)',
    judge: (value) => {
      told.serialNumber = value;
      return drive.serialNumber === undefined || drive.serialNumber === value ? null : `its serial number is ${value}, the profile's drive has ${drive.serialNumber}. Put the right drive there, or correct the profile.`;
    },
    ...(drive.serialNumber === undefined ? { onAbort: mayLack } : {}),
  };
  return [
    expected(OD.vendorId, drive.vendorId, 'vendor number'),
    expected(OD.productCode, drive.productCode, 'product code'),
    serial,
    { kind: 'text', index: DEVICE_NAME_INDEX, what: 'its name (object 1008h)', take: (text) => (told.name = text) },
    { kind: 'text', index: SOFTWARE_VERSION_INDEX, what: 'its firmware (object 100Ah)', take: (text) => (told.version = text) },
  ];
}

/** A drive has 607Fh or 6080h, or both; one with neither cannot be held to a speed. */
function speedLimits({ drive, speedLimitDegPerSec }: JointOf<'cia402'>): CanopenStep[] {
  const turnsPerSec = degToRad(speedLimitDegPerSec) / (2 * Math.PI);
  const profile = Math.round(turnsPerSec * drive.velocityUnitsPerTurnPerSec);
  const motor = Math.ceil(turnsPerSec * drive.gearRatio * 60);
  let limited = false;
  const optional = (object: CanopenObject, value: number, onAbort: (code: number) => Verdict): CanopenStep[] =>
    setting(object, value, 'its speed limit').map((step) => {
      if (step.kind === 'write') return { ...step, onAbort };
      if (step.kind !== 'read') return step;
      const judge = (told: number): Verdict => {
        limited = true;
        return step.judge(told);
      };
      return { ...step, judge, onAbort };
    });
  const first = (): Verdict => {
    limited = false;
    return null;
  };
  const second = (): Verdict => (limited ? null : 'it has no speed limit (neither object 607Fh nor 6080h). Use a drive that has one.');
  return [...optional(OD.maxProfileVelocity, profile, first), ...optional(OD.maxMotorSpeed, motor, second)];
}

function limits(joint: JointOf<'cia402'>): CanopenStep[] {
  const { drive } = joint;
  const ratedTorque: CanopenStep = {
    kind: 'read',
    object: OD.ratedTorque,
    what: 'rated torque (object 6076h)',
    judge: (value) => {
      const toldNm = (value * drive.gearRatio) / 1_000;
      const fits = Math.abs(toldNm - drive.ratedTorqueNm) <= RATED_TORQUE_TOLERANCE * drive.ratedTorqueNm + drive.gearRatio / 2_000;
      return fits ? null : `its rated torque is ${toldNm} Nm at the joint, the profile says ${drive.ratedTorqueNm} Nm. Every torque would be wrong by as much: correct the profile or the drive's motor data.`;
    },
  };
  return [
    ratedTorque,
    ...setting(OD.consumerHeartbeat, HOST_NODE * 0x1_0000 + Math.round(drive.watchdogMs), 'its watchdog'),
    ...setting(OD.abortConnection, ABORT_CONNECTION.disableVoltage, 'what it does when its watchdog trips'),
    ...setting(OD.maxTorque, Math.min(MOST_TORQUE, Math.round((1_000 * joint.torqueLimitNm) / drive.ratedTorqueNm)), 'its torque limit'),
    ...speedLimits(joint),
  ];
}

function mode(joint: JointOf<'cia402'>): CanopenStep[] {
  const value = modeOf(joint);
  const supported: CanopenStep = {
    kind: 'read',
    object: OD.supportedModes,
    what: 'modes of operation (object 6502h)',
    judge: (modes) => (Math.floor(modes / modeBit(value)) % 2 === 1 ? null : `it has no mode of operation ${value}. Choose another set-point or torque mode in the profile.`),
  };
  const shown: CanopenStep = {
    kind: 'read',
    object: OD.modeDisplay,
    what: 'mode of operation (object 6061h)',
    judge: (told) => (told === value ? null : `its mode of operation is ${told} although it was set to ${value}. Check its inputs and the maker's tool.`),
  };
  const slope = value === MODE.profileTorque ? setting(OD.torqueSlope, TORQUE_SLOPE, 'its torque slope') : [];
  return [supported, ...slope, write(OD.mode, value, 'its mode of operation'), shown];
}

/** In CORC's order: disable, no entries, type, entries, how many, enable. Read back: a wrong entry is a wrong position. */
function pdo(communication: number, mapping: number, cobId: number, type: number, objects: readonly CanopenObject[]): CanopenStep[] {
  const what = `its PDO ${cobId.toString(16).toUpperCase()}h`;
  const entry = (index: number, sub: number, bytes: 1 | 2 | 4): CanopenObject => ({ index, sub, bytes, signed: false });
  const cob = entry(communication, 1, 4);
  const enabled: CanopenStep = {
    kind: 'read',
    object: cob,
    what: `${what} (object ${nameOf(cob)})`,
    // Bit 30 only says whether it may be asked for by a remote frame.
    judge: (told) => (told % RTR_NOT_ALLOWED === cobId && told < PDO_INVALID ? null : `${what} has the identifier ${told.toString(16)}h. Check that the drive is the profile's.`),
  };
  return [
    write(cob, PDO_INVALID + cobId, what),
    write(entry(mapping, 0, 1), 0, what),
    ...setting(entry(communication, 2, 1), type, what),
    ...objects.flatMap(({ index, sub, bytes }, i) => setting(entry(mapping, i + 1, 4), pdoEntry(index, sub, 8 * bytes), what)),
    ...setting(entry(mapping, 0, 1), objects.length, what),
    write(cob, cobId, what),
    enabled,
  ];
}

/** A PDO that is not used must not fill the bus. */
const noPdo = (communication: number, cobId: number): CanopenStep => ({
  kind: 'write',
  object: { index: communication, sub: 1, bytes: 4, signed: false },
  value: PDO_INVALID + cobId,
  what: `its PDO ${cobId.toString(16).toUpperCase()}h`,
  onAbort: mayLack,
});

function pdos(joint: JointOf<'cia402'>): CanopenStep[] {
  const node = joint.drive.address;
  const { rpdo, status, motion } = cia402Pdos(joint);
  const unused = [1, 2, 3].map((i) => noPdo(0x1400 + i, (COB.rpdo[i] ?? 0) + node)).concat([2, 3].map((i) => noPdo(0x1800 + i, (COB.tpdo[i] ?? 0) + node)));
  return [
    ...pdo(0x1800, 0x1a00, COB.tpdo[0] + node, PDO_ON_SYNC, status),
    ...pdo(0x1801, 0x1a01, COB.tpdo[1] + node, PDO_ON_SYNC, motion),
    ...pdo(0x1400, 0x1600, COB.rpdo[0] + node, PDO_ON_EVENT, rpdo),
    ...unused,
  ];
}

export function cia402Steps(joint: JointOf<'cia402'>, told: Cia402Told): CanopenStep[] {
  const node = joint.drive.address;
  return [
    {
      kind: 'command',
      what: 'to restart its communication',
      patienceUs: BOOT_PATIENCE_US,
      fill: (frame) => encodeNmt(frame, NMT.resetCommunication, node),
      confirms: (frame) => decodeHeartbeat(frame, node) >= 0,
    },
    write(OD.controlword, CONTROL.disableVoltage, 'to release'),
    ...identity(joint, told),
    ...limits(joint),
    ...mode(joint),
    ...pdos(joint),
    write(OD.producerHeartbeat, Math.round(joint.drive.watchdogMs), 'its heartbeat'),
    {
      kind: 'command',
      what: 'to start',
      patienceUs: START_PATIENCE_US,
      fill: (frame) => encodeNmt(frame, NMT.start, node),
      confirms: (frame) => decodeHeartbeat(frame, node) === NMT_STATE.operational,
    },
  ];
}
