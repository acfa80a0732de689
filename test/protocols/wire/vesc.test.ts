import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc16Xmodem } from '../../../protocols/checksums.ts';
import type { Splitter } from '../../../protocols/splitter.ts';
import { CUBEMARS_V3, CubemarsV3Splitter } from '../../../protocols/wire/cubemars.ts';
import { payloadStart, sealFrame, type FrameFormat, type ServoFrameSink } from '../../../protocols/wire/vesc-frame.ts';
import { bytesOfMask, emptyServoValues, getServoValues, maskOf, putServoValues, servoFaults } from '../../../protocols/wire/vesc-values.ts';
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
  encodeRotorPosition,
  encodeSelectiveReply,
  encodeSelectiveRequest,
  encodeServoByte,
  encodeServoCommand,
  encodeServoNumber,
  encodeSetLimits,
  encodeValuesReply,
  encodeVescFirmware,
  SERVO_SCALE,
  selectiveReplyBytes,
  VESC,
  VESC_STATUS_MASK,
  VESC_VALUES_MASK,
  vescAnswers,
  VescSplitter,
} from '../../../protocols/wire/vesc.ts';

const out = new Uint8Array(1024);
const hex = (bytes: Iterable<number>): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text.split(' '), (byte) => Number.parseInt(byte, 16));
const encoded = (end: number): string => hex(out.subarray(0, end));
const number = (command: number, value: number, scale = 1): string => encoded(encodeServoNumber(VESC.frames, command, value * scale, out, 0));

function collect(make: (sink: ServoFrameSink) => Splitter = (sink) => new VescSplitter(sink)) {
  const frames: number[][] = [];
  const count = { discarded: 0, checksumErrors: 0 };
  const splitter = make({ onFrame: (frame) => frames.push([...frame]), onDiscarded: (bytes) => (count.discarded += bytes), onChecksumError: () => count.checksumErrors++ });
  return { splitter, frames, count };
}

function framed(format: FrameFormat, payload: readonly number[]): number[] {
  const buffer = new Uint8Array(payload.length + 8);
  buffer.set(payload, payloadStart(0, payload.length));
  return [...buffer.subarray(0, sealFrame(format, payload.length, buffer, 0))];
}

// Frames made by the firmware's own code: vedderb/bldc comm/packet.c and util/crc.c.
describe('frames of the firmware', () => {
  test.each<[string, string, () => string]>([
    ['COMM_FW_VERSION', '02 01 00 00 00 03', () => encoded(encodeServoCommand(VESC.frames, VESC.firmware, out, 0))],
    ['COMM_GET_VALUES', '02 01 04 40 84 03', () => encoded(encodeServoCommand(VESC.frames, VESC.getValues, out, 0))],
    ['COMM_ALIVE', '02 01 1E F3 FF 03', () => encoded(encodeServoCommand(VESC.frames, VESC.alive, out, 0))],
    ['SET_CURRENT 1.5 A', '02 05 06 00 00 05 DC 38 81 03', () => number(VESC.setCurrent, 1.5, SERVO_SCALE.current)],
    ['SET_CURRENT_BRAKE 2 A', '02 05 07 00 00 07 D0 35 3E 03', () => number(VESC.setBrake, 2, SERVO_SCALE.current)],
    ['SET_RPM 3000', '02 05 08 00 00 0B B8 F8 04 03', () => number(VESC.setErpm, 3_000, SERVO_SCALE.erpm)],
    ['SET_POS 90°', '02 05 09 05 5D 4A 80 7B 29 03', () => number(VESC.setPosition, 90, SERVO_SCALE.position)],
    ['GET_VALUES_SELECTIVE 0x000181AB', '02 05 32 00 01 81 AB 53 75 03', () => encoded(encodeSelectiveRequest(VESC, 0x181ab, out, 0))],
    ['COMM_MOTOR_ESTOP 500 ms', '02 03 9F 01 F4 C8 A2 03', () => hex(framed(VESC.frames, [VESC.estop, 0x01, 0xf4]))],
  ])('%s is %s, both ways', (_name, frame, encode) => {
    expect(encode()).toBe(frame);
    const { splitter, frames, count } = collect();
    splitter.push(bytesOf(frame));
    expect(frames).toEqual([[...bytesOf(frame).subarray(2, -3)]]);
    expect(count).toEqual({ discarded: 0, checksumErrors: 0 });
  });

  test('numbers and masks are read back from them', () => {
    expect(decodeServoNumber(bytesOf('06 00 00 05 DC'))).toBe(1_500);
    expect(decodeServoNumber(bytesOf('06 FF FF FF FE'))).toBe(-2);
    expect(decodeServoNumber(bytesOf('06 00 00 05'))).toBeNull();
    expect(decodeSelectiveRequest(bytesOf('32 FF FF FF FF'))).toBe(0xffff_ffff);
    expect(decodeSelectiveRequest(bytesOf('32 00'))).toBeNull();
  });

  test('numbers too large for their field are saturated, NaN is 0', () => {
    expect(number(VESC.setCurrent, 1e12)).toContain('06 7F FF FF FF');
    expect(number(VESC.setCurrent, -1e12)).toContain('06 80 00 00 00');
    expect(number(VESC.setCurrent, NaN)).toContain('06 00 00 00 00');
  });
});

describe('the splitter', () => {
  test('takes payloads up to 512 bytes, and above 255 in the long form only', () => {
    for (const length of [1, 255, 256, 512]) {
      const { splitter, frames } = collect();
      const payload = Array.from({ length }, (_, i) => i & 0xff);
      const frame = framed(VESC.frames, payload);
      expect(frame[0]).toBe(length > 255 ? 3 : 2);
      splitter.push(Uint8Array.from(frame));
      expect(frames).toEqual([payload]);
    }
    const { splitter, frames } = collect();
    splitter.push(Uint8Array.of(0x03, 0x02, 0x01, ...Array.from({ length: 513 }, () => 0), 0, 0, 3));
    expect(frames).toEqual([]);
  });

  test('refuses a 16-bit length below 255, as the firmware does', () => {
    const payload = Array.from({ length: 254 }, () => 4);
    const crc = crc16Xmodem(Uint8Array.from(payload));
    const { splitter, frames, count } = collect();
    splitter.push(Uint8Array.of(0x03, 0x00, 0xfe, ...payload, crc >> 8, crc & 0xff, 0x03));
    splitter.reset();
    expect(frames).toEqual([]);
    expect(count.discarded).toBe(254 + 6);
  });

  test('tells a wrong checksum from garbage', () => {
    const { splitter, count } = collect();
    splitter.push(bytesOf('02 01 04 40 85 03'));
    splitter.push(bytesOf('02 01 04 40 84 04'));
    splitter.reset();
    expect(count).toEqual({ discarded: 12, checksumErrors: 1 });
  });

  test('finds the frames inside a false start that claims 33 bytes (the power-on bytes of TMotorCANControl)', () => {
    const { splitter, frames } = collect();
    splitter.push(bytesOf('40 80 20 02 21 C0'));
    for (let i = 0; i < 5; i++) splitter.push(bytesOf('02 02 0B 04 9C 7E 03'));
    expect(frames.length).toBe(5);
  });

  test('with an idea of what can come, knows a false start by its third byte', () => {
    const { splitter, frames } = collect((sink) => new VescSplitter(sink, (command) => command <= VESC.estop));
    splitter.push(bytesOf('40 80 20 02 21 C0'));
    splitter.push(bytesOf('02 02 0B 04 9C 7E 03'));
    expect(frames).toEqual([[0x0b, 0x04]]);
  });

  test('is ready for a new frame after a reset in the middle of one', () => {
    const { splitter, frames, count } = collect();
    splitter.push(bytesOf('02 05 06 00'));
    splitter.reset();
    splitter.push(bytesOf('02 01 04 40 84 03'));
    expect(frames).toEqual([[4]]);
    expect(count.discarded).toBe(4);
  });

  test('may be reset by the one it gives a frame to', () => {
    const { frames, count } = collect();
    const splitter = new VescSplitter({
      onFrame: (frame) => {
        frames.push([...frame]);
        splitter.reset();
      },
      onDiscarded: (bytes) => (count.discarded += bytes),
    });
    splitter.push(bytesOf('02 01 04 40 84 03 02 01 1E F3 FF 03'));
    splitter.push(bytesOf('02 01 00 00 00 03'));
    expect(frames).toEqual([[4], [0x1e], [0]]);
    expect(count.discarded).toBe(0);
  });

  const family = [
    { name: 'VESC', format: VESC.frames, make: (sink: ServoFrameSink) => new VescSplitter(sink) },
    { name: 'CubeMars V3', format: CUBEMARS_V3.frames, make: (sink: ServoFrameSink) => new CubemarsV3Splitter(sink) },
  ];
  const payloads = fc.array(fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 300 }), { maxLength: 12 });

  test.each(family)('$name frames in any chunking come whole and in order', ({ format, make }) => {
    fc.assert(
      fc.property(payloads, fc.integer({ min: 1, max: 70 }), (list, size) => {
        const { splitter, frames, count } = collect(make);
        const bytes = Uint8Array.from(list.flatMap((payload) => framed(format, payload)));
        for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
        expect(frames).toEqual(list);
        expect(count.discarded).toBe(0);
      }),
    );
  });

  test.each(family)('$name garbage before frames costs at most that garbage: no frame behind it is lost', ({ format, make }) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 70 }), (garbage, size) => {
        const { splitter, frames, count } = collect(make);
        // 60 frames are longer than anything that a false start can claim.
        const wanted = Array.from({ length: 60 }, (_, i) => [4, i, 0, 0, 1]);
        const bytes = Uint8Array.from([...garbage, ...wanted.flatMap((payload) => framed(format, payload))]);
        for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
        expect(frames.slice(-wanted.length)).toEqual(wanted);
        expect(count.discarded).toBeLessThanOrEqual(garbage.length);
      }),
    );
  });

  test.each(family)('$name random bytes never throw, and each is part of a frame or discarded', ({ format, make }) => {
    const starts = fc.constantFrom(format.shortStart, format.longStart, format.stop, 0, 1, 5, 255);
    fc.assert(
      fc.property(fc.array(fc.oneof(starts, fc.integer({ min: 0, max: 255 })), { maxLength: 2_000 }), fc.integer({ min: 1, max: 300 }), (noise, size) => {
        const { splitter, frames, count } = collect(make);
        const bytes = Uint8Array.from(noise);
        for (let at = 0; at < bytes.length; at += size) splitter.push(bytes.subarray(at, at + size));
        splitter.reset();
        const inFrames = frames.reduce((sum, frame) => sum + frame.length + (frame.length > 255 ? 6 : 5), 0);
        // A payload of exactly 255 bytes has two forms.
        const longForms = frames.filter((frame) => frame.length === 255).length;
        expect(inFrames + count.discarded).toBeGreaterThanOrEqual(bytes.length - longForms);
        expect(inFrames + count.discarded).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

describe('reported values', () => {
  const some = { ...emptyServoValues(), fetTempC: 41.2, motorTempC: -3.4, qCurrentA: -12.34, erpm: -4_321, inputVoltageV: 47.9, ampHours: 1.2345, tachometer: -77, fault: 5, positionDeg: 359.999999, controllerId: 104, fet3TempC: 40, qVoltageV: 12.345, status: 1 };

  test('the full reply has 74 bytes: PyVESC and VESC Tool read it by position', () => {
    const end = encodeValuesReply(VESC, VESC_VALUES_MASK, some, out, 0);
    expect(end).toBe(74 + 5);
    const payload = out.subarray(2, end - 3);
    const view = new DataView(payload.buffer, payload.byteOffset);
    // PyVESC's `hhiiiihihiiiiiicic` behind the command byte.
    expect([view.getInt16(1) / 10, view.getInt16(3) / 10, view.getInt32(17) / 100, view.getInt32(23), view.getInt16(27) / 10]).toEqual([41.2, -3.4, -12.34, -4_321, 47.9]);
    expect([payload[53], view.getInt32(54) / 1e6, payload[58], payload[73]]).toEqual([5, 359.999999, 104, 1]);
    const read = emptyServoValues();
    expect(decodeValuesReply(VESC, payload, VESC_VALUES_MASK, read)).toBe(true);
    expect(read).toEqual(some);
  });

  test('what a cycle needs takes 24 bytes of payload', () => {
    expect(selectiveReplyBytes(VESC_STATUS_MASK)).toBe(24);
  });

  test('each bit of the mask brings its own bytes, and a bit without a field none', () => {
    const bytes = [2, 2, 4, 4, 4, 4, 2, 4, 2, 4, 4, 4, 4, 4, 4, 1, 4, 1, 6, 4, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    bytes.forEach((count, bit) => {
      const mask = 2 ** bit;
      expect(bytesOfMask(mask)).toBe(count);
      const end = encodeSelectiveReply(VESC, mask, some, out, 0);
      expect(end).toBe(5 + count + 5);
      expect(hex(out.subarray(3, 7))).toBe(hex([mask >>> 24, (mask >>> 16) & 255, (mask >>> 8) & 255, mask & 255]));
      expect(decodeSelectiveReply(VESC, out.subarray(2, end - 3), mask, emptyServoValues())).toBe(true);
    });
    expect(bytesOfMask(0xffff_ffff)).toBe(73);
  });

  test('a selective reply is refused when its mask or its length is another', () => {
    const mask = maskOf('erpm', 'fault');
    const end = encodeSelectiveReply(VESC, mask, some, out, 0);
    const payload = out.slice(2, end - 3);
    const values = emptyServoValues();
    expect(decodeSelectiveReply(VESC, payload, maskOf('erpm', 'controllerId'), values)).toBe(false);
    expect(decodeSelectiveReply(VESC, payload.subarray(0, -1), mask, values)).toBe(false);
    expect(decodeSelectiveReply(VESC, Uint8Array.of(...payload, 0), mask, values)).toBe(false);
    expect(values).toEqual(emptyServoValues());
    expect(decodeSelectiveReply(VESC, payload, mask, values)).toBe(true);
    expect(values).toEqual({ ...emptyServoValues(), erpm: -4_321, fault: 5 });
  });

  test('any values of any mask come back as they were, to the resolution of the field', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x3f_ffff }), fc.double({ min: -20, max: 20, noNaN: true }), (mask, value) => {
        const values = emptyServoValues();
        for (const key of Object.keys(values)) Object.assign(values, { [key]: ['fault', 'controllerId', 'status'].includes(key) ? Math.abs(Math.round(value)) : value });
        const read = emptyServoValues();
        const end = putServoValues(values, mask, out, 0);
        expect(getServoValues(out.subarray(0, end), 0, mask, read)).toBe(end);
        const again = out.slice(0, end);
        putServoValues(read, mask, out, 0);
        expect(out.subarray(0, end)).toEqual(again);
        expect(getServoValues(out.subarray(0, end - 1), 0, mask, read)).toBe(mask === 0 ? 0 : -1);
      }),
    );
  });

  test('random payloads never throw and never give a number that is none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), (noise) => {
        const values = emptyServoValues();
        for (const command of [VESC.getValues, VESC.getSelective]) {
          const payload = Uint8Array.of(command, ...noise);
          decodeValuesReply(VESC, payload, VESC_VALUES_MASK, values);
          decodeSelectiveReply(VESC, payload, VESC_STATUS_MASK, values);
          decodeVescFirmware(Uint8Array.of(VESC.firmware, ...noise));
          decodeLimitsReply(Uint8Array.of(VESC.getLimits, ...noise), emptyVescLimits());
        }
        expect(Object.values(values).every(Number.isFinite)).toBe(true);
      }),
    );
  });

  test('faults have the numbers of the firmware (datatypes.h mc_fault_code)', () => {
    expect([servoFaults.indexOf('overVoltage'), servoFaults.indexOf('absoluteOverCurrent'), servoFaults.indexOf('motorOverTemperature'), servoFaults.indexOf('encoderSpi'), servoFaults.length]).toEqual([1, 4, 6, 11, 19]);
  });
});

describe('who it is and its limits', () => {
  const firmware = { major: 6, minor: 5, hardware: '60_MK6', uuid: '0123456789abcdef00112233' };

  test('the firmware reply begins with version, hardware name and the processor serial number', () => {
    const end = encodeVescFirmware(firmware, out, 0);
    expect(hex(out.subarray(2, 5 + 7))).toBe('00 06 05 36 30 5F 4D 4B 36 00');
    // 8 flags, an empty firmware name, the CRC of the hardware's configuration.
    expect(end - 5).toBe(3 + 7 + 12 + 8 + 1 + 4);
    expect(decodeVescFirmware(out.subarray(2, end - 3))).toEqual(firmware);
  });

  test('a reply that is cut is none', () => {
    const end = encodeVescFirmware(firmware, out, 0);
    for (let length = 0; length < 3 + 7 + 12; length++) expect(decodeVescFirmware(out.slice(2, end - 3).subarray(0, length))).toBeNull();
  });

  test('limits travel as single-precision numbers in the order of COMM_SET_MCCONF_TEMP', () => {
    const limits = { currentScaleMin: 0.5, currentScaleMax: 1, erpmMin: -12_000, erpmMax: 12_000, dutyMin: 0.25, dutyMax: 0.75, wattMin: -64, wattMax: 128, inputCurrentMinA: -8, inputCurrentMaxA: 16 };
    const end = encodeSetLimits(limits, out, 0);
    expect(hex(out.subarray(2, 7 + 8))).toBe('30 00 00 01 00 3F 00 00 00 3F 80 00 00');
    const read = emptyVescLimits();
    const payload = out.slice(2, end - 3);
    expect(decodeSetLimits(payload, read)).toEqual({ acknowledge: true });
    expect(read).toEqual(limits);
    // VESC Tool may leave the battery's currents out.
    const short = emptyVescLimits();
    expect(decodeSetLimits(payload.subarray(0, -8), short)).toEqual({ acknowledge: true });
    expect(short).toEqual({ ...limits, inputCurrentMinA: 0, inputCurrentMaxA: 0 });
    expect(decodeSetLimits(payload.subarray(0, 30), short)).toBeNull();
    const replyEnd = encodeLimitsReply(limits, 14, 9, out, 0);
    const again = emptyVescLimits();
    expect(decodeLimitsReply(out.subarray(2, replyEnd - 3), again)).toBe(true);
    expect(again).toEqual(limits);
  });
});

test('a host expects the lengths of the answers to its own requests, and nothing else', () => {
  const ends = [
    encodeSelectiveReply(VESC, VESC_STATUS_MASK, emptyServoValues(), out, 0),
    encodeVescFirmware({ major: 6, minor: 0, hardware: 'X', uuid: '' }, out, 0),
    encodeLimitsReply(emptyVescLimits(), 14, 1, out, 0),
  ];
  expect([vescAnswers(VESC.getSelective, ends[0]! - 5), vescAnswers(VESC.firmware, ends[1]! - 5), vescAnswers(VESC.getLimits, ends[2]! - 5), vescAnswers(VESC.setLimits, 1), vescAnswers(VESC.getValues, 74)]).toEqual([true, true, true, true, true]);
  expect([vescAnswers(VESC.getSelective, 5), vescAnswers(VESC.rotorPosition, 5), vescAnswers(200, 5)]).toEqual([false, false, false]);
});

test('the position stream is that of PyVESC: hundred-thousandths of a degree', () => {
  expect(encoded(encodeRotorPosition(VESC, 90 * 100_000, out, 0))).toContain('02 05 16 00 89 54 40');
  expect(encoded(encodeServoByte(VESC.frames, VESC.setDetect, 4, out, 0))).toBe('02 02 0B 04 9C 7E 03');
});
