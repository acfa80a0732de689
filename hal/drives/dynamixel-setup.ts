/**
 * What is asked of and set in a Dynamixel before it is used. EEPROM is written only where it differs, because it wears.
 * The last part lays out the bytes that are read in every cycle.
 */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { dxlErrors, dxlInstructions, encodeDxlPing, encodeDxlRead, encodeDxlWrite, type DxlPacket, type DxlWriter } from '../../protocols/wire/dynamixel.ts';
import {
  DXL_VELOCITY_UNIT_RAD_PER_SEC,
  DXL_WATCHDOG_MOST,
  DXL_WATCHDOG_UNIT_MS,
  dxlHardwareErrors,
  dxlModelOf,
  dxlModes,
  dxlTable as table,
  type DxlItem,
} from '../../protocols/wire/dynamixel-table.ts';
import type { SetupStep } from './setup.ts';

type Profile = DriveProfileOf<'dynamixel2'>;

/** Registers of one cycle's answer, in this order; they stand in indirect data. */
const STATUS_ITEMS: readonly DxlItem[] = [
  table.torqueEnable,
  table.hardwareErrorStatus,
  table.busWatchdog,
  table.presentCurrent,
  table.presentVelocity,
  table.presentPosition,
  table.presentTemperature,
  table.realtimeTick,
];
const STATUS_ADDRESSES: readonly number[] = STATUS_ITEMS.flatMap((item) => Array.from({ length: item.bytes }, (_, i) => item.address + i));
export const DXL_STATUS_BYTES = STATUS_ADDRESSES.length;
/** Places in the parameters of a status packet, behind its error byte. */
export const statusAt = { torqueEnable: 1, hardwareError: 2, busWatchdog: 3, current: 4, velocity: 6, position: 10, temperature: 14, tick: 15 } as const;

/** A late answer can be taken for another's, and what was sent into it is lost: only what stays wrong is the servo's fault. */
const ATTEMPTS = 3;

const ALL_SHUTDOWN = dxlHardwareErrors.overheating | dxlHardwareErrors.electricalShock | dxlHardwareErrors.overload;

export interface DxlIdentity {
  readonly modelNumber: number;
  readonly firmware: number;
}

interface Setting {
  readonly what: string;
  readonly item: DxlItem;
  readonly value: number;
  /** Older firmware does not have it, which is as good as 0. */
  readonly optional?: boolean;
}

export const watchdogUnitsOf = (profile: Profile): number => Math.round(profile.watchdogMs / DXL_WATCHDOG_UNIT_MS);

/** Units of the current registers for a torque at the joint. */
export const currentUnitsOf = (profile: Profile, torqueNm: number): number => (torqueNm / profile.torqueConstantNmPerA) * (1_000 / profile.currentUnitMa);

export const modeOf = (profile: Profile): number => (profile.setPoint === 'torque' ? dxlModes.current : dxlModes.currentBasedPosition);

/** Where the bytes of the cycle stand in the servo. */
export const statusAddressOf = (profile: Profile): number => dxlModelOf(profile.modelNumber).indirect[0]?.data ?? 0;

/** What in the profile no servo can do; null: nothing. */
export function profileRefusal(profile: Profile): string | null {
  const units = profile.watchdogMs / DXL_WATCHDOG_UNIT_MS;
  if (!Number.isInteger(units) || units < 1 || units > DXL_WATCHDOG_MOST)
    return `its bus watchdog counts in steps of ${DXL_WATCHDOG_UNIT_MS} ms up to ${DXL_WATCHDOG_UNIT_MS * DXL_WATCHDOG_MOST} ms, and the profile wants ${profile.watchdogMs} ms. Change watchdogMs in the profile.`;
  if (!dxlModelOf(profile.modelNumber).current) return `a ${dxlModelOf(profile.modelNumber).name} does not control its current, so its torque cannot be limited. Use a model with current control.`;
  return null;
}

/** @param torqueLimitNm of the joint; 0: the servo only measures, and could give nothing even with its torque on */
export function dynamixelSetup(profile: Profile, torqueLimitNm: number, writer: DxlWriter, onIdentity: (identity: DxlIdentity) => void): readonly SetupStep<DxlPacket>[] {
  const id = profile.address;
  const setting = (entry: Setting): SetupStep<DxlPacket> => settingStep(entry, id, writer);
  const velocityMost = Math.min(table.velocityLimit.max, Math.ceil(profile.velocityRangeRadPerSec / DXL_VELOCITY_UNIT_RAD_PER_SEC));
  const goalCurrent = profile.setPoint === 'torque' ? 0 : Math.floor(currentUnitsOf(profile, Math.min(torqueLimitNm, profile.peakTorqueNm)));
  const currentLimit = torqueLimitNm === 0 ? 0 : Math.floor(currentUnitsOf(profile, profile.peakTorqueNm));
  return [
    identityStep(profile, writer, onIdentity),
    // Answers to writes may be switched off, so this one is not waited for.
    { what: 'its status return level', encode: (out, at) => encodeDxlWrite(writer, id, table.statusReturnLevel.address, 2, 1, out, at) },
    setting({ what: 'status return level', item: table.statusReturnLevel, value: 2 }),
    setting({ what: 'torque enable', item: table.torqueEnable, value: 0 }),
    setting({ what: 'bus watchdog', item: table.busWatchdog, value: 0 }),
    setting({ what: 'return delay time', item: table.returnDelay, value: 0 }),
    setting({ what: 'drive mode', item: table.driveMode, value: 0 }),
    setting({ what: 'start-up configuration', item: table.startupConfiguration, value: 0, optional: true }),
    setting({ what: 'operating mode', item: table.operatingMode, value: modeOf(profile) }),
    setting({ what: 'homing offset', item: table.homingOffset, value: 0 }),
    setting({ what: 'shutdown', item: table.shutdown, value: ALL_SHUTDOWN }),
    setting({ what: 'temperature limit', item: table.temperatureLimit, value: Math.floor(profile.tempLimitC) }),
    setting({ what: 'current limit', item: table.currentLimit, value: currentLimit }),
    setting({ what: 'velocity limit', item: table.velocityLimit, value: velocityMost }),
    setting({ what: 'profile acceleration', item: table.profileAcceleration, value: 0 }),
    setting({ what: 'profile velocity', item: table.profileVelocity, value: 0 }),
    setting({ what: 'goal current', item: table.goalCurrent, value: goalCurrent }),
    layoutStep(profile, writer),
    setting({ what: 'bus watchdog', item: table.busWatchdog, value: watchdogUnitsOf(profile) }),
  ];
}

function identityStep(profile: Profile, writer: DxlWriter, onIdentity: (identity: DxlIdentity) => void): SetupStep<DxlPacket> {
  return {
    what: 'who it is',
    encode: (out, at) => encodeDxlPing(writer, profile.address, out, at),
    accept: (status) => {
      if (status.count !== 4) return 'other';
      const modelNumber = status.u16(1);
      onIdentity({ modelNumber, firmware: status.u8(3) });
      if (modelNumber === profile.modelNumber) return 'done';
      return { refusal: `it is a ${dxlModelOf(modelNumber).name} (model number ${modelNumber}), and the profile has ${profile.model} (${profile.modelNumber}). Put the right servo there or correct the profile.` };
    },
  };
}

/** Looks, writes where it differs, and looks again. */
function settingStep({ what, item, value, optional }: Setting, id: number, writer: DxlWriter): SetupStep<DxlPacket> {
  let phase: 'look' | 'write' | 'check' = 'look';
  let attempts = 0;
  return {
    what: `its ${what}`,
    encode: (out, at) => (phase === 'write' ? encodeDxlWrite(writer, id, item.address, value, item.bytes, out, at) : encodeDxlRead(writer, id, item.address, item.bytes, out, at)),
    accept: (status) => {
      if (phase === 'write') {
        if (status.count !== 1) return 'other';
        if (status.error !== dxlErrors.none) return { refusal: `its ${what} cannot be set to ${value} (${errorText(status.error)}). Correct the profile, or choose another servo.` };
        phase = 'check';
        return 'other';
      }
      if (status.error !== dxlErrors.none) return optional === true ? 'done' : { refusal: `its ${what} cannot be read (${errorText(status.error)}). Update its firmware, or choose another servo.` };
      if (status.count !== 1 + item.bytes) return 'other';
      const found = status.value(1, item.bytes);
      if (found === value) return 'done';
      if (phase === 'check' && ++attempts >= ATTEMPTS) return { refusal: `its ${what} was set to ${value} and reads ${found}. Switch it off and on; if that does not help, replace it.` };
      phase = 'write';
      return 'other';
    },
  };
}

/** Indirect addresses: written in one go, read back in one go. */
function layoutStep(profile: Profile, writer: DxlWriter): SetupStep<DxlPacket> {
  const id = profile.address;
  const address = dxlModelOf(profile.modelNumber).indirect[0]?.addresses ?? 0;
  const bytes = 2 * STATUS_ADDRESSES.length;
  let phase: 'write' | 'check' = 'write';
  let attempts = 0;
  return {
    what: 'its indirect addresses',
    encode: (out, at) => {
      if (phase === 'check') return encodeDxlRead(writer, id, address, bytes, out, at);
      writer.begin(id, dxlInstructions.write).u16(address);
      for (const entry of STATUS_ADDRESSES) writer.u16(entry);
      return writer.end(out, at);
    },
    accept: (status) => {
      if (phase === 'write') {
        if (status.count !== 1) return 'other';
        if (status.error !== dxlErrors.none) return { refusal: `its indirect addresses cannot be set (${errorText(status.error)}). Update its firmware, or choose another servo.` };
        phase = 'check';
        return 'other';
      }
      if (status.count !== 1 + bytes) return 'other';
      if (STATUS_ADDRESSES.every((entry, i) => status.u16(1 + 2 * i) === entry)) return 'done';
      if (++attempts >= ATTEMPTS) return { refusal: 'its indirect addresses do not read as they were set. Switch it off and on; if that does not help, replace it.' };
      phase = 'write';
      return 'other';
    },
  };
}

const ERROR_TEXTS: Readonly<Record<number, string>> = {
  [dxlErrors.resultFail]: 'it failed',
  [dxlErrors.instruction]: 'it does not know the instruction',
  [dxlErrors.crc]: 'it received another packet than was sent',
  [dxlErrors.dataRange]: 'the value is out of its range',
  [dxlErrors.dataLength]: 'the value has another length there',
  [dxlErrors.dataLimit]: 'the value is beyond a limit set in it',
  [dxlErrors.access]: 'that register is locked or missing',
};

const errorText = (error: number): string => ERROR_TEXTS[error] ?? `error ${error}`;
