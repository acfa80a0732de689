import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MitDriveProfile } from '../../../protocols/drive-profile.ts';
import { emptyMitCommand, emptyMitReply, encodeMitSpecial, MitCodec, mitErrors, mitReplyBytes, mitSpecialOf } from '../../../protocols/wire/mit.ts';

const ak80x64: MitDriveProfile = {
  protocol: 'mit',
  setPoint: 'impedance',
  watchdog: 'proof',
  model: 'AK80-64',
  link: 'leg',
  address: 1,
  scaling: '2^n-1',
  positionRangeRad: 12.5,
  velocityRangeRadPerSec: 8,
  torqueRangeNm: 144,
  stiffnessMaxNmPerRad: 500,
  dampingMaxNmsPerRad: 5,
  direction: 1,
  zeroOffsetDeg: 0,
  continuousTorqueNm: 48,
  peakTorqueNm: 120,
  peakTimeSec: 10,
  watchdogMs: 100,
  tempWarnC: 75,
  tempLimitC: 90,
};
const ak80x9: MitDriveProfile = { ...ak80x64, model: 'AK80-9', scaling: '2^n', velocityRangeRadPerSec: 50, torqueRangeNm: 18 };

const ak10x9V3: MitDriveProfile = { ...ak80x64, model: 'AK10-9 V3', velocityRangeRadPerSec: 50, torqueRangeNm: 65, v3: { torqueConstantNmPerA: 1.4, gearRatio: 9, polePairs: 21, uploadHz: 500 } };

const hex = (data: Uint8Array): string => Array.from(data, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');

function encoded(codec: MitCodec, command: Partial<ReturnType<typeof emptyMitCommand>>): string {
  const data = new Uint8Array(8);
  expect(codec.encodeCommand({ ...emptyMitCommand(), ...command }, data)).toBe(true);
  return hex(data);
}

describe('published frames', () => {
  // bgkatz/motorcontrol math_ops.c (2^n − 1) and the CubeMars manual's (2^n)
  test.each([
    ['2^n-1', '7F FF 7F F0 00 00 07 FF'],
    ['2^n', '80 00 80 00 00 00 08 00'],
  ] as const)('the zero command in the %s scaling is %s', (scaling, frame) => {
    expect(encoded(new MitCodec({ ...ak80x64, scaling }), {})).toBe(frame);
  });

  test('TMotorCANControl, AK80-9: p 0.3, kp 10, kd 0.5', () => {
    const codec = new MitCodec(ak80x9);
    expect(encoded(codec, { positionRad: 0.3, stiffnessNmPerRad: 10, dampingNmsPerRad: 0.5 })).toBe('83 12 80 00 51 19 98 00');
  });

  test('enter, exit and zero end in FC, FD and FE', () => {
    const data = new Uint8Array(8);
    const frames = (['enter', 'exit', 'zero'] as const).map((special) => {
      encodeMitSpecial(special, data);
      expect(mitSpecialOf(data)).toBe(special);
      return hex(data);
    });
    expect(frames).toEqual(['FC', 'FD', 'FE'].map((last) => `FF FF FF FF FF FF FF ${last}`));
  });

  // CubeMars AK series manual V3.0.1, section 4.2 (id 0x868), made with ±12.5 rad, ±50 rad/s and ±65 Nm
  test.each([
    ['kd 2, 6 rad/s', '00 06 66 7F FF 8F 57 FF', { velocityRadPerSec: 6, dampingNmsPerRad: 2 }],
    ['kp 2, kd 2, 6 rad', '01 06 66 BD 70 7F F7 FF', { positionRad: 6, stiffnessNmPerRad: 2, dampingNmsPerRad: 2 }],
  ])('third layout: %s is %s', (_what, frame, command) => {
    const codec = new MitCodec(ak10x9V3);
    const back = emptyMitCommand();
    codec.decodeCommand(Uint8Array.from(frame.split(' '), (byte) => Number.parseInt(byte, 16)), back);
    const wanted = { ...emptyMitCommand(), ...command };
    expect(Math.abs(back.positionRad - wanted.positionRad)).toBeLessThanOrEqual(25 / 65_535);
    expect(Math.abs(back.velocityRadPerSec - wanted.velocityRadPerSec)).toBeLessThanOrEqual(100 / 4_095);
    expect(Math.abs(back.stiffnessNmPerRad - wanted.stiffnessNmPerRad)).toBeLessThanOrEqual(500 / 4_095);
    expect(Math.abs(back.dampingNmsPerRad - wanted.dampingNmsPerRad)).toBeLessThanOrEqual(5 / 4_095);
    expect(Math.abs(back.torqueNm)).toBeLessThanOrEqual(130 / 4_095);
    // The manual rounds 6 rad up where firmware truncates: one step apart.
    expect(encoded(codec, command)).toBe(frame.replace('BD 70', 'BD 6F'));
  });

  test('a reply has what its firmware puts behind the torque', () => {
    const reply = { ...emptyMitReply(), id: 1, torqueNm: 20, tempC: 41, errorCode: 2 };
    const data = new Uint8Array(8);
    const [hot, short, volts] = ([{}, { reply: 'short' }, { reply: 'busVoltage' }] as const).map((variant) => ({ codec: new MitCodec({ ...ak80x64, ...variant }), bytes: mitReplyBytes({ ...ak80x64, ...variant }) }));
    expect([hot!.bytes, short!.bytes, volts!.bytes]).toEqual([8, 6, 8]);
    for (const { codec } of [short!, volts!]) {
      codec.encodeReply(reply, data);
      const back = emptyMitReply();
      codec.decodeReply(data, back);
      expect(back).toMatchObject({ id: 1, tempC: 0, errorCode: 0 });
      expect(back.torqueNm).toBeCloseTo(20, 0);
    }
    hot!.codec.encodeReply(reply, data);
    expect([data[6], data[7]]).toEqual([41, 2]);
  });

  test('the manual names seven errors', () => {
    expect(mitErrors).toHaveLength(8);
  });
});

const scalings = fc.constantFrom('2^n-1' as const, '2^n' as const);
const commands = fc.record({
  positionRad: fc.double({ min: -12.5, max: 12.5, noNaN: true }),
  velocityRadPerSec: fc.double({ min: -8, max: 8, noNaN: true }),
  stiffnessNmPerRad: fc.double({ min: 0, max: 500, noNaN: true }),
  dampingNmsPerRad: fc.double({ min: 0, max: 5, noNaN: true }),
  torqueNm: fc.double({ min: -144, max: 144, noNaN: true }),
});

describe('any values', () => {
  test('a command arrives within one step of what was sent', () => {
    fc.assert(
      fc.property(scalings, fc.constantFrom(ak80x64, { ...ak10x9V3, velocityRangeRadPerSec: 8, torqueRangeNm: 144 }), commands, (scaling, drive, command) => {
        const codec = new MitCodec({ ...drive, scaling });
        const data = new Uint8Array(8);
        const back = emptyMitCommand();
        codec.encodeCommand(command, data);
        codec.decodeCommand(data, back);
        const step = { positionRad: 25 / 65535, velocityRadPerSec: 16 / 4095, stiffnessNmPerRad: 500 / 4095, dampingNmsPerRad: 5 / 4095, torqueNm: 288 / 4095 };
        for (const key of Object.keys(step) as (keyof typeof step)[]) expect(Math.abs(back[key] - command[key])).toBeLessThanOrEqual(step[key] * 1.000001);
      }),
    );
  });

  test('a reply arrives within one step, with its temperature and error', () => {
    const replies = fc.record({
      id: fc.integer({ min: 1, max: 127 }),
      positionRad: fc.double({ min: -12.5, max: 12.5, noNaN: true }),
      velocityRadPerSec: fc.double({ min: -8, max: 8, noNaN: true }),
      torqueNm: fc.double({ min: -144, max: 144, noNaN: true }),
      tempC: fc.integer({ min: -40, max: 127 }),
      errorCode: fc.nat(255),
    });
    fc.assert(
      fc.property(scalings, replies, (scaling, reply) => {
        const codec = new MitCodec({ ...ak80x64, scaling });
        const data = new Uint8Array(8);
        const back = emptyMitReply();
        codec.encodeReply(reply, data);
        codec.decodeReply(data, back);
        expect(back).toMatchObject({ id: reply.id, tempC: reply.tempC, errorCode: reply.errorCode });
        expect(Math.abs(back.positionRad - reply.positionRad)).toBeLessThan(4e-4);
        expect(Math.abs(back.velocityRadPerSec - reply.velocityRadPerSec)).toBeLessThan(4e-3);
        expect(Math.abs(back.torqueNm - reply.torqueNm)).toBeLessThan(0.0704);
      }),
    );
  });

  test('whatever bytes come, the values stay inside the range of the device', () => {
    fc.assert(
      fc.property(scalings, fc.uint8Array({ minLength: 8, maxLength: 8 }), (scaling, data) => {
        const codec = new MitCodec({ ...ak80x64, scaling });
        const reply = emptyMitReply();
        codec.decodeReply(data, reply);
        expect(Math.abs(reply.positionRad)).toBeLessThanOrEqual(12.5);
        expect(Math.abs(reply.velocityRadPerSec)).toBeLessThanOrEqual(8);
        expect(Math.abs(reply.torqueNm)).toBeLessThanOrEqual(144);
      }),
    );
  });

  test('a command beyond the range is saturated, and one that is not finite is refused', () => {
    const codec = new MitCodec(ak80x64);
    expect(encoded(codec, { positionRad: 99, velocityRadPerSec: -99, stiffnessNmPerRad: 9999, dampingNmsPerRad: -1, torqueNm: 999 })).toBe(
      'FF FF 00 0F FF 00 0F FF',
    );
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      const data = new Uint8Array(8).fill(0x55);
      expect(codec.encodeCommand({ ...emptyMitCommand(), torqueNm: bad }, data)).toBe(false);
      expect(hex(data)).toBe('55 55 55 55 55 55 55 55');
    }
  });
});
