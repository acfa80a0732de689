import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MOTEUS, MoteusReader, MoteusWriter, TYPE, unitOf, valueOf, type ValueType } from '../../../protocols/wire/moteus.ts';

const bytesOf = (hex: string): Uint8Array => Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function read(data: Uint8Array) {
  const said: unknown[] = [];
  const value = (register: number, type: ValueType, raw: number): number => Number(valueOf(unitOf(register), type, raw).toFixed(6));
  const reader = new MoteusReader({
    onWrite: (register, type, raw) => said.push(['write', register, value(register, type, raw)]),
    onRead: (type, count, register) => said.push(['read', type, count, register]),
    onReply: (register, type, raw) => said.push(['reply', register, value(register, type, raw)]),
    onError: (of, register, code) => said.push([`${of} error`, register, code]),
    onText: (toDevice, bytes) => said.push([toDevice ? 'typed' : 'printed', String.fromCharCode(...bytes)]),
    onPoll: (most) => said.push(['poll', most]),
  });
  return { whole: reader.parse(data, data.length), said };
}

function written(fill: (writer: MoteusWriter) => void): string {
  const out = new Uint8Array(64);
  const writer = new MoteusWriter().reset(out);
  fill(writer);
  expect(writer.overrun).toBe(false);
  return hexOf(out.subarray(0, writer.length));
}

// mjbots/moteus docs/protocol/can.md, "Example"
describe('the documented example', () => {
  test('the command is read and written', () => {
    const hex = '01000a07206000200150ff140400130d';
    expect(read(bytesOf(hex))).toEqual({
      whole: true,
      said: [
        ['write', MOTEUS.mode, 10],
        ['write', MOTEUS.commandPosition, 0.0096],
        ['write', MOTEUS.commandVelocity, 0.072],
        ['write', MOTEUS.commandTorque, -1.76],
        ['read', TYPE.int16, 4, MOTEUS.mode],
        ['read', TYPE.int8, 3, MOTEUS.voltage],
      ],
    });
    expect(
      written((writer) => {
        writer.write(TYPE.int8, 1, MOTEUS.mode);
        writer.value(TYPE.int8, 'count', 10);
        writer.write(TYPE.int16, 3, MOTEUS.commandPosition);
        writer.value(TYPE.int16, 'position', 3.456 / 360);
        writer.value(TYPE.int16, 'velocity', 25.92 / 360);
        writer.value(TYPE.int16, 'torque', -1.76);
        writer.read(TYPE.int16, 4, MOTEUS.mode);
        writer.read(TYPE.int8, 3, MOTEUS.voltage);
      }),
    ).toBe(hex);
  });

  test('the answer is read and written', () => {
    const hex = '2404000a005000000170ff230d181400';
    expect(read(bytesOf(hex)).said).toEqual([
      ['reply', MOTEUS.mode, 10],
      ['reply', MOTEUS.position, 0.008],
      ['reply', MOTEUS.velocity, 0.064],
      ['reply', MOTEUS.torque, -1.44],
      ['reply', MOTEUS.voltage, 12],
      ['reply', MOTEUS.temperature, 20],
      ['reply', MOTEUS.fault, 0],
    ]);
    expect(
      written((writer) => {
        writer.reply(TYPE.int16, 4, MOTEUS.mode);
        writer.value(TYPE.int16, 'count', 10);
        writer.value(TYPE.int16, 'position', 0.008);
        writer.value(TYPE.int16, 'velocity', 0.064);
        writer.value(TYPE.int16, 'torque', -1.44);
        writer.reply(TYPE.int8, 3, MOTEUS.voltage);
        writer.value(TYPE.int8, 'voltage', 12);
        writer.value(TYPE.int8, 'temperature', 20);
        writer.value(TYPE.int8, 'count', 0);
      }),
    ).toBe(hex);
  });
});

// moteus' Python library: Controller.make_stop(query=True) with its default resolutions, padded to 12 bytes
test('stop and default query of the Python library', () => {
  expect(read(bytesOf('01000011001F01130D505050')).said).toEqual([
    ['write', MOTEUS.mode, 0],
    ['read', TYPE.int8, 1, MOTEUS.mode],
    ['read', TYPE.float, 3, MOTEUS.position],
    ['read', TYPE.int8, 3, MOTEUS.voltage],
  ]);
});

test('register numbers beyond one byte, errors and console text', () => {
  const hex = written((writer) => {
    writer.read(TYPE.int32, 4, MOTEUS.uuid);
    writer.error('write', MOTEUS.modelNumber, 2);
    writer.error('read', 0x060, 1);
    writer.text(true, bytesOf('640a'));
    writer.text(false, bytesOf('4f4b'));
    writer.poll(61);
    writer.pad(32);
  });
  expect(hex).toBe(`1804d00230800202316001400102640a4101024f4b42013d${'50'.repeat(8)}`);
  expect(read(bytesOf(hex)).said).toEqual([['read', 2, 4, 0x150], ['write error', 0x100, 2], ['read error', 0x060, 1], ['typed', 'd\n'], ['printed', 'OK'], ['poll', 61]]);
});

// registers.md, "Mappings"
test.each([
  ['current', 1, 0.1, 0.001],
  ['torque', 0.5, 0.01, 0.001],
  ['voltage', 0.5, 0.1, 0.001],
  ['temperature', 1, 0.1, 0.001],
  ['time', 0.01, 0.001, 0.000001],
  ['position', 0.01, 0.0001, 0.00001],
  ['velocity', 0.1, 0.00025, 0.00001],
  ['acceleration', 0.05, 0.001, 0.00001],
  ['scale', 1 / 127, 1 / 32_767, 1 / 2_147_483_647],
  ['power', 10, 0.05, 0.0001],
] as const)('one unit of %s is %d, %d or %d; the most negative integer is NaN', (unit, small, middle, large) => {
  [small, middle, large].forEach((one, type) => {
    expect(valueOf(unit, type as ValueType, 1)).toBeCloseTo(one, 12);
    expect(valueOf(unit, type as ValueType, -(2 ** [7, 15, 31][type]!))).toBeNaN();
    expect(written((writer) => writer.value(type as ValueType, unit, NaN))).toBe(['80', '0080', '00000080'][type]);
    expect(written((writer) => writer.value(type as ValueType, unit, -Infinity))).toBe(['81', '0180', '01000080'][type]);
  });
});

test('a frame that ends within a sub-frame, or has an unknown one, is not whole', () => {
  for (const hex of ['01', '0c', '0c0320', '0f2000000000', '0f20', '18ffffffffff01', 'ff', '60', '4001', '40010561', '4202', '30']) expect([hex, read(bytesOf(hex)).whole]).toEqual([hex, false]);
  expect(read(bytesOf('505050')).whole).toBe(true);
});

test('writing past the end writes nothing and says so', () => {
  const writer = new MoteusWriter().reset(new Uint8Array(4));
  writer.write(TYPE.float, 1, MOTEUS.commandPosition);
  writer.value(TYPE.float, 'position', 1);
  expect([writer.overrun, writer.length]).toEqual([true, 4]);
  writer.cut(0);
  expect([writer.overrun, writer.length]).toEqual([false, 0]);
});

describe('properties', () => {
  test('values survive the wire within half a unit, floats as single precision', () => {
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 2, 3), fc.constantFrom(MOTEUS.position, MOTEUS.velocity, MOTEUS.torque, MOTEUS.timeout, MOTEUS.kpScale), fc.double({ min: -0.9, max: 0.9, noNaN: true }), (type, register, value) => {
        const out = new Uint8Array(16);
        const writer = new MoteusWriter().reset(out);
        writer.reply(type, 1, register);
        writer.value(type, unitOf(register), value);
        let back = NaN;
        const reader = new MoteusReader({ onReply: (r, t, raw) => (back = valueOf(unitOf(r), t, raw)) });
        expect(reader.parse(out, writer.length)).toBe(true);
        const unit = type === 3 ? 1e-6 : valueOf(unitOf(register), type, 1);
        expect(Math.abs(back - value)).toBeLessThanOrEqual(unit / 2 + 1e-12);
      }),
    );
  });

  test('random bytes never throw, and reads never claim more than they have', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (data) => {
        expect(read(data).said.length).toBeLessThanOrEqual(64);
      }),
    );
  });
});
