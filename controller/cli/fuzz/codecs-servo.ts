/** The VESC family on serial ports: VESC, CubeMars V1/V2 and V3. */
import type { Random } from '../../../protocols/random.ts';
import type { Splitter } from '../../../protocols/splitter.ts';
import {
  CUBEMARS_STATUS_MASK,
  CUBEMARS_V1,
  CUBEMARS_V3,
  CUBEMARS_VALUES_MASK,
  CubemarsV3Splitter,
  decodeImpedance,
  decodePositionSpeed,
  decodeV3RotorPositionDeg,
  decodeV3Status,
  emptyImpedanceCommand,
  encodeImpedance,
  encodePositionSpeed,
  encodeV3RotorPosition,
  encodeV3Status,
  type V3Reading,
} from '../../../protocols/wire/cubemars.ts';
import { payloadStart, sealFrame, VESC_PAYLOAD_MAX_BYTES, type ServoFrameSink } from '../../../protocols/wire/vesc-frame.ts';
import { emptyServoValues, type ServoValues } from '../../../protocols/wire/vesc-values.ts';
import {
  decodeLimitsReply,
  decodeSelectiveReply,
  decodeSelectiveRequest,
  decodeServoNumber,
  decodeSetLimits,
  decodeValuesReply,
  decodeVescFirmware,
  emptyVescLimits,
  encodeLimitsReply,
  encodeSelectiveReply,
  encodeSelectiveRequest,
  encodeServoByte,
  encodeServoCommand,
  encodeServoNumber,
  encodeSetLimits,
  encodeValuesReply,
  encodeVescFirmware,
  VESC,
  VESC_STATUS_MASK,
  VESC_VALUES_MASK,
  VescSplitter,
  type ServoDialect,
} from '../../../protocols/wire/vesc.ts';
import { anyBytes, anyNumber, FINITE_MAX } from './numbers.ts';
import type { Oracle } from './oracle.ts';
import type { FuzzSubject, FuzzTarget } from './target.ts';

/** Start and length, CRC and stop. */
const SHORT_OVERHEAD_BYTES = 5;
const LONG_OVERHEAD_BYTES = 6;
const SHORT_MOST_BYTES = 255;
const READINGS: readonly V3Reading[] = [
  { statusBytes: 73, positionType: 'float' },
  { statusBytes: 73, positionType: 'microDegrees' },
  { statusBytes: 85, positionType: 'float' },
  { statusBytes: 85, positionType: 'microDegrees' },
];

interface Member {
  readonly dialect: ServoDialect;
  readonly split: (sink: ServoFrameSink) => Splitter;
  readonly valuesMask: number;
  readonly statusMask: number;
  /** What only this member says. */
  readonly special: (random: Random, out: Uint8Array, at: number) => number;
  readonly decodeSpecial: (payload: Uint8Array, oracle: Oracle) => void;
}

const anyValues = (random: Random): ServoValues => {
  const values = emptyServoValues();
  for (const key of Object.keys(values) as (keyof ServoValues)[]) values[key] = anyNumber(random, 1_000);
  return values;
};

function checkValues(oracle: Oracle, values: ServoValues): void {
  for (const [key, value] of Object.entries(values)) oracle.value(`servo ${key}`, value as number, -FINITE_MAX, FINITE_MAX);
  oracle.value('servo duty', values.duty, -32.768, 32.767);
  oracle.value('servo fault', values.fault, 0, 255);
  oracle.value('servo id', values.controllerId, 0, 255);
}

function openMember(oracle: Oracle, { dialect, split, valuesMask, statusMask, special, decodeSpecial }: Member): FuzzSubject {
  const values = emptyServoValues();
  const splitter = split({
    onFrame: (payload) => {
      const overhead = payload.length > SHORT_MOST_BYTES ? LONG_OVERHEAD_BYTES : SHORT_OVERHEAD_BYTES;
      oracle.framed(payload.length + overhead, payload.length + (payload.length === SHORT_MOST_BYTES ? LONG_OVERHEAD_BYTES : overhead));
      const number = decodeServoNumber(payload);
      if (number !== null) oracle.value('servo number', number, -(2 ** 31), 2 ** 31 - 1);
      const mask = decodeSelectiveRequest(payload);
      if (mask !== null) oracle.value('servo mask', mask, 0, 2 ** 32 - 1);
      if (decodeSelectiveReply(dialect, payload, statusMask, values) || decodeSelectiveReply(dialect, payload, mask ?? 0, values)) checkValues(oracle, values);
      if (decodeValuesReply(dialect, payload, valuesMask, values)) checkValues(oracle, values);
      decodeSpecial(payload, oracle);
    },
    onDiscarded: (bytes) => oracle.discarded(bytes),
    onChecksumError: () => {},
  });
  const encode: FuzzSubject['encode'] = (random, out, at) => {
    switch (random.int(7)) {
      case 0:
        return encodeServoNumber(dialect.frames, random.int(160), anyNumber(random, 1e6), out, at);
      case 1:
        return encodeSelectiveRequest(dialect, random.int(2) === 0 ? statusMask : random.int(2 ** 22), out, at);
      case 2:
        return encodeSelectiveReply(dialect, random.int(2) === 0 ? statusMask : random.int(2 ** 22), anyValues(random), out, at);
      case 3:
        return encodeValuesReply(dialect, valuesMask, anyValues(random), out, at);
      case 4:
        return random.int(2) === 0 ? encodeServoCommand(dialect.frames, random.int(256), out, at) : encodeServoByte(dialect.frames, random.int(256), random.int(256), out, at);
      case 5:
        return anyPayload(random, dialect, out, at);
      default:
        return special(random, out, at);
    }
  };
  return { encode, push: (chunk) => splitter.push(chunk), reset: () => splitter.reset() };
}

/** A right checksum around anything, long frames too. */
function anyPayload(random: Random, dialect: ServoDialect, out: Uint8Array, at: number): number {
  const length = 1 + (random.int(4) === 0 ? random.int(VESC_PAYLOAD_MAX_BYTES) : random.int(90));
  const room = Math.min(length, out.length - at - LONG_OVERHEAD_BYTES);
  out.set(anyBytes(random, room), payloadStart(at, room));
  return sealFrame(dialect.frames, room, out, at);
}

const vesc: Member = {
  dialect: VESC,
  split: (sink) => new VescSplitter(sink),
  valuesMask: VESC_VALUES_MASK,
  statusMask: VESC_STATUS_MASK,
  special: (random, out, at) => {
    const limits = emptyVescLimits();
    for (const key of Object.keys(limits) as (keyof typeof limits)[]) limits[key] = anyNumber(random, 100);
    if (random.int(3) === 0) return encodeSetLimits(limits, out, at);
    if (random.int(2) === 0) return encodeLimitsReply(limits, random.int(64), anyNumber(random, 10), out, at);
    return encodeVescFirmware({ major: 6, minor: random.int(8), hardware: '60'.repeat(random.int(8)), uuid: Buffer.from(anyBytes(random, 12)).toString('hex') }, out, at);
  },
  decodeSpecial: (payload, oracle) => {
    const limits = emptyVescLimits();
    // They may be NaN: the host judges them.
    decodeLimitsReply(payload, limits);
    decodeSetLimits(payload, limits);
    const firmware = decodeVescFirmware(payload);
    if (firmware !== null && firmware.uuid.length !== 24) oracle.report('uuid', `a serial number is ${firmware.uuid}`);
  },
};

const positionSpeed = (random: Random) => ({ positionDeg: anyNumber(random, 360), erpm: anyNumber(random, 5_000), erpmPerSec: anyNumber(random, 5_000) });

const decodePositionSpeedOf = (dialect: typeof CUBEMARS_V1, payload: Uint8Array, oracle: Oracle): void => {
  const command = { positionDeg: 0, erpm: 0, erpmPerSec: 0 };
  if (decodePositionSpeed(dialect, payload, command)) oracle.value('position with speed', command.positionDeg, -2_147_484, 2_147_484);
};

const cubemarsV1: Member = {
  dialect: CUBEMARS_V1,
  split: (sink) => new VescSplitter(sink),
  valuesMask: CUBEMARS_VALUES_MASK,
  statusMask: CUBEMARS_STATUS_MASK,
  special: (random, out, at) => encodePositionSpeed(CUBEMARS_V1, positionSpeed(random), out, at),
  decodeSpecial: (payload, oracle) => decodePositionSpeedOf(CUBEMARS_V1, payload, oracle),
};

const cubemarsV3: Member = {
  dialect: CUBEMARS_V3,
  split: (sink) => new CubemarsV3Splitter(sink),
  valuesMask: CUBEMARS_VALUES_MASK,
  statusMask: CUBEMARS_STATUS_MASK,
  special: (random, out, at) => {
    const reading = READINGS[random.int(READINGS.length)] ?? { statusBytes: 73, positionType: 'float' };
    switch (random.int(4)) {
      case 0:
        return encodeImpedance({ positionRad: anyNumber(random, 12), velocityRadPerSec: anyNumber(random, 50), currentA: anyNumber(random, 60), kp: anyNumber(random, 500), kd: anyNumber(random, 5) }, out, at);
      case 1:
        return encodeV3Status(reading, anyValues(random), { controlMode: random.int(9), encoderDeg: anyNumber(random, 360), outerEncoderDeg: random.int(9) === 0 ? NaN : anyNumber(random, 360) }, out, at);
      case 2:
        return encodeV3RotorPosition(reading.positionType, random.int(9) === 0 ? Infinity : anyNumber(random, 360), out, at);
      default:
        return encodePositionSpeed(CUBEMARS_V3, positionSpeed(random), out, at);
    }
  },
  decodeSpecial: (payload, oracle) => {
    decodePositionSpeedOf(CUBEMARS_V3, payload, oracle);
    const command = emptyImpedanceCommand();
    if (decodeImpedance(payload, command)) for (const value of Object.values(command) as number[]) oracle.value('impedance', value, -2_147_484, 2_147_484);
    const [values, extras] = [emptyServoValues(), { controlMode: 0, encoderDeg: 0, outerEncoderDeg: 0 }];
    for (const reading of READINGS) {
      if (decodeV3Status(reading, payload, values, extras)) {
        checkValues(oracle, values);
        oracle.value('encoder', extras.encoderDeg, -FINITE_MAX, FINITE_MAX);
        oracle.value('outer encoder', extras.outerEncoderDeg, -FINITE_MAX, FINITE_MAX);
      }
      const positionDeg = decodeV3RotorPositionDeg(reading.positionType, payload);
      if (positionDeg !== null) oracle.value('rotor position', positionDeg, -FINITE_MAX, FINITE_MAX);
    }
  },
};

const target = (protocol: string, member: Member): FuzzTarget => ({
  protocol,
  side: 'codec',
  capacityBytes: VESC_PAYLOAD_MAX_BYTES + LONG_OVERHEAD_BYTES,
  account: 'exact',
  open: (oracle) => openMember(oracle, member),
});

export const servoTargets: readonly FuzzTarget[] = [target('vesc', vesc), target('cubemars-v1', cubemarsV1), target('cubemars-v3', cubemarsV3)];
