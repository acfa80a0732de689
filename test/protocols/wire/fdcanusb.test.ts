import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canFdLength, decodeFrame, decodeRcv, emptyFdFrame, encodeCanSend, encodeRcv, encodeText, FDCANUSB_LINE_MAX_BYTES, FdcanusbSplitter, isError, isOk, type FdFrame } from '../../../protocols/wire/fdcanusb.ts';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
const bytesOf = (hex: string): number[] => Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));

function frameOf(id: number, hex: string, bitRateSwitch: boolean | null = null): FdFrame {
  const frame = emptyFdFrame();
  const bytes = bytesOf(hex);
  frame.data.set(bytes);
  return Object.assign(frame, { id, length: bytes.length, bitRateSwitch });
}

function split(chunks: Iterable<Uint8Array>, needsChecksum = false) {
  const seen = { lines: [] as string[], discarded: 0, checksumErrors: 0 };
  const splitter = new FdcanusbSplitter(
    {
      onFrame: (line, hadChecksum) => seen.lines.push(text(line) + (hadChecksum ? ' checked' : '')),
      onDiscarded: (bytes) => (seen.discarded += bytes),
      onChecksumError: () => seen.checksumErrors++,
    },
    () => needsChecksum,
  );
  for (const chunk of chunks) splitter.push(chunk);
  return seen;
}

describe('published lines', () => {
  // mjbots/moteus docs/protocol/can.md, "Example"
  test('the documented command and its answer are read and written', () => {
    const out = new Uint8Array(FDCANUSB_LINE_MAX_BYTES);
    const sent = encodeCanSend(frameOf(0x8001, '01000a07206000200150ff140400130d'), false, out, 0);
    expect(text(out.subarray(0, sent)).toLowerCase()).toBe('can send 8001 01000a07206000200150ff140400130d\n');
    const frame = emptyFdFrame();
    expect(decodeRcv(ascii('rcv 100 2404000a005000000170ff230d181400'), frame)).toBe(true);
    expect([frame.id, [...frame.data.subarray(0, frame.length)]]).toEqual([0x100, bytesOf('2404000a005000000170ff230d181400')]);
  });

  // moteus' Python library and firmware, CRC-8 of fw/uart_fdcanusb_micro_server.h
  test.each(['can send 8001 01000011001F01130D505050 BF *CF', 'OK *BD'])('the checksum of "%s" is right', (line) => {
    expect(split([ascii(`${line}\n`)], true)).toEqual({ lines: [`${line.slice(0, -4)} checked`], discarded: 0, checksumErrors: 0 });
    expect(text(encodeText(line.slice(0, -4), true, '\r\n'))).toBe(`${line}\r\n`);
  });

  // fw/can_manager.cc (adapter) and fw/uart_fdcanusb_micro_server.h (UART)
  test('an answer is written as the adapter does, and as a UART does', () => {
    const out = new Uint8Array(FDCANUSB_LINE_MAX_BYTES);
    const write = (style: 'fdcanusb' | 'uart', frame: FdFrame): string => text(out.subarray(0, encodeRcv(frame, style, style === 'uart', out, 0)));
    expect(write('fdcanusb', frameOf(0x100, '2A000A'))).toBe('rcv 100 2A000A e B F r f-1\r\n');
    expect(write('fdcanusb', frameOf(0x10100, '2A', false))).toBe('rcv 10100 2A E b F r f-1\r\n');
    expect(write('uart', frameOf(0x100, '2A000A'))).toMatch(/^rcv 00000100 2a000a \*[0-9A-F]{2}\r\n$/);
  });
});

test.each([
  ['8001', 'insufficient options'],
  ['8001 ', 'insufficient options'],
  ['80g1 00', 'bad id'],
  ['20000000 00', 'bad id'],
  ['8001 000', 'data invalid length'],
  [`8001 ${'00'.repeat(65)}`, 'data invalid length'],
  ['8001 0x', 'invalid data'],
  ['8001 00 Q', 'unknown flag'],
] as const)('"%s" is answered with: %s', (line, fault) => {
  expect(decodeFrame(ascii(line), 0, emptyFdFrame())).toBe(fault);
});

test('flags stand apart or together, and only the bit rate switch is kept', () => {
  const frame = emptyFdFrame();
  for (const [flags, expected] of [['', null], [' B', true], [' bF', false], [' E B F r f0 t123', true]] as const) {
    expect(decodeFrame(ascii(`8001 00${flags}`), 0, frame)).toBeNull();
    expect(frame.bitRateSwitch).toBe(expected);
  }
});

test('CAN FD frames have their lengths', () => {
  expect([0, 7, 8, 9, 13, 17, 21, 25, 33, 49, 64].map(canFdLength)).toEqual([0, 7, 8, 12, 16, 20, 24, 32, 48, 64, 64]);
});

test('a wrong checksum, a missing one where it is wanted, control characters and endless lines are discarded and counted', () => {
  expect(split([ascii('OK *BC\r\n')])).toEqual({ lines: [], discarded: 7, checksumErrors: 1 });
  expect(split([ascii('OK\n')], true)).toEqual({ lines: [], discarded: 3, checksumErrors: 1 });
  expect(split([ascii('O\x01K\n')])).toEqual({ lines: [], discarded: 4, checksumErrors: 1 });
  expect(split([ascii(`${'x'.repeat(5_000)}\nOK\n`)])).toEqual({ lines: ['OK'], discarded: 5_001, checksumErrors: 0 });
});

test('OK and ERR are told from all else', () => {
  expect([isOk(ascii('OK')), isOk(ascii('OKAY')), isError(ascii('ERR checksum')), isError(ascii('rcv 1 00'))]).toEqual([true, false, true, false]);
});

const frames = fc.record({ id: fc.integer({ min: 0, max: 0x1fff_ffff }), data: fc.uint8Array({ minLength: 1, maxLength: 64 }), bitRateSwitch: fc.boolean() }).map(({ id, data, bitRateSwitch }) => {
  const frame = emptyFdFrame();
  frame.data.set(data);
  return Object.assign(frame, { id, length: data.length, bitRateSwitch });
});

describe('properties', () => {
  test('what is encoded is decoded again, in any chunking', () => {
    fc.assert(
      fc.property(frames, fc.boolean(), fc.constantFrom('fdcanusb', 'uart'), fc.integer({ min: 1, max: 40 }), (frame, checksum, style, chunk) => {
        const out = new Uint8Array(2 * FDCANUSB_LINE_MAX_BYTES);
        const end = encodeRcv(frame, style, checksum, out, encodeCanSend(frame, checksum, out, 0));
        const chunks = Array.from({ length: Math.ceil(end / chunk) }, (_, i) => out.subarray(i * chunk, Math.min(end, (i + 1) * chunk)));
        const [sent = '', received = ''] = split(chunks, checksum).lines;
        const back = emptyFdFrame();
        for (const [line, at] of [[sent, 9], [received, 4]] as const) {
          expect(decodeFrame(ascii(line.replace(' checked', '')), at, back)).toBeNull();
          expect([back.id, back.length, [...back.data.subarray(0, back.length)]]).toEqual([frame.id, frame.length, [...frame.data.subarray(0, frame.length)]]);
        }
      }),
    );
  });

  test('garbage that ends in a line end costs only itself, and nothing ever throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (garbage) => {
        const seen = split([garbage, ascii('\nOK *BD\n')]);
        expect(seen.lines.at(-1)).toBe('OK checked');
        expect(seen.discarded).toBeLessThanOrEqual(garbage.length + 1);
        for (const line of seen.lines) decodeRcv(ascii(line), emptyFdFrame());
      }),
    );
  });
});
