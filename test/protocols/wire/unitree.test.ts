import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc16Kermit } from '../../../protocols/checksums.ts';
import {
  decodeUnitreeCommand,
  decodeUnitreeReply,
  emptyUnitreeCommand,
  emptyUnitreeReply,
  encodeUnitreeCommand,
  encodeUnitreeReply,
  UNITREE_COMMAND_BYTES,
  UNITREE_FOC,
  UNITREE_GAIN_MAX,
  UNITREE_REPLY_BYTES,
  UnitreeSplitter,
  type UnitreeCommand,
  type UnitreeReply,
} from '../../../protocols/wire/unitree.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.split(' '), (pair) => Number.parseInt(pair, 16));
const hex = (data: Uint8Array): string => Array.from(data, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');

/** Captured from the vendor's own library (unitree_actuator_sdk, libUnitreeMotorSDK_Linux64.so). */
const CAPTURED = 'FE EE 11 40 00 FF 00 5F 14 00 00 80 02 0C 00 3C 6F';
const CAPTURED_COMMAND: UnitreeCommand = { id: 1, status: UNITREE_FOC, torqueNm: 0.25, velocityRadPerSec: 2 * Math.PI, positionRad: 1, stiffnessNmPerRad: 0.5, dampingNmsPerRad: 0.01 };

const encodeCommand = (command: UnitreeCommand): Uint8Array => {
  const out = new Uint8Array(32);
  return out.slice(0, encodeUnitreeCommand(command, out, 0));
};
const encodeReply = (reply: UnitreeReply): Uint8Array => {
  const out = new Uint8Array(32);
  return out.slice(0, encodeUnitreeReply(reply, out, 0));
};
const reply = (values: Partial<UnitreeReply>): UnitreeReply => ({ ...emptyUnitreeReply(), ...values });

function collect(kind: 'command' | 'reply') {
  const seen = { frames: [] as string[], discarded: 0, checksumErrors: 0 };
  const splitter = new UnitreeSplitter({ onFrame: (frame) => seen.frames.push(hex(frame)), onDiscarded: (count) => (seen.discarded += count), onChecksumError: () => seen.checksumErrors++ }, kind);
  return { seen, splitter };
}

const anyReply = fc.record({
  id: fc.integer({ min: 0, max: 15 }),
  status: fc.integer({ min: 0, max: 7 }),
  torqueNm: fc.double({ min: -100, max: 100, noNaN: true }),
  velocityRadPerSec: fc.double({ min: -500, max: 500, noNaN: true }),
  positionRad: fc.double({ min: -1000, max: 1000, noNaN: true }),
  tempC: fc.integer({ min: -128, max: 127 }),
  errorCode: fc.integer({ min: 0, max: 7 }),
  force: fc.integer({ min: 0, max: 4095 }),
});

describe('the GO-M8010-6 frames', () => {
  it('have the checksum CRC-16/KERMIT, whose check value is 0x2189', () => {
    expect(crc16Kermit(new TextEncoder().encode('123456789'))).toBe(0x2189);
  });

  it('are those of the vendor library, byte for byte', () => {
    expect(hex(encodeCommand(CAPTURED_COMMAND))).toBe(CAPTURED);
  });

  it('decode the captured command to what was asked, within its resolution', () => {
    const command = emptyUnitreeCommand();
    expect(decodeUnitreeCommand(bytes(CAPTURED), command)).toBe(true);
    expect(command).toMatchObject({ id: 1, status: UNITREE_FOC, torqueNm: 0.25, stiffnessNmPerRad: 0.5 });
    expect(command.velocityRadPerSec).toBeCloseTo(2 * Math.PI, 1);
    expect(command.positionRad).toBeCloseTo(1, 3);
    expect(Math.abs(command.dampingNmsPerRad - 0.01)).toBeLessThan(1 / 1280);
  });

  it('carry temperature, error and foot pressure where the header of the SDK says', () => {
    const frame = encodeReply(reply({ id: 3, status: 1, tempC: -5, errorCode: 4, force: 4095 }));
    expect(frame.length).toBe(UNITREE_REPLY_BYTES);
    expect(Array.from(frame.subarray(0, 3))).toEqual([0xfd, 0xee, 0x13]);
    expect(Array.from(frame.subarray(11, 14))).toEqual([0xfb, 0xfc, 0x7f]);
  });

  it('refuse a command that is not finite and saturate one that is too large', () => {
    const out = new Uint8Array(32);
    expect(encodeUnitreeCommand({ ...CAPTURED_COMMAND, torqueNm: Number.NaN }, out, 5)).toBe(5);
    const command = emptyUnitreeCommand();
    decodeUnitreeCommand(encodeCommand({ ...CAPTURED_COMMAND, torqueNm: 1e9, stiffnessNmPerRad: 1e9, dampingNmsPerRad: -1 }), command);
    expect(command.torqueNm).toBeCloseTo(128, 1);
    expect(command.stiffnessNmPerRad).toBe(UNITREE_GAIN_MAX);
    expect(command.dampingNmsPerRad).toBe(0);
  });

  it('come back as they were, whatever they carry', () => {
    fc.assert(
      fc.property(anyReply, (sent) => {
        const received = emptyUnitreeReply();
        expect(decodeUnitreeReply(encodeReply(sent), received)).toBe(true);
        expect(received).toMatchObject({ id: sent.id, status: sent.status, tempC: sent.tempC, errorCode: sent.errorCode, force: sent.force });
        expect(Math.abs(received.torqueNm - sent.torqueNm)).toBeLessThan(1 / 256);
        expect(Math.abs(received.velocityRadPerSec - sent.velocityRadPerSec)).toBeLessThan(0.025);
        expect(Math.abs(received.positionRad - sent.positionRad)).toBeLessThan(2e-4);
      }),
    );
  });

  it('are not decoded when a byte is missing or flipped', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: UNITREE_COMMAND_BYTES - 1 }), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const frame = bytes(CAPTURED);
        frame[at]! ^= mask;
        expect(decodeUnitreeCommand(frame, emptyUnitreeCommand())).toBe(false);
        expect(decodeUnitreeCommand(frame.subarray(0, at), emptyUnitreeCommand())).toBe(false);
      }),
    );
  });
});

describe('the splitter of the RS-485 line', () => {
  it('finds the same frames in any chunking', () => {
    fc.assert(
      fc.property(fc.array(anyReply, { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 20 })), (replies, cuts) => {
        const stream = Uint8Array.from(replies.flatMap((each) => [...encodeReply(each)]));
        const { seen, splitter } = collect('reply');
        let at = 0;
        for (const cut of cuts) {
          splitter.push(stream.subarray(at, at + cut));
          at = Math.min(stream.length, at + cut);
        }
        splitter.push(stream.subarray(at));
        expect(seen).toEqual({ frames: replies.map((each) => hex(encodeReply(each))), discarded: 0, checksumErrors: 0 });
      }),
    );
  });

  it('loses no frame to garbage before it, and accounts every byte of the garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), anyReply, (garbage, each) => {
        const { seen, splitter } = collect('reply');
        const frame = encodeReply(each);
        splitter.push(garbage);
        splitter.push(frame);
        // What looks like the beginning of a frame may still be waiting for its end.
        splitter.push(new Uint8Array(UNITREE_REPLY_BYTES));
        splitter.reset();
        expect(seen.frames).toEqual([hex(frame)]);
        expect(seen.discarded).toBe(garbage.length + UNITREE_REPLY_BYTES);
      }),
    );
  });

  it('takes the frame that begins inside a false one', () => {
    const { seen, splitter } = collect('reply');
    const frame = encodeReply(reply({ id: 2 }));
    splitter.push(Uint8Array.from([0xfd, 0xee, 1, 2, 3, ...frame]));
    expect(seen).toEqual({ frames: [hex(frame)], discarded: 5, checksumErrors: 1 });
  });

  it('never throws on random bytes and never holds more than one frame', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 })), (chunks) => {
        for (const kind of ['command', 'reply'] as const) {
          const { seen, splitter } = collect(kind);
          for (const chunk of chunks) splitter.push(chunk);
          const total = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
          expect(seen.discarded + seen.frames.length * UNITREE_REPLY_BYTES).toBeGreaterThanOrEqual(total - UNITREE_COMMAND_BYTES);
        }
      }),
    );
  });
});
