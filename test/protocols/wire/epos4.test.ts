import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { OD } from '../../../protocols/wire/cia402.ts';
import {
  decodeEpos4Response,
  emptyEpos4Response,
  encodeEpos4Read,
  encodeEpos4Response,
  encodeEpos4Write,
  Epos4Splitter,
  Epos4Writer,
  epos4ValueOf,
} from '../../../protocols/wire/epos4.ts';

const hex = (text: string): number[] => text.split(' ').map((byte) => Number.parseInt(byte, 16));
const out = new Uint8Array(1_024);
const writer = new Epos4Writer();
const HOME_POSITION = { index: 0x30b0, sub: 0, bytes: 4, signed: true } as const;

function split(chunks: readonly Uint8Array[]) {
  const frames: number[][] = [];
  let discarded = 0;
  let wrong = 0;
  const splitter = new Epos4Splitter({ onFrame: (frame) => frames.push([...frame]), onDiscarded: (count) => (discarded += count), onChecksumError: () => wrong++ });
  for (const chunk of chunks) splitter.push(chunk);
  return { frames, splitter, discarded: () => discarded, wrong: () => wrong };
}

test('the example of the Communication Guide (rel8759, 2.2.9), both ways: read object 30B0h of node 1', () => {
  const request = hex('90 02 60 02 01 B0 30 00 2E 62');
  expect([...out.subarray(0, encodeEpos4Read(writer, 1, HOME_POSITION, out, 0))]).toEqual(request);
  expect(split([Uint8Array.from(request)]).frames).toEqual([hex('60 02 01 B0 30 00')]);
  const response = hex('90 02 00 04 00 00 00 00 01 90 90 00 00 9A 5C');
  expect([...out.subarray(0, encodeEpos4Response(writer, 0, 0x9001, out, 0))]).toEqual(response);
  const { frames, discarded } = split([Uint8Array.from(response)]);
  expect(frames).toEqual([hex('00 04 00 00 00 00 01 90 00 00')]);
  expect(discarded()).toBe(0);
  const decoded = emptyEpos4Response();
  expect(decodeEpos4Response(Uint8Array.from(frames[0]!), decoded)).toBe(true);
  expect(decoded).toEqual({ error: 0, hasValue: true, raw: 36_865 });
});

test('reading the status word has the checksum D122h', () => {
  expect([...out.subarray(0, encodeEpos4Read(writer, 1, OD.statusword, out, 0))]).toEqual(hex('90 02 60 02 01 41 60 00 22 D1'));
});

test('a write has four data bytes whatever the object, and its response none', () => {
  const end = encodeEpos4Write(writer, 1, OD.targetTorque, -2, out, 0);
  expect([...out.subarray(0, 12)]).toEqual(hex('90 02 68 04 01 71 60 00 FE FF FF FF'));
  expect(end).toBe(14);
  const decoded = emptyEpos4Response();
  const { frames } = split([out.slice(0, encodeEpos4Response(writer, 0x0602_0000, null, out, 0))]);
  expect(decodeEpos4Response(Uint8Array.from(frames[0]!), decoded)).toBe(true);
  expect(decoded).toEqual({ error: 0x0602_0000, hasValue: false, raw: 0 });
});

test('values are taken in the size and sign of their object', () => {
  expect(epos4ValueOf(OD.targetTorque, 0x0000_fffe)).toBe(-2);
  expect(epos4ValueOf(OD.targetTorque, 0xffff_fffe)).toBe(-2);
  expect(epos4ValueOf(OD.position, 0xffff_ffff)).toBe(-1);
  expect(epos4ValueOf(OD.statusword, 0x0000_0437)).toBe(0x437);
  expect(epos4ValueOf(OD.modeDisplay, 0x0a)).toBe(10);
});

test('what is no response to a read or a write is not taken for one', () => {
  const decoded = emptyEpos4Response();
  expect(decodeEpos4Response(Uint8Array.from(hex('60 02 01 B0 30 00')), decoded)).toBe(false);
  expect(decodeEpos4Response(Uint8Array.from(hex('00 03 00 00 00 00 01 02')), decoded)).toBe(false);
  expect(decodeEpos4Response(new Uint8Array(0), decoded)).toBe(false);
});

const data = fc.array(fc.oneof(fc.constantFrom(0x90, 0x02), fc.integer({ min: 0, max: 255 })), { maxLength: 40 }).map((bytes) => (bytes.length % 2 === 0 ? bytes : bytes.slice(1)));
const frame = fc.record({ opcode: fc.integer({ min: 0, max: 255 }), data });
const encode = ({ opcode, data: bytes }: { opcode: number; data: number[] }): number[] => [...out.subarray(0, writer.begin(opcode).bytes(bytes).end(out, 0))];
const plainOf = ({ opcode, data: bytes }: { opcode: number; data: number[] }): number[] => [opcode, bytes.length / 2, ...bytes];

test('what was encoded is decoded, in any chunking, whatever was stuffed', () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 6 }), fc.integer({ min: 1, max: 60 }), (list, size) => {
      const bytes = Uint8Array.from(list.flatMap(encode));
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      const { frames, discarded } = split(chunks);
      expect(frames).toEqual(list.map(plainOf));
      expect(discarded()).toBe(0);
    }),
  );
});

test('garbage before a frame costs at most that garbage', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), frame, (garbage, entry) => {
      const { frames } = split([garbage, Uint8Array.from(encode(entry)), new Uint8Array(600)]);
      expect(frames).toContainEqual(plainOf(entry));
    }),
  );
});

test('a frame with a flipped bit is never given out', () => {
  fc.assert(
    fc.property(frame, fc.nat(), (entry, place) => {
      const bytes = Uint8Array.from(encode(entry));
      const bit = place % (bytes.length * 8);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const { frames } = split([bytes]);
      expect(frames).not.toContainEqual(plainOf(entry));
    }),
  );
});

test('random bytes never throw, and what is no frame is accounted for', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (chunks) => {
      const { frames, splitter, discarded } = split(chunks);
      splitter.reset();
      const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
      // A frame on the wire has two starting bytes and the checksum more than what is given out, and its stuffing.
      const least = frames.reduce((sum, bytes) => sum + bytes.length + 4, 0);
      expect(discarded()).toBeLessThanOrEqual(total - least);
    }),
  );
});
