import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  adapterStyles,
  decodeSlcanCommand,
  decodeSlcanFdFrame,
  decodeSlcanFrame,
  emptyCanFdFrame,
  emptyCanFrame,
  encodeSlcanCommand,
  encodeSlcanFdFrame,
  encodeSlcanFrame,
  slcanCommandAnswer,
  slcanFrameAck,
  SLCAN_ERROR,
  SLCAN_FD_FRAME_MAX_BYTES,
  SLCAN_FRAME_MAX_BYTES,
  SlcanReader,
  slcanTimingBitRate,
  type CanFdFrame,
  type CanFrame,
  type SlcanCommand,
} from '../../../protocols/wire/slcan.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const text = (data: Uint8Array): string => String.fromCharCode(...data);

function collect() {
  const seen: string[] = [];
  let discarded = 0;
  const reader = new SlcanReader({
    onCanFrame: (frame) => seen.push(encoded(frame)),
    onAck: () => seen.push('ack'),
    onError: () => seen.push('error'),
    onText: (line) => seen.push(`text ${text(line)}`),
    onDiscarded: (count) => (discarded += count),
  });
  return { reader, seen, discarded: () => discarded };
}

function encoded(frame: CanFrame): string {
  const out = new Uint8Array(SLCAN_FRAME_MAX_BYTES);
  return text(out.subarray(0, encodeSlcanFrame(frame, out, 0) - 1));
}

const frames = fc
  .record({
    extended: fc.boolean(),
    remote: fc.boolean(),
    id: fc.nat(),
    data: fc.uint8Array({ maxLength: 8 }),
    timestampMs: fc.oneof(fc.constant(-1), fc.nat(59_999)),
  })
  .map(({ extended, remote, id, data, timestampMs }): CanFrame => {
    const frame = { ...emptyCanFrame(), extended, remote, id: id % (extended ? 0x2000_0000 : 0x800), length: data.length, timestampMs };
    if (!remote) frame.data.set(data);
    return frame;
  });

/** Cuts bytes at any places. */
const chunked = (data: Uint8Array): fc.Arbitrary<Uint8Array[]> =>
  fc.array(fc.nat(data.length)).map((cuts) => {
    const edges = [0, ...cuts.sort((a, b) => a - b), data.length];
    return edges.slice(1).map((end, i) => data.slice(edges[i], end));
  });

describe('data frames', () => {
  test.each([
    ['t00020100', 'canopen: NMT start all'],
    ['t60184041600000000000', 'canopen: SDO read 0x6041'],
    ['t0018FFFFFFFFFFFFFFFC', 'TMotorCANControl over slcan: MIT enter'],
    ['t00188312800051199800', 'TMotorCANControl: AK80-9, p 0.3, kp 10, kd 0.5'],
    ['t0800', 'captured: SYNC'],
    ['t60182B40600006000000', 'canopen: SDO write 6040 = 6'],
    ['t60182F6060000A000000', 'canopen: SDO write 6060 = 10'],
    ['t60188000000000000405', 'canopen: SDO abort 05040000'],
    ['t2013060000', 'captured: RPDO'],
    ['t1813210000', 'captured: TPDO'],
    ['t70117F', 'captured: heartbeat'],
    ['t5818431810042A000000', 'captured: identity reply'],
    ['T0000086880006667FFF8F57FF', 'CubeMars V3 manual: kd 2, 6 rad/s'],
    ['r7011', 'node guarding'],
  ])('%s (%s) is read and written back the same', (line) => {
    const { reader, seen } = collect();
    reader.push(bytes(`${line}\r`));
    expect(seen).toEqual([line]);
  });

  test('every frame survives encoding and decoding', () => {
    fc.assert(
      fc.property(frames, (frame) => {
        const out = new Uint8Array(SLCAN_FRAME_MAX_BYTES);
        const end = encodeSlcanFrame(frame, out, 0);
        expect(out[end - 1]).toBe(0x0d);
        const back = emptyCanFrame();
        expect(decodeSlcanFrame(out.subarray(0, end - 1), back)).toBe(true);
        expect(back).toEqual(frame);
      }),
    );
  });

  test.each(['t001', 't0019FF', 't0012FF', 't0011FG', 't00', 'T12345', 't80018', 'T200000001FF', 't0011FFEA60', 'x0011FF'])(
    'a broken frame "%s" is refused',
    (line) => {
      expect(decodeSlcanFrame(bytes(line), emptyCanFrame())).toBe(false);
    },
  );
});

describe('CAN FD frames', () => {
  const lengths = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64];
  const fdFrames = fc
    .record({ extended: fc.boolean(), bitRateSwitch: fc.boolean(), id: fc.nat(), data: fc.uint8Array({ minLength: 64, maxLength: 64 }), length: fc.constantFrom(...lengths) })
    .map(({ extended, bitRateSwitch, id, data, length }): CanFdFrame => {
      const frame = { ...emptyCanFdFrame(), extended, bitRateSwitch, id: id % (extended ? 0x2000_0000 : 0x800), length };
      frame.data.set(data.subarray(0, length));
      return frame;
    });

  // python-can 4.6, interfaces/slcan.py: d, D, b, B with the length's code of CAN FD in hex.
  test.each([
    ['d1239000102030405060708090A0B', { id: 0x123, extended: false, bitRateSwitch: false, length: 12 }],
    ['B1ABCDEF02AABB', { id: 0x1abc_def0, extended: true, bitRateSwitch: true, length: 2 }],
    ['b7FF0', { id: 0x7ff, extended: false, bitRateSwitch: true, length: 0 }],
  ])('%s is read and written back the same', (line, expected) => {
    const frame = emptyCanFdFrame();
    expect(decodeSlcanFdFrame(bytes(line), frame)).toBe(true);
    expect(frame).toMatchObject(expected);
    const out = new Uint8Array(SLCAN_FD_FRAME_MAX_BYTES);
    expect(text(out.subarray(0, encodeSlcanFdFrame(frame, out, 0)))).toBe(`${line}\r`);
  });

  test('every frame survives, through the reader, in any chunking', () => {
    const scenario = fdFrames.chain((frame) => {
      const out = new Uint8Array(SLCAN_FD_FRAME_MAX_BYTES);
      const line = out.slice(0, encodeSlcanFdFrame(frame, out, 0));
      return fc.record({ frame: fc.constant(frame), chunks: chunked(line) });
    });
    fc.assert(
      fc.property(scenario, ({ frame, chunks }) => {
        const seen: CanFdFrame[] = [];
        const nothing = (): void => {};
        const reader = new SlcanReader({ onCanFrame: nothing, onCanFdFrame: (got) => seen.push({ ...got, data: got.data.slice() }), onAck: nothing, onError: nothing, onText: nothing, onDiscarded: nothing });
        for (const chunk of chunks) reader.push(chunk);
        expect(seen).toEqual([frame]);
      }),
    );
  });

  test('a length that CAN FD does not have grows to the next', () => {
    const out = new Uint8Array(SLCAN_FD_FRAME_MAX_BYTES);
    const frame = { ...emptyCanFdFrame(), id: 1, length: 9 };
    frame.data.fill(0xff);
    expect(text(out.subarray(0, encodeSlcanFdFrame(frame, out, 0)))).toBe(`d0019${'FF'.repeat(9)}000000\r`);
  });

  test.each(['d001', 'd0019FF', 'dG0110', 'b80010', 'D200000001FF', 'e0010'])('a broken frame "%s" is refused', (line) => {
    expect(decodeSlcanFdFrame(bytes(line), emptyCanFdFrame())).toBe(false);
  });

  test('who did not ask for them does not get them', () => {
    const { reader, seen, discarded } = collect();
    reader.push(bytes('d00110 '.trim().concat('0\r')));
    expect([seen, discarded()]).toEqual([[], 8]);
  });
});

describe('the reader', () => {
  test('frames in any chunking arrive whole and in order', () => {
    const scenario = fc.array(frames, { maxLength: 20 }).chain((list) => {
      const lines = list.map(encoded);
      return fc.record({ lines: fc.constant(lines), chunks: chunked(bytes(lines.map((line) => `${line}\r`).join(''))) });
    });
    fc.assert(
      fc.property(scenario, ({ lines, chunks }) => {
        const { reader, seen, discarded } = collect();
        for (const chunk of chunks) reader.push(chunk);
        expect(seen).toEqual(lines);
        expect(discarded()).toBe(0);
      }),
    );
  });

  test('after garbage, at most one valid frame is lost', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), frames, frames, (garbage, lost, kept) => {
        const { reader, seen } = collect();
        reader.push(garbage);
        reader.push(bytes(`${encoded(lost)}\r${encoded(kept)}\r`));
        expect(seen.at(-1)).toBe(encoded(kept));
      }),
    );
  });

  test('a broken data frame never becomes text, an acknowledgement or a frame', () => {
    fc.assert(
      fc.property(frames, fc.nat(), (frame, where) => {
        const line = bytes(encoded(frame));
        const cut = line.slice(0, 1 + (where % (line.length - 1)));
        const { reader, seen, discarded } = collect();
        reader.push(Uint8Array.of(...cut, 0x21, 13));
        expect(seen).toEqual([]);
        expect(discarded()).toBe(cut.length + 2);
      }),
    );
  });

  test('an endless line without CR is counted and forgotten, not kept', () => {
    const { reader, seen, discarded } = collect();
    for (let i = 0; i < 1000; i++) reader.push(new Uint8Array(1000).fill(0x41));
    reader.push(bytes('\rt0011FF\r'));
    expect(seen).toEqual(['t0011FF']);
    expect(discarded()).toBe(1_000_001);
  });

  test('a partial line is accounted when the link is reset', () => {
    const { reader, seen, discarded } = collect();
    reader.push(bytes('t0011'));
    reader.reset();
    reader.push(bytes('t0011FF\r'));
    expect(seen).toEqual(['t0011FF']);
    expect(discarded()).toBe(5);
  });

  test('all three ways of acknowledging are understood without configuration', () => {
    const answers = adapterStyles.map((style) => {
      const { reader, seen } = collect();
      reader.push(slcanFrameAck(style, false));
      reader.push(slcanFrameAck(style, true));
      return seen;
    });
    expect(answers).toEqual([['ack', 'ack'], ['ack', 'ack'], []]);
  });

  test('BEL is an error, and what stood before it is garbage', () => {
    const { reader, seen, discarded } = collect();
    reader.push(SLCAN_ERROR);
    reader.push(bytes('t00\x07'));
    expect(seen).toEqual(['error', 'error']);
    expect(discarded()).toBe(3);
  });
});

describe('commands', () => {
  test('closing, setting 1 Mbit and opening is what python-can sends', () => {
    const commands: SlcanCommand[] = [{ kind: 'close' }, { kind: 'bitRate', code: 8 }, { kind: 'open' }];
    expect(commands.map((command) => text(encodeSlcanCommand(command))).join('')).toBe('C\rS8\rO\r');
  });

  test('every command is read back, and reaches the adapter as text', () => {
    const commands: SlcanCommand[] = [
      ...(['open', 'listen', 'close', 'version', 'detailedVersion', 'serialNumber', 'flags', 'pollOne', 'pollAll'] as const).map((kind) => ({ kind })),
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((code) => ({ kind: 'bitRate' as const, code })),
      ...[true, false].flatMap((on) => [{ kind: 'timestamps' as const, on }, { kind: 'autoPoll' as const, on }]),
      { kind: 'bitTiming', btr0: 0x03, btr1: 0x1c },
      { kind: 'acceptanceCode', value: 0x1234_abcd },
      { kind: 'acceptanceMask', value: 0xffff_ffff },
      { kind: 'dataRate', mbit: 5 },
    ];
    for (const command of commands) {
      const line = encodeSlcanCommand(command);
      const { reader, seen } = collect();
      reader.push(line);
      expect(seen).toEqual([`text ${text(line.subarray(0, -1))}`]);
      expect(decodeSlcanCommand(line.subarray(0, -1))).toEqual(command);
    }
  });

  // Lawicel CANUSB manual: s031C is 125 kbit/s; the SJA1000 runs at 16 MHz.
  test.each([
    [0x03, 0x1c, 125_000],
    [0x00, 0x1c, 500_000],
    [0x00, 0x14, 1_000_000],
  ])('bit timing registers %i %i give %i bit/s', (btr0, btr1, bitRate) => {
    expect(slcanTimingBitRate(btr0, btr1)).toBe(bitRate);
  });

  test('an unknown command is not guessed at', () => {
    expect(['S9', 'Z2', 'Q', 'OO', '', 's123', 'M1', 'mXXXXXXXX', 'Y0', 'X2', 'S'].map((line) => decodeSlcanCommand(bytes(line)))).toEqual(Array.from({ length: 11 }, () => null));
  });

  test('answers differ by adapter', () => {
    expect(adapterStyles.map((style) => text(slcanCommandAnswer(style, { kind: 'open' })))).toEqual(['\r', '\r', '']);
    // python-can converts the digits of a version; can-utils slcanpty.c answers these.
    expect(adapterStyles.map((style) => text(slcanCommandAnswer(style, { kind: 'version' })))).toEqual(['V1013\r', 'V1013\r', 'V1013\r']);
    expect(text(slcanCommandAnswer('slcanpty', { kind: 'detailedVersion' }))).toBe('v1014\r');
    expect(text(slcanCommandAnswer('slcanpty', { kind: 'serialNumber' }))).toBe('N4242\r');
    expect(text(slcanCommandAnswer('lawicel', { kind: 'flags' }, 0xa4))).toBe('FA4\r');
  });
});
