import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../../protocols/bytes.ts';

test('every whole number comes back from its field', () => {
  const values = fc.record({ u8: fc.nat(0xff), u16: fc.nat(0xffff), i16: fc.integer({ min: -0x8000, max: 0x7fff }), u32: fc.nat(0xffff_ffff), i32: fc.integer() });
  fc.assert(
    fc.property(values, (value) => {
      const bytes = new Uint8Array(13);
      const writer = new ByteWriter().reset(bytes);
      writer.u8(value.u8);
      writer.u16(value.u16);
      writer.i16(value.i16);
      writer.u32(value.u32);
      writer.i32(value.i32);
      expect([writer.length, writer.overrun]).toEqual([13, false]);
      const reader = new ByteReader().reset(bytes);
      expect({ u8: reader.u8(), u16: reader.u16(), i16: reader.i16(), u32: reader.u32(), i32: reader.i32() }).toEqual(value);
      expect([reader.remaining, reader.overrun]).toEqual([0, false]);
    }),
  );
});

test('bytes stand with the lowest first', () => {
  const bytes = new Uint8Array(6);
  const writer = new ByteWriter().reset(bytes);
  writer.u16(0x0102);
  writer.u32(0x0304_0506);
  expect([...bytes]).toEqual([2, 1, 6, 5, 4, 3]);
});

test('reading past the end gives 0 and says so', () => {
  const reader = new ByteReader().reset(Uint8Array.of(7));
  expect([reader.u8(), reader.overrun, reader.u32(), reader.overrun, reader.remaining]).toEqual([7, false, 0, true, 0]);
});

test('writing past the end leaves the buffer and says so', () => {
  const bytes = new Uint8Array(1);
  const writer = new ByteWriter().reset(bytes);
  writer.u16(0x0201);
  expect([bytes[0], writer.overrun]).toEqual([1, true]);
});

test('values beyond a field are saturated, and what is no number becomes 0', () => {
  const bytes = new Uint8Array(8);
  const writer = new ByteWriter().reset(bytes);
  writer.i16(1e9);
  writer.i16(-Infinity);
  writer.u16(Number.NaN);
  writer.u8(-4);
  writer.u8(256);
  const reader = new ByteReader().reset(bytes);
  expect([reader.i16(), reader.i16(), reader.u16(), reader.u8(), reader.u8()]).toEqual([32_767, -32_768, 0, 0, 255]);
});
