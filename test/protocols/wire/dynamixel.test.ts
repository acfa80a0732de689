import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc16Dynamixel } from '../../../protocols/checksums.ts';
import {
  DXL_BROADCAST_ID,
  DXL_CLEAR_MULTI_TURN,
  DxlPacket,
  DxlSplitter,
  DxlWriter,
  dxlInstructions,
  encodeDxlFastBlock,
  encodeDxlFastStart,
  encodeDxlPing,
  encodeDxlRead,
  encodeDxlWrite,
} from '../../../protocols/wire/dynamixel.ts';

const hex = (text: string): number[] => text.split(' ').map((byte) => Number.parseInt(byte, 16));
const out = new Uint8Array(2_048);
const encode = (id: number, instruction: number, parameters: readonly number[]): number[] => [...out.subarray(0, new DxlWriter().begin(id, instruction).bytes(parameters).end(out, 0))];

function decode(chunks: readonly Uint8Array[]) {
  const packets: { id: number; instruction: number; parameters: number[] }[] = [];
  const packet = new DxlPacket();
  let discarded = 0;
  let wrong = 0;
  const splitter = new DxlSplitter({
    onFrame: (frame) => {
      packet.load(frame);
      packets.push({ id: packet.id, instruction: packet.instruction, parameters: [...packet.parameters.subarray(0, packet.count)] });
    },
    onDiscarded: (count) => (discarded += count),
    onChecksumError: () => wrong++,
  });
  for (const chunk of chunks) splitter.push(chunk);
  return { packets, splitter, discarded: () => discarded, wrong: () => wrong };
}

test('the checksum has its catalogue value', () => {
  expect(crc16Dynamixel(new TextEncoder().encode('123456789'))).toBe(0xfee8);
});

/** ROBOTIS e-manual, "Protocol 2.0", examples of the instructions; the last block made with DynamixelSDK C++. */
const vectors: readonly [name: string, bytes: string, id: number, instruction: number, parameters: string][] = [
  ['ping id 1', 'FF FF FD 00 01 03 00 01 19 4E', 1, 0x01, ''],
  ['ping status of id 1', 'FF FF FD 00 01 07 00 55 00 06 04 26 65 5D', 1, 0x55, '00 06 04 26'],
  ['ping broadcast', 'FF FF FD 00 FE 03 00 01 31 42', 254, 0x01, ''],
  ['ping status of id 2', 'FF FF FD 00 02 07 00 55 00 06 04 26 6F 6D', 2, 0x55, '00 06 04 26'],
  ['read present position', 'FF FF FD 00 01 07 00 02 84 00 04 00 1D 15', 1, 0x02, '84 00 04 00'],
  ['read status 166', 'FF FF FD 00 01 08 00 55 00 A6 00 00 00 8C C0', 1, 0x55, '00 A6 00 00 00'],
  ['write goal position 512', 'FF FF FD 00 01 09 00 03 74 00 00 02 00 00 CA 89', 1, 0x03, '74 00 00 02 00 00'],
  ['write status', 'FF FF FD 00 01 04 00 55 00 A1 0C', 1, 0x55, '00'],
  ['register write goal velocity 200', 'FF FF FD 00 01 09 00 04 68 00 C8 00 00 00 AE 8E', 1, 0x04, '68 00 C8 00 00 00'],
  ['action', 'FF FF FD 00 01 03 00 05 02 CE', 1, 0x05, ''],
  ['factory reset', 'FF FF FD 00 01 04 00 06 01 A1 E6', 1, 0x06, '01'],
  ['reboot', 'FF FF FD 00 01 03 00 08 2F 4E', 1, 0x08, ''],
  ['clear', 'FF FF FD 00 01 08 00 10 01 44 58 4C 22 B1 DC', 1, 0x10, '01 44 58 4C 22'],
  ['sync read', 'FF FF FD 00 FE 09 00 82 84 00 04 00 01 02 CE FA', 254, 0x82, '84 00 04 00 01 02'],
  ['sync read status of id 2', 'FF FF FD 00 02 08 00 55 00 1F 08 00 00 BA BE', 2, 0x55, '00 1F 08 00 00'],
  ['sync write', 'FF FF FD 00 FE 11 00 83 74 00 04 00 01 96 00 00 00 02 AA 00 00 00 82 87', 254, 0x83, '74 00 04 00 01 96 00 00 00 02 AA 00 00 00'],
  ['bulk read', 'FF FF FD 00 FE 0D 00 92 01 90 00 02 00 02 92 00 01 00 1A 05', 254, 0x92, '01 90 00 02 00 02 92 00 01 00'],
  ['bulk read status of id 1', 'FF FF FD 00 01 06 00 55 00 77 00 C3 69', 1, 0x55, '00 77 00'],
  ['bulk read status of id 2', 'FF FF FD 00 02 05 00 55 00 24 8B A9', 2, 0x55, '00 24'],
  ['SDK: write FF FF FD to 224, stuffed', 'FF FF FD 00 01 0A 00 03 E0 00 FF FF FD FD 00 62 FA', 1, 0x03, 'E0 00 FF FF FD 00'],
  ['SDK: fast sync read', 'FF FF FD 00 FE 09 00 8A 7E 00 0A 00 01 02 BB 1A', 254, 0x8a, '7E 00 0A 00 01 02'],
  ['SDK: sync write of currents 100 and -100', 'FF FF FD 00 FE 0D 00 83 66 00 02 00 01 64 00 02 9C FF E1 DB', 254, 0x83, '66 00 02 00 01 64 00 02 9C FF'],
  ['SDK: bus watchdog 100 ms', 'FF FF FD 00 01 06 00 03 62 00 05 68 E4', 1, 0x03, '62 00 05'],
];

describe('vectors of the manual and the SDK', () => {
  test.each(vectors)('%s, both ways', (_, bytes, id, instruction, text) => {
    const parameters = text === '' ? [] : hex(text);
    expect(encode(id, instruction, parameters)).toEqual(hex(bytes));
    const { packets, discarded } = decode([Uint8Array.from(hex(bytes))]);
    expect(packets).toEqual([{ id, instruction, parameters }]);
    expect(discarded()).toBe(0);
  });
});

test('the short forms give the bytes of the long ones', () => {
  const writer = new DxlWriter();
  expect([...out.subarray(0, encodeDxlPing(writer, 1, out, 0))]).toEqual(hex('FF FF FD 00 01 03 00 01 19 4E'));
  expect([...out.subarray(0, encodeDxlRead(writer, 1, 132, 4, out, 0))]).toEqual(hex('FF FF FD 00 01 07 00 02 84 00 04 00 1D 15'));
  expect([...out.subarray(0, encodeDxlWrite(writer, 1, 116, 512, 4, out, 0))]).toEqual(hex('FF FF FD 00 01 09 00 03 74 00 00 02 00 00 CA 89'));
  expect([...out.subarray(0, encodeDxlWrite(writer, 1, 98, 5, 1, out, 0))]).toEqual(hex('FF FF FD 00 01 06 00 03 62 00 05 68 E4'));
  expect(encode(1, dxlInstructions.clear, DXL_CLEAR_MULTI_TURN)).toEqual(hex('FF FF FD 00 01 08 00 10 01 44 58 4C 22 B1 DC'));
});

test('the answer to a fast read has the length and the blocks that the SDK counts, and is not stuffed', () => {
  const data = [Uint8Array.of(0xff, 0xff, 0xfd, 0), Uint8Array.of(5, 6, 7, 8)];
  let end = encodeDxlFastStart(2 * (4 + 4), out, 0);
  end = encodeDxlFastBlock(0, 1, data[0]!, out, 0, end);
  end = encodeDxlFastBlock(0x80, 2, data[1]!, out, 0, end);
  expect(end).toBe(8 + 2 * 8);
  expect(out[5]).toBe(2 * (4 + 4) + 1);
  const { packets } = decode([out.slice(0, end)]);
  expect(packets).toHaveLength(1);
  const { id, instruction, parameters } = packets[0]!;
  expect([id, instruction]).toEqual([DXL_BROADCAST_ID, dxlInstructions.status]);
  expect(parameters.slice(0, 6)).toEqual([0, 1, ...data[0]!]);
  expect(parameters.slice(8, 14)).toEqual([0x80, 2, ...data[1]!]);
  // Each block's checksum covers everything before it, so the first can be checked alone.
  expect(parameters[6]! | (parameters[7]! << 8)).toBe(crc16Dynamixel(out, 0, 8 + 6));
});

const parameters = fc.array(fc.oneof(fc.constantFrom(0xff, 0xfd, 0x00), fc.integer({ min: 0, max: 255 })), { maxLength: 60 });
const packet = fc.record({ id: fc.integer({ min: 0, max: 252 }), instruction: fc.constantFrom(...Object.values(dxlInstructions)), parameters });

test('what was encoded is decoded, in any chunking', () => {
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 6 }), fc.integer({ min: 1, max: 80 }), (list, size) => {
      const bytes = Uint8Array.from(list.flatMap((entry) => encode(entry.id, entry.instruction, entry.parameters)));
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
      const { packets, discarded } = decode(chunks);
      expect(packets).toEqual(list);
      expect(discarded()).toBe(0);
    }),
  );
});

test('no header stands inside a packet', () => {
  fc.assert(
    fc.property(packet, (entry) => {
      const body = encode(entry.id, entry.instruction, entry.parameters).slice(7, -2);
      for (let i = 0; i + 3 < body.length; i++) expect(body.slice(i, i + 4)).not.toEqual([0xff, 0xff, 0xfd, 0]);
    }),
  );
});

test('garbage before a packet costs at most that garbage', () => {
  // A garbage header can promise up to 1 017 bytes more, so as much traffic as that may be needed before it is given up.
  const silence = new Uint8Array(1_024);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), packet, (garbage, entry) => {
      const { packets } = decode([garbage, Uint8Array.from(encode(entry.id, entry.instruction, entry.parameters)), silence]);
      expect(packets).toContainEqual(entry);
    }),
  );
});

test('a packet with a flipped bit is never given out', () => {
  fc.assert(
    fc.property(packet, fc.nat(), (entry, place) => {
      const bytes = Uint8Array.from(encode(entry.id, entry.instruction, entry.parameters));
      const bit = place % (bytes.length * 8);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const { packets } = decode([bytes]);
      expect(packets).toEqual([]);
    }),
  );
});

test('random bytes never throw, and reading past the end gives 0', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (chunks) => {
      const { splitter } = decode(chunks);
      splitter.reset();
    }),
  );
  const empty = new DxlPacket().load(Uint8Array.from(hex('FF FF FD 00 01 03 00 01 19 4E')));
  expect([empty.u8(0), empty.u16(3), empty.i16(3), empty.i32(9), empty.value(0, 4), empty.error]).toEqual([0, 0, 0, 0, 0, 0]);
});
