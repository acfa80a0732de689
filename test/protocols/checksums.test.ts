import { expect, test } from 'vitest';
import { crc8Moteus, crc16Xmodem } from '../../protocols/checksums.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(text.split(' '), (byte) => Number.parseInt(byte, 16));

test('CRC-16/XMODEM has its published check value', () => {
  expect(crc16Xmodem(new TextEncoder().encode('123456789'))).toBe(0x31c3);
});

test.each([
  // CubeMars AK60-6 manual V3.0.1, sections 4.3.2 and 4.4.2 (payload and the CRC printed behind it)
  ['45', 0x1861],
  ['47 00 00 13 88', 0x301c],
  ['60 00 00 00 00 00 00 17 70 00 00 00 00 00 00 00 00 00 00 07 D0', 0x93da],
  // vedderb/bldc comm/packet.c
  ['04', 0x4084],
  ['1E', 0xf3ff],
])('CRC-16/XMODEM of %s agrees with the manual', (payload, crc) => {
  expect(crc16Xmodem(hex(payload))).toBe(crc);
});

test('a range of a buffer is checked alone', () => {
  expect(crc16Xmodem(new TextEncoder().encode('xx123456789yy'), 2, 11)).toBe(0x31c3);
});

test.each([
  // mjbots/moteus docs/integration/uart.md and its Python library
  ['OK ', 0xbd],
  ['can send 8001 01000011001F01130D505050 BF ', 0xcf],
])('CRC-8 of "%s" agrees with the moteus library', (line, crc) => {
  expect(crc8Moteus(new TextEncoder().encode(line))).toBe(crc);
});
