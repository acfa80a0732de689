import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeServoCommand,
  decodeServoUpload,
  emptyServoCommand,
  emptyServoUpload,
  encodeServoPositionSpeed,
  encodeServoUpload,
  encodeServoValue,
  SERVO_MODE,
  servoCanId,
  type ServoValueMode,
} from '../../../protocols/wire/servo-can.ts';

const hex = (data: Uint8Array): string => Array.from(data, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text.split(' '), (byte) => Number.parseInt(byte, 16));

// Manual V3.0.1, section 4.4.1, drive 0x68 (also in TUM-Aries-Lab/motor-module CAN_QUICK_REFERENCE.md)
test.each([
  ['duty', 0.2, 0x68, '00 00 4E 20'],
  ['current', -4, 0x168, 'FF FF F0 60'],
  ['brake', 4, 0x268, '00 00 0F A0'],
  ['speed', 5_000, 0x368, '00 00 13 88'],
  ['position', 600, 0x468, '00 5B 8D 80'],
] as const)('%s %d goes to id %i as %s', (mode, value, id, text) => {
  const data = new Uint8Array(4);
  encodeServoValue(mode, value, data);
  expect([servoCanId(SERVO_MODE[mode], 0x68), hex(data)]).toEqual([id, text]);
  const command = emptyServoCommand();
  expect(decodeServoCommand(SERVO_MODE[mode], data, 4, command)).toBe(true);
  expect(command).toMatchObject({ mode: SERVO_MODE[mode], value });
});

// The same section: position 0x09989680 / 10 000 degrees, 10 000 ERPM, 10 000 ERPM/s
test('position with speed and acceleration', () => {
  const data = bytesOf('09 98 96 80 03 E8 03 E8');
  const command = emptyServoCommand();
  expect(decodeServoCommand(SERVO_MODE.positionSpeed, data, 8, command)).toBe(true);
  expect(command).toEqual({ mode: SERVO_MODE.positionSpeed, value: 16099.4944, erpm: 10_000, erpmPerSec: 10_000 });
  const back = new Uint8Array(8);
  encodeServoPositionSpeed(command.value, command.erpm, command.erpmPerSec, back);
  expect(hex(back)).toBe(hex(data));
});

// TUM-Aries-Lab/motor-module CAN_QUICK_REFERENCE.md, "Parse Feedback"
test('an upload is read and written: 100°, 1 000 ERPM, 2.5 A, 25 °C', () => {
  const data = bytesOf('03 E8 00 64 00 FA 19 00');
  const upload = emptyServoUpload();
  decodeServoUpload(data, upload);
  expect(upload).toEqual({ positionDeg: 100, erpm: 1_000, currentA: 2.5, tempC: 25, errorCode: 0 });
  const back = new Uint8Array(8);
  encodeServoUpload(upload, back);
  expect(hex(back)).toBe(hex(data));
});

test('another length or mode is no servo command', () => {
  const command = emptyServoCommand();
  for (const [mode, length] of [[0, 8], [1, 3], [5, 4], [6, 4], [8, 8], [9, 4], [7, 4]] as const) expect(decodeServoCommand(mode, new Uint8Array(8), length, command)).toBe(false);
  expect(decodeServoCommand(SERVO_MODE.origin, Uint8Array.of(1), 1, command)).toBe(true);
  expect(command.value).toBe(1);
});

test('what is encoded is decoded again; beyond the field it is saturated, and NaN is 0', () => {
  const modes = fc.constantFrom<ServoValueMode>('duty', 'current', 'brake', 'speed', 'position');
  fc.assert(
    fc.property(modes, fc.double({ min: -2_000, max: 2_000, noNaN: true }), (mode, value) => {
      const data = new Uint8Array(4);
      encodeServoValue(mode, value, data);
      const command = emptyServoCommand();
      decodeServoCommand(SERVO_MODE[mode], data, 4, command);
      expect(Math.abs(command.value - value)).toBeLessThanOrEqual(mode === 'speed' ? 0.5 : 0.000_5);
    }),
  );
  const data = new Uint8Array(4);
  encodeServoValue('position', 1e9, data);
  expect(hex(data)).toBe('7F FF FF FF');
  encodeServoValue('position', -1e9, data);
  expect(hex(data)).toBe('80 00 00 00');
  encodeServoValue('position', NaN, data);
  expect(hex(data)).toBe('00 00 00 00');
});
