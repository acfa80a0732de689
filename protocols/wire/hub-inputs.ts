/**
 * What a sensor hub may carry beside joints and safety inputs. A robot has those that its profile names; each comes in
 * a frame type of its own, at its own rate, little-endian:
 *
 *     5 EMG block: u8 channels | u16 rate Hz | u8 samples per channel | i16 uV, sample by sample, channel by channel
 *     6 heart rate: u16 0.1 per min, 20 … 250 with skin contact | u16 newest beat-to-beat interval ms | u8 bit 0 skin contact
 *     7 treadmill: i16 left, i16 right belt mm/s | i16 incline 0.01 deg | u8 bit 0 ready, 1 stop rope pulled, 2 fault
 *     8 body-weight support: u16 unloading 0.1 N | i16 height mm | u8 bit 0 locked, 1 fault
 *    11 grip: u16 force of the hand around the handle 0.1 N, at most 1 000 N
 *    12 lift: u16 height of the robot's shoulder over the ground 0.1 mm | u8 bit 0 moving, 1 fault
 *
 * The other way, host → hub, once per control cycle to a robot whose profile drives them:
 *
 *     9 treadmill set-point: u16 belt mm/s, both belts | u8 bit 0 enable: 0 lets the treadmill brake by its own stop ramp
 *       and takes its motor's power; 1 gives power and lets the belt follow, within its own ramps and limits
 *    10 support set-point: u16 unloading 0.1 N | u8 bit 0 lock: 1 closes the brake of the rope, whatever the unloading
 *    13 lift set-point: u16 height of the shoulder 0.1 mm | u8 bit 0 enable: 0 stops it, whatever the height; 1 lets it go
 *       there, within its own speed, ramps and range
 *
 * A device that hears no set-point for the profile's `watchdogMs` stops the belt or the lift, or locks the rope, by itself.
 * What is no number becomes the safe one: belt 0, belt and lift not enabled, locked.
 */
import { ByteReader, ByteWriter } from '../bytes.ts';

export const HUB_EMG = 5;
export const HUB_HEART_RATE = 6;
export const HUB_TREADMILL = 7;
export const HUB_SUPPORT = 8;
export const HUB_TREADMILL_SETPOINT = 9;
export const HUB_SUPPORT_SETPOINT = 10;
export const HUB_GRIP = 11;
export const HUB_LIFT = 12;
export const HUB_LIFT_SETPOINT = 13;

const EMG_HEADER_BYTES = 4;
const HEART_RATE_BYTES = 5;
const TREADMILL_BYTES = 7;
const SUPPORT_BYTES = 5;
const GRIP_BYTES = 2;
const LIFT_BYTES = 3;
/** No hand is stronger. */
const MOST_GRIP_N = 1_000;
/** Of each set-point. */
export const HUB_SETPOINT_BYTES = 3;
const MM_PER_M = 1_000;
const LIFT_UNITS_PER_M = 10_000;
const LEAST_PER_MIN = 20;
const MOST_PER_MIN = 250;
/** Samples of one EMG block over all channels: what one hub frame holds. */
export const EMG_BLOCK_SAMPLES = 120;

/** One record is reused for all blocks. */
export interface EmgBlock {
  channels: number;
  rateHz: number;
  samplesPerChannel: number;
  /** Microvolts; sample s of channel c stands at s · channels + c; those from channels · samplesPerChannel on are old. */
  readonly samplesUv: Float64Array;
}

export interface HeartRate {
  perMin: number;
  beatIntervalMs: number;
  skinContact: boolean;
}

export interface Treadmill {
  leftMps: number;
  rightMps: number;
  inclineDeg: number;
  ready: boolean;
  stopRopePulled: boolean;
  fault: boolean;
}

export interface BodyWeightSupport {
  unloadingN: number;
  heightM: number;
  locked: boolean;
  fault: boolean;
}

export interface Lift {
  heightM: number;
  moving: boolean;
  fault: boolean;
}

export interface Grip {
  forceN: number;
}

export interface TreadmillSetPoint {
  speedMps: number;
  enable: boolean;
}

export interface SupportSetPoint {
  unloadingN: number;
  lock: boolean;
}

export interface LiftSetPoint {
  heightM: number;
  enable: boolean;
}

export const emptyEmgBlock = (): EmgBlock => ({ channels: 0, rateHz: 0, samplesPerChannel: 0, samplesUv: new Float64Array(EMG_BLOCK_SAMPLES) });
export const emptyHeartRate = (): HeartRate => ({ perMin: 0, beatIntervalMs: 0, skinContact: false });
export const emptyGrip = (): Grip => ({ forceN: 0 });
export const emptyLift = (): Lift => ({ heightM: 0, moving: false, fault: false });
export const emptyTreadmill = (): Treadmill => ({ leftMps: 0, rightMps: 0, inclineDeg: 0, ready: false, stopRopePulled: false, fault: false });
export const emptyBodyWeightSupport = (): BodyWeightSupport => ({ unloadingN: 0, heightM: 0, locked: false, fault: false });

const writer = new ByteWriter();
const reader = new ByteReader();
const bit = (bits: number, index: number): boolean => (bits & (1 << index)) !== 0;

/** @returns the payload; values beyond a field are saturated */
export function encodeEmgBlock(block: EmgBlock): Uint8Array {
  const samples = block.channels * block.samplesPerChannel;
  const payload = new Uint8Array(EMG_HEADER_BYTES + 2 * samples);
  writer.reset(payload);
  writer.u8(block.channels);
  writer.u16(block.rateHz);
  writer.u8(block.samplesPerChannel);
  for (let i = 0; i < samples; i++) writer.i16(block.samplesUv[i] ?? 0);
  return payload;
}

/** @returns false, with `block` untouched, when the payload is no EMG block of that many channels */
export function decodeEmgBlock(payload: Uint8Array, block: EmgBlock, expectedChannels: number): boolean {
  reader.reset(payload);
  const channels = reader.u8();
  const rateHz = reader.u16();
  const samplesPerChannel = reader.u8();
  const samples = channels * samplesPerChannel;
  if (reader.overrun || channels !== expectedChannels || samples === 0 || samples > EMG_BLOCK_SAMPLES || payload.length !== EMG_HEADER_BYTES + 2 * samples) return false;
  block.channels = channels;
  block.rateHz = rateHz;
  block.samplesPerChannel = samplesPerChannel;
  for (let i = 0; i < samples; i++) block.samplesUv[i] = reader.i16();
  return true;
}

export function encodeHeartRate(rate: HeartRate): Uint8Array {
  const payload = new Uint8Array(HEART_RATE_BYTES);
  writer.reset(payload);
  writer.u16(10 * rate.perMin);
  writer.u16(rate.beatIntervalMs);
  writer.u8(Number(rate.skinContact));
  return payload;
}

/** @returns false, with `rate` untouched, when the payload is no heart rate, or one that nobody has */
export function decodeHeartRate(payload: Uint8Array, rate: HeartRate): boolean {
  if (payload.length !== HEART_RATE_BYTES) return false;
  reader.reset(payload);
  const perMin = reader.u16() / 10;
  const beatIntervalMs = reader.u16();
  const skinContact = bit(reader.u8(), 0);
  if (skinContact && (perMin < LEAST_PER_MIN || perMin > MOST_PER_MIN)) return false;
  rate.perMin = perMin;
  rate.beatIntervalMs = beatIntervalMs;
  rate.skinContact = skinContact;
  return true;
}

export function encodeGrip({ forceN }: Grip): Uint8Array {
  const payload = new Uint8Array(GRIP_BYTES);
  writer.reset(payload);
  writer.u16(10 * forceN);
  return payload;
}

/** @returns false, with `grip` untouched, when the payload is no grip, or one that no hand has */
export function decodeGrip(payload: Uint8Array, grip: Grip): boolean {
  if (payload.length !== GRIP_BYTES) return false;
  reader.reset(payload);
  const forceN = reader.u16() / 10;
  if (forceN > MOST_GRIP_N) return false;
  grip.forceN = forceN;
  return true;
}

export function encodeTreadmill(treadmill: Treadmill): Uint8Array {
  const payload = new Uint8Array(TREADMILL_BYTES);
  writer.reset(payload);
  writer.i16(treadmill.leftMps * MM_PER_M);
  writer.i16(treadmill.rightMps * MM_PER_M);
  writer.i16(treadmill.inclineDeg * 100);
  writer.u8(Number(treadmill.ready) | (Number(treadmill.stopRopePulled) << 1) | (Number(treadmill.fault) << 2));
  return payload;
}

export function decodeTreadmill(payload: Uint8Array, treadmill: Treadmill): boolean {
  if (payload.length !== TREADMILL_BYTES) return false;
  reader.reset(payload);
  treadmill.leftMps = reader.i16() / MM_PER_M;
  treadmill.rightMps = reader.i16() / MM_PER_M;
  treadmill.inclineDeg = reader.i16() / 100;
  const bits = reader.u8();
  treadmill.ready = bit(bits, 0);
  treadmill.stopRopePulled = bit(bits, 1);
  treadmill.fault = bit(bits, 2);
  return true;
}

export function encodeBodyWeightSupport(support: BodyWeightSupport): Uint8Array {
  const payload = new Uint8Array(SUPPORT_BYTES);
  writer.reset(payload);
  writer.u16(10 * support.unloadingN);
  writer.i16(support.heightM * MM_PER_M);
  writer.u8(Number(support.locked) | (Number(support.fault) << 1));
  return payload;
}

export function decodeBodyWeightSupport(payload: Uint8Array, support: BodyWeightSupport): boolean {
  if (payload.length !== SUPPORT_BYTES) return false;
  reader.reset(payload);
  support.unloadingN = reader.u16() / 10;
  support.heightM = reader.i16() / MM_PER_M;
  const bits = reader.u8();
  support.locked = bit(bits, 0);
  support.fault = bit(bits, 1);
  return true;
}

export function encodeLift({ heightM, moving, fault }: Lift): Uint8Array {
  const payload = new Uint8Array(LIFT_BYTES);
  writer.reset(payload).u16(heightM * LIFT_UNITS_PER_M);
  writer.u8(Number(moving) | (Number(fault) << 1));
  return payload;
}

export function decodeLift(payload: Uint8Array, lift: Lift): boolean {
  if (payload.length !== LIFT_BYTES) return false;
  lift.heightM = reader.reset(payload).u16() / LIFT_UNITS_PER_M;
  const bits = reader.u8();
  lift.moving = bit(bits, 0);
  lift.fault = bit(bits, 1);
  return true;
}

/** Fills `payload` (HUB_SETPOINT_BYTES long); values beyond the field are saturated, a belt that would run backward stands. */
export function encodeTreadmillSetPoint(speedMps: number, enable: boolean, payload: Uint8Array): void {
  writer.reset(payload).u16(speedMps * MM_PER_M);
  writer.u8(Number(enable && !Number.isNaN(speedMps)));
}

/** @returns false, with `setPoint` untouched, when the payload is none */
export function decodeTreadmillSetPoint(payload: Uint8Array, setPoint: TreadmillSetPoint): boolean {
  if (payload.length !== HUB_SETPOINT_BYTES) return false;
  setPoint.speedMps = reader.reset(payload).u16() / MM_PER_M;
  setPoint.enable = bit(reader.u8(), 0);
  return true;
}

/** Fills `payload` (HUB_SETPOINT_BYTES long); values beyond the field are saturated. */
export function encodeSupportSetPoint(unloadingN: number, lock: boolean, payload: Uint8Array): void {
  writer.reset(payload).u16(10 * unloadingN);
  writer.u8(Number(lock || Number.isNaN(unloadingN)));
}

/** @returns false, with `setPoint` untouched, when the payload is none */
export function decodeSupportSetPoint(payload: Uint8Array, setPoint: SupportSetPoint): boolean {
  if (payload.length !== HUB_SETPOINT_BYTES) return false;
  setPoint.unloadingN = reader.reset(payload).u16() / 10;
  setPoint.lock = bit(reader.u8(), 0);
  return true;
}

/** Fills `payload` (HUB_SETPOINT_BYTES long); values beyond the field are saturated. */
export function encodeLiftSetPoint(heightM: number, enable: boolean, payload: Uint8Array): void {
  writer.reset(payload).u16(heightM * LIFT_UNITS_PER_M);
  writer.u8(Number(enable && !Number.isNaN(heightM)));
}

/** @returns false, with `setPoint` untouched, when the payload is none */
export function decodeLiftSetPoint(payload: Uint8Array, setPoint: LiftSetPoint): boolean {
  if (payload.length !== HUB_SETPOINT_BYTES) return false;
  setPoint.heightM = reader.reset(payload).u16() / LIFT_UNITS_PER_M;
  setPoint.enable = bit(reader.u8(), 0);
  return true;
}
