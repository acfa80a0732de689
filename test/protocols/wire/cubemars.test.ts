import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CUBEMARS_STATUS_MASK,
  CUBEMARS_V1,
  CUBEMARS_V3,
  CUBEMARS_VALUES_MASK,
  cubemarsAnswers,
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
  type V3Extras,
  type V3Reading,
} from '../../../protocols/wire/cubemars.ts';
import { emptyServoValues } from '../../../protocols/wire/vesc-values.ts';
import {
  decodeSelectiveReply,
  decodeValuesReply,
  encodeSelectiveReply,
  encodeSelectiveRequest,
  encodeServoByte,
  encodeServoCommand,
  encodeServoNumber,
  encodeValuesReply,
  selectiveReplyBytes,
  SERVO_SCALE,
  VescSplitter,
} from '../../../protocols/wire/vesc.ts';

const out = new Uint8Array(256);
const hex = (bytes: Iterable<number>): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text.split(' '), (byte) => Number.parseInt(byte, 16));
const encoded = (end: number): string => hex(out.subarray(0, end));

function payloadOf(version: 1 | 3, frame: string): Uint8Array {
  const payloads: Uint8Array[] = [];
  const sink = { onFrame: (payload: Uint8Array) => payloads.push(payload.slice()), onDiscarded: () => {} };
  const splitter = version === 1 ? new VescSplitter(sink) : new CubemarsV3Splitter(sink);
  splitter.push(bytesOf(frame));
  expect(payloads.length).toBe(1);
  return payloads[0]!;
}

const v3 = (command: number, value: number, scale: number) => (): number => encodeServoNumber(CUBEMARS_V3.frames, command, value * scale, out, 0);
const v1 = (command: number, value: number, scale: number) => (): number => encodeServoNumber(CUBEMARS_V1.frames, command, value * scale, out, 0);
const impedance = (values: Partial<ReturnType<typeof emptyImpedanceCommand>>) => (): number => encodeImpedance({ ...emptyImpedanceCommand(), ...values }, out, 0);
const { duty, current, erpm, position } = SERVO_SCALE;

// AK series module manual V3.0.1, sections 4.3.2 and 4.4.2 (copy in TUM-Aries-Lab/motor-module).
test.each<[string, string, () => number]>([
  ['get values', 'AA 01 45 18 61 BB', () => encodeServoCommand(CUBEMARS_V3.frames, CUBEMARS_V3.getValues, out, 0)],
  ['position stream on', 'AA 02 4C 04 08 25 BB', () => encodeServoByte(CUBEMARS_V3.frames, CUBEMARS_V3.setDetect, 4, out, 0)],
  ['get MOS temperature', 'AA 05 13 00 00 00 01 FA A9 BB', () => encodeSelectiveRequest(CUBEMARS_V3, 1, out, 0)],
  ['duty 0.2', 'AA 05 46 00 00 4E 20 D6 4C BB', v3(CUBEMARS_V3.setDuty, 0.2, duty)],
  ['duty −0.2', 'AA 05 46 FF FF B1 E0 88 3F BB', v3(CUBEMARS_V3.setDuty, -0.2, duty)],
  ['current 5 A', 'AA 05 47 00 00 13 88 30 1C BB', v3(CUBEMARS_V3.setCurrent, 5, current)],
  ['current −5 A', 'AA 05 47 FF FF EC 78 58 3C BB', v3(CUBEMARS_V3.setCurrent, -5, current)],
  ['brake 5 A', 'AA 05 48 00 00 13 88 55 E5 BB', v3(CUBEMARS_V3.setBrake, 5, current)],
  ['brake −5 A', 'AA 05 48 FF FF EC 78 3D C5 BB', v3(CUBEMARS_V3.setBrake, -5, current)],
  ['1000 ERPM', 'AA 05 49 00 00 03 E8 90 61 BB', v3(CUBEMARS_V3.setErpm, 1_000, erpm)],
  ['−1000 ERPM', 'AA 05 49 FF FF FC 18 F8 41 BB', v3(CUBEMARS_V3.setErpm, -1_000, erpm)],
  ['position 180°', 'AA 05 4A 0A BA 95 00 E1 4D BB', v3(CUBEMARS_V3.setPosition, 180, position)],
  ['position 90°', 'AA 05 4A 05 5D 4A 80 84 93 BB', v3(CUBEMARS_V3.setPosition, 90, position)],
  ['180° at 5000 ERPM, 30000 ERPM/s', 'AA 0D 3C 00 02 BF 20 00 00 13 88 00 00 75 30 18 1C BB', () => encodePositionSpeed(CUBEMARS_V3, { positionDeg: 180, erpm: 5_000, erpmPerSec: 30_000 }, out, 0)],
  ['impedance: 6 rad/s, kd 2', 'AA 15 60 00 00 00 00 00 00 17 70 00 00 00 00 00 00 00 00 00 00 07 D0 93 DA BB', impedance({ velocityRadPerSec: 6, kd: 2 })],
  ['impedance: −6 rad/s, kd 2', 'AA 15 60 00 00 00 00 FF FF E8 90 00 00 00 00 00 00 00 00 00 00 07 D0 87 5C BB', impedance({ velocityRadPerSec: -6, kd: 2 })],
  ['impedance: 6 rad, 0.1 rad/s, kp kd 2', 'AA 15 60 00 00 17 70 00 00 00 64 00 00 00 00 00 00 07 D0 00 00 07 D0 91 BC BB', impedance({ positionRad: 6, velocityRadPerSec: 0.1, kp: 2, kd: 2 })],
  ['impedance: −6 rad', 'AA 15 60 FF FF E8 90 00 00 00 64 00 00 00 00 00 00 07 D0 00 00 07 D0 C9 10 BB', impedance({ positionRad: -6, velocityRadPerSec: 0.1, kp: 2, kd: 2 })],
  ['impedance: 2 A', 'AA 15 60 00 00 00 00 00 00 00 64 00 00 07 D0 00 00 00 00 00 00 00 00 CB B7 BB', impedance({ velocityRadPerSec: 0.1, currentA: 2 })],
  ['impedance: 4 A', 'AA 15 60 00 00 00 00 00 00 00 64 00 00 0F A0 00 00 00 00 00 00 00 00 2A 27 BB', impedance({ velocityRadPerSec: 0.1, currentA: 4 })],
])('the V3 manual: %s', (_name, frame, encode) => {
  expect(encoded(encode())).toBe(frame);
  expect([...payloadOf(3, frame)]).toEqual([...bytesOf(frame).subarray(2, -3)]);
});

// AK series module driver manual V1.0.8 pp. 40-44, V1.0.18.
test.each<[string, string, () => number]>([
  ['get values', '02 01 04 40 84 03', () => encodeServoCommand(CUBEMARS_V1.frames, CUBEMARS_V1.getValues, out, 0)],
  ['duty 0.2', '02 05 05 00 00 4E 20 29 F6 03', v1(CUBEMARS_V1.setDuty, 0.2, duty)],
  ['current 5 A', '02 05 06 00 00 13 88 8B 25 03', v1(CUBEMARS_V1.setCurrent, 5, current)],
  ['1000 ERPM', '02 05 08 00 00 03 E8 2B 58 03', v1(CUBEMARS_V1.setErpm, 1_000, erpm)],
  ['position 180°', '02 05 09 0A BA 95 00 1E F7 03', v1(CUBEMARS_V1.setPosition, 180, position)],
  ['handbrake 5 A', '02 05 0A 00 00 13 88 00 0E 03', v1(CUBEMARS_V1.setHandbrake, 5, current)],
  ['handbrake −5 A', '02 05 0A FF FF EC 78 68 2E 03', v1(CUBEMARS_V1.setHandbrake, -5, current)],
  ['180° at 5000 ERPM, 30000 ERPM/s', '02 0D 5B 00 02 BF 20 00 00 13 88 00 00 75 30 A5 AC 03', () => encodePositionSpeed(CUBEMARS_V1, { positionDeg: 180, erpm: 5_000, erpmPerSec: 30_000 }, out, 0)],
  ['multi-turn', '02 05 5C 00 00 00 00 9E 19 03', v1(CUBEMARS_V1.multiTurn, 0, 1)],
  ['permanent origin', '02 02 5F 01 0E A0 03', () => encodeServoByte(CUBEMARS_V1.frames, CUBEMARS_V1.origin, 1, out, 0)],
  ['position stream on', '02 02 0B 04 9C 7E 03', () => encodeServoByte(CUBEMARS_V1.frames, CUBEMARS_V1.setDetect, 4, out, 0)],
  ['get MOS temperature', '02 05 32 00 00 00 01 58 4C 03', () => encodeSelectiveRequest(CUBEMARS_V1, 1, out, 0)],
])('the V1/V2 manual: %s', (_name, frame, encode) => {
  expect(encoded(encode())).toBe(frame);
  expect([...payloadOf(1, frame)]).toEqual([...bytesOf(frame).subarray(2, -3)]);
});

describe('answers in the V3 manual', () => {
  const STATUS =
    'AA 49 45 01 27 FC DF 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 F2 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 FF FF FF FD 00 00 00 07 00 FF EF 54 F1 68 00 00 00 00 00 00 00 00 00 00 FF FF FF FC 86 D5 BB';
  const extras = (): V3Extras => ({ controlMode: 0, encoderDeg: 0, outerEncoderDeg: 0 });

  test('the full status of its example has 73 bytes, and its position is an integer', () => {
    const payload = payloadOf(3, STATUS);
    const values = emptyServoValues();
    expect(decodeV3Status({ statusBytes: 73, positionType: 'microDegrees' }, payload, values, extras())).toBe(true);
    expect(values).toMatchObject({ fetTempC: 29.5, motorTempC: -80.1, inputVoltageV: 24.2, fault: 0, positionDeg: -1.092367, controllerId: 0x68, qVoltageV: -0.004 });
    expect(encoded(encodeV3Status({ statusBytes: 73, positionType: 'microDegrees' }, values, extras(), out, 0))).toBe(STATUS);
  });

  test('read as its text has it, the same example is refused: a position that is no number, and another length', () => {
    const payload = payloadOf(3, STATUS);
    expect(decodeV3Status({ statusBytes: 73, positionType: 'float' }, payload, emptyServoValues(), extras())).toBe(false);
    expect(decodeV3Status({ statusBytes: 85, positionType: 'microDegrees' }, payload, emptyServoValues(), extras())).toBe(false);
  });

  test('the status of its text has 85 bytes with floats where TUM-Aries motor-module unpacks them', () => {
    const values = { ...emptyServoValues(), fetTempC: 29.5, qCurrentA: 1.5, erpm: -300, fault: 4, positionDeg: 12.5, controllerId: 7 };
    const end = encodeV3Status({ statusBytes: 85, positionType: 'float' }, values, { controlMode: 2, encoderDeg: 90, outerEncoderDeg: -12.5 }, out, 0);
    expect(end).toBe(85 + 5);
    // Its parser is given the payload behind the command byte.
    const view = new DataView(out.buffer, 3);
    expect([view.getInt16(0), view.getInt32(16), view.getInt32(22), view.getUint8(52), view.getFloat32(53), view.getUint8(57), view.getInt32(72), view.getFloat32(76), view.getFloat32(80)]).toEqual([295, 150, -300, 4, 12.5, 7, 2, 90, -12.5]);
  });

  test.each<V3Reading>([
    { statusBytes: 73, positionType: 'float' },
    { statusBytes: 73, positionType: 'microDegrees' },
    { statusBytes: 85, positionType: 'float' },
    { statusBytes: 85, positionType: 'microDegrees' },
  ])('any status comes back as it was, with $statusBytes bytes and position as $positionType', (reading) => {
    fc.assert(
      fc.property(fc.integer({ min: -720_000, max: 720_000 }), fc.integer({ min: -9_000, max: 9_000 }), fc.integer({ min: 0, max: 255 }), (milliDeg, value, byte) => {
        const values = { ...emptyServoValues(), positionDeg: Math.fround(milliDeg / 1_000), erpm: value, qCurrentA: value / 100, fault: byte, controllerId: byte, qVoltageV: value / 1_000 };
        const end = encodeV3Status(reading, values, { controlMode: byte, encoderDeg: 0.5, outerEncoderDeg: 1.5 }, out, 0);
        const read = emptyServoValues();
        const more = extras();
        expect(decodeV3Status(reading, out.subarray(2, end - 3), read, more)).toBe(true);
        expect(read.positionDeg).toBeCloseTo(values.positionDeg, 5);
        expect({ ...read, positionDeg: 0 }).toEqual({ ...values, positionDeg: 0 });
        expect(more).toEqual(reading.statusBytes === 85 ? { controlMode: byte, encoderDeg: 0.5, outerEncoderDeg: 1.5 } : extras());
      }),
    );
  });

  test('MOS temperature, selective', () => {
    const payload = payloadOf(3, 'AA 07 13 00 00 00 01 01 21 DF BB BB');
    const values = emptyServoValues();
    expect(decodeSelectiveReply(CUBEMARS_V3, payload, 1, values)).toBe(true);
    expect(values.fetTempC).toBe(28.9);
    expect(encoded(encodeSelectiveReply(CUBEMARS_V3, 1, values, out, 0))).toBe('AA 07 13 00 00 00 01 01 21 DF BB BB');
  });

  test('the position of its example is 1.750628° as an integer; as a float it is next to 0', () => {
    const payload = payloadOf(3, 'AA 05 57 00 1A B6 64 6E CD BB');
    expect(decodeV3RotorPositionDeg('microDegrees', payload)).toBe(1.750628);
    expect(Math.abs(decodeV3RotorPositionDeg('float', payload)!)).toBeLessThan(1e-30);
    expect(encoded(encodeV3RotorPosition('microDegrees', 1.750628, out, 0))).toBe('AA 05 57 00 1A B6 64 6E CD BB');
    expect(decodeV3RotorPositionDeg('float', out.subarray(2, encodeV3RotorPosition('float', -33.25, out, 0) - 3))).toBe(-33.25);
    expect(decodeV3RotorPositionDeg('float', bytesOf('57 7F C0 00 00'))).toBeNull();
    expect(decodeV3RotorPositionDeg('float', bytesOf('57 00'))).toBeNull();
  });

  test('random payloads never throw and never give a number that is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), fc.constantFrom<V3Reading['statusBytes']>(73, 85), fc.constantFrom<V3Reading['positionType']>('float', 'microDegrees'), (noise, statusBytes, positionType) => {
        const values = emptyServoValues();
        decodeV3Status({ statusBytes, positionType }, Uint8Array.of(CUBEMARS_V3.getValues, ...noise).subarray(0, statusBytes), values, extras());
        decodeSelectiveReply(CUBEMARS_V3, Uint8Array.of(CUBEMARS_V3.getSelective, ...noise), CUBEMARS_STATUS_MASK, values);
        decodeImpedance(Uint8Array.of(CUBEMARS_V3.impedance, ...noise), emptyImpedanceCommand());
        expect(Object.values(values).every(Number.isFinite)).toBe(true);
      }),
    );
  });
});

test('any impedance and any position with speed come back to a thousandth', () => {
  const milli = fc.integer({ min: -500_000, max: 500_000 }).map((value) => value / 1_000);
  fc.assert(
    fc.property(milli, milli, milli, milli, milli, (positionRad, velocityRadPerSec, currentA, kp, kd) => {
      const command = { positionRad, velocityRadPerSec, currentA, kp, kd };
      const read = emptyImpedanceCommand();
      const end = encodeImpedance(command, out, 0);
      expect(end).toBe(26);
      expect(decodeImpedance(out.subarray(2, end - 3), read)).toBe(true);
      expect(read).toEqual(command);
      const goal = { positionDeg: positionRad, erpm: Math.round(kp) + 0, erpmPerSec: Math.round(kd) + 0 };
      const readGoal = { positionDeg: 0, erpm: 0, erpmPerSec: 0 };
      const goalEnd = encodePositionSpeed(CUBEMARS_V3, goal, out, 0);
      expect(decodePositionSpeed(CUBEMARS_V3, out.subarray(2, goalEnd - 3), readGoal)).toBe(true);
      expect(readGoal).toEqual(goal);
    }),
  );
});

test('a V1/V2 full reply has 73 bytes: TMotorCANControl reads it by position', () => {
  const values = { ...emptyServoValues(), fetTempC: 30.1, erpm: 500, fault: 6, positionDeg: 180, controllerId: 104, dVoltageV: 0.5, qVoltageV: -1.5 };
  const end = encodeValuesReply(CUBEMARS_V1, CUBEMARS_VALUES_MASK, values, out, 0);
  expect(end).toBe(73 + 5);
  const view = new DataView(out.buffer, 2);
  expect([view.getInt16(1), view.getInt32(23), view.getUint8(53), view.getInt32(54), view.getUint8(58), view.getInt32(65), view.getInt32(69)]).toEqual([301, 500, 6, 180_000_000, 104, 500, -1_500]);
  const read = emptyServoValues();
  expect(decodeValuesReply(CUBEMARS_V1, out.subarray(2, end - 3), CUBEMARS_VALUES_MASK, read)).toBe(true);
  expect(read).toEqual(values);
});

test('a host expects the lengths of the answers to its own requests, and nothing else', () => {
  const expects = cubemarsAnswers(CUBEMARS_V3);
  expect([expects(0x13, selectiveReplyBytes(CUBEMARS_STATUS_MASK)), expects(0x45, 73), expects(0x45, 85)]).toEqual([true, true, true]);
  expect([expects(0x13, 7), expects(0x45, 20), expects(0x57, 5)]).toEqual([false, false, false]);
});
