/** What an EPOS4 is asked and told before it is used, in this order. */
import { MODE, OD, type CanopenObject } from '../../protocols/wire/cia402.ts';
import { sdoAbortText } from '../../protocols/wire/canopen.ts';
import { encodeEpos4Read, encodeEpos4Write, EPOS4_OD, EPOS4_RPM, epos4ValueOf, MAXON_VENDOR_ID, type Epos4Response, type Epos4Writer } from '../../protocols/wire/epos4.ts';
import type { JointOf } from './drive.ts';
import type { SetupStep } from './setup.ts';

/** 6076h is rounded to whole µNm, and a torque constant is known to some per cent at best. */
const RATED_TORQUE_TOLERANCE = 0.01;
const MICRO = 1e6;
/** The drive itself stops when its position loop is so far behind; our own figure. */
const FOLLOWING_WINDOW_TURNS = 15 / 360;

/** Collected on the way. */
export interface Epos4Told {
  productCode: number;
  softwareVersion: number;
  serialNumber: number;
  nominalCurrentMa: number;
}

export const epos4ModeOf = ({ drive }: JointOf<'epos4'>): number =>
  drive.setPoint === 'torque' ? MODE.cyclicTorque : drive.setPoint === 'velocity' ? MODE.cyclicVelocity : MODE.cyclicPosition;

const nameOf = ({ index, sub }: CanopenObject): string => `object ${index.toString(16).toUpperCase()}h${sub === 0 ? '' : ` sub ${sub}`}`;
const hexOf = (code: number): string => `${code.toString(16).toUpperCase()}h`;

type Step = SetupStep<Epos4Response>;

export function epos4Setup(joint: JointOf<'epos4'>, writer: Epos4Writer, told: Epos4Told): readonly Step[] {
  const { drive } = joint;
  /** @param judge null: fine, else the reason why not */
  const read = (object: CanopenObject, what: string, judge: (value: number) => string | null): Step => ({
    what,
    encode: (out, at) => encodeEpos4Read(writer, drive.address, object, out, at),
    accept: (response) => {
      if (response.error !== 0) return { refusal: `its ${what} (${nameOf(object)}) cannot be read: ${sdoAbortText(response.error)}. Update its firmware, or correct the profile.` };
      if (!response.hasValue) return 'other';
      const refusal = judge(epos4ValueOf(object, response.raw));
      return refusal === null ? 'done' : { refusal };
    },
  });
  const write = (object: CanopenObject, what: string, valueOf: () => number): Step => ({
    what,
    encode: (out, at) => encodeEpos4Write(writer, drive.address, object, valueOf(), out, at),
    accept: (response) => {
      if (response.error !== 0) return { refusal: `its ${what} (${nameOf(object)}) cannot be set to ${valueOf()}: ${sdoAbortText(response.error)}. Correct the profile, or set it with EPOS Studio.` };
      return response.hasValue ? 'other' : 'done';
    },
  });
  /** Written and read back; `readBack` where another object shows it. */
  const setting = (object: CanopenObject, what: string, valueOf: () => number, readBack = object): readonly Step[] => [
    write(object, what, valueOf),
    read(readBack, what, (value) => (value === valueOf() ? null : `its ${what} (${nameOf(readBack)}) reads ${value} instead of ${valueOf()}. Set it with EPOS Studio, or check that the drive is the profile's.`)),
  ];
  const zero = (): number => 0;
  const ratedMicroNm = (MICRO * drive.ratedTorqueNm) / drive.gearRatio;
  const rpm = Math.ceil((drive.velocityRangeRadPerSec * drive.gearRatio * 60) / (2 * Math.PI));
  const window = Math.round(FOLLOWING_WINDOW_TURNS * drive.countsPerTurn);
  return [
    // Before anything else: nothing but this host makes it release.
    write(OD.controlword, 'control word', zero),
    ...identity(read, drive.productCode, told),
    ...setting(EPOS4_OD.siUnitVelocity, 'unit of velocity', () => EPOS4_RPM),
    read(OD.ratedTorque, 'rated torque', (value) =>
      Math.abs(value - ratedMicroNm) <= RATED_TORQUE_TOLERANCE * ratedMicroNm
        ? null
        : `its motor's rated torque (object 6076h) is ${value} µNm; ratedTorqueNm and gearRatio of the profile make ${Math.round(ratedMicroNm)} µNm. Correct the profile, or the motor data in the drive.`,
    ),
    read(EPOS4_OD.nominalCurrent, 'nominal current', (value) => {
      told.nominalCurrentMa = value;
      return value > 0 ? null : 'its motor has no nominal current (object 3001h sub 1). Enter the motor data with EPOS Studio.';
    }),
    ...setting(EPOS4_OD.outputCurrentLimit, 'output current limit', () => Math.floor((told.nominalCurrentMa * drive.peakTorqueNm) / drive.ratedTorqueNm)),
    ...setting(OD.maxMotorSpeed, 'greatest motor speed', () => rpm),
    ...setting(EPOS4_OD.followingWindow, 'following error window', () => window),
    ...setting(OD.targetTorque, 'target torque', zero),
    ...setting(OD.torqueOffset, 'torque offset', zero),
    ...setting(OD.targetVelocity, 'target velocity', zero),
    ...setting(OD.mode, 'mode of operation', () => epos4ModeOf(joint), OD.modeDisplay),
  ];
}

type Read = (object: CanopenObject, what: string, judge: (value: number) => string | null) => Step;

function identity(read: Read, productCode: number, told: Epos4Told): readonly Step[] {
  const note = (object: CanopenObject, what: string, key: 'softwareVersion' | 'serialNumber'): Step =>
    read(object, what, (value) => {
      told[key] = value;
      return null;
    });
  return [
    read(OD.vendorId, 'vendor number', (value) => (value === MAXON_VENDOR_ID ? null : `its vendor number is ${hexOf(value)}, maxon's is ${hexOf(MAXON_VENDOR_ID)}. Put the right drive there, or correct the profile.`)),
    read(OD.productCode, 'product code', (value) => {
      told.productCode = value;
      return value === productCode ? null : `its product code is ${hexOf(value)}, the profile's drive has ${hexOf(productCode)}. Put the right drive there, or correct the profile.`;
    }),
    note(OD.revision, 'revision', 'softwareVersion'),
    note(OD.serialNumber, 'serial number', 'serialNumber'),
  ];
}
