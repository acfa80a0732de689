import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xor8 } from '../../../protocols/checksums.ts';
import {
  decodeOdriveFeedback,
  encodeOdriveLine,
  encodeOdriveReply,
  encodeOdriveSetPoint,
  formatOdriveFloat,
  ODRIVE_LINE_MAX_BYTES,
  odriveText,
  OdriveScanner,
  OdriveSplitter,
  readOdriveNumber,
} from '../../../protocols/wire/odrive.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

function collect(checksums: 'optional' | 'required' = 'optional') {
  const seen = { lines: [] as string[], checksummed: [] as boolean[], discarded: 0, checksumErrors: 0 };
  const splitter: OdriveSplitter = new OdriveSplitter(
    {
      onFrame: (line) => {
        seen.lines.push(odriveText(line));
        seen.checksummed.push(splitter.checksummed);
      },
      onDiscarded: (count) => (seen.discarded += count),
      onChecksumError: () => seen.checksumErrors++,
    },
    checksums,
  );
  return { seen, splitter };
}

const setPoint = (letter: 'c' | 'v' | 'p', axis: number, ...values: number[]): string => {
  const out = new Uint8Array(128);
  return text(out.subarray(0, encodeOdriveSetPoint(letter, axis, Float64Array.from(values), values.length, out, 0)));
};

describe('ODrive lines', () => {
  it('carry the checksum of the manual: `r vbus_voltage *93` (docs/ascii-protocol.md)', () => {
    expect(xor8(ascii('r vbus_voltage '))).toBe(93);
    expect(text(encodeOdriveLine('r vbus_voltage '))).toBe('r vbus_voltage *93\n');
    const { seen, splitter } = collect('required');
    splitter.push(ascii('r vbus_voltage *93\n'));
    expect(seen).toEqual({ lines: ['r vbus_voltage '], checksummed: [true], discarded: 0, checksumErrors: 0 });
  });

  it('answer with the values of the manual: `24.087744` to `r vbus_voltage`, `0.250000 -0.500000` to `f 0`', () => {
    expect(text(encodeOdriveReply(formatOdriveFloat(24.087744), false))).toBe('24.087744\r\n');
    expect(readOdriveNumber(ascii('24.087744'))).toBe(24.087744);
    const feedback = { positionTurns: 0, velocityTurnsPerSec: 0 };
    expect(decodeOdriveFeedback(ascii('0.250000 -0.500000'), feedback)).toBe(true);
    expect(feedback).toEqual({ positionTurns: 0.25, velocityTurnsPerSec: -0.5 });
    expect(text(encodeOdriveReply(`${formatOdriveFloat(0.25)} ${formatOdriveFloat(-0.5)}`, false))).toBe('0.250000 -0.500000\r\n');
  });

  it('carry set-points with six decimals', () => {
    expect(setPoint('c', 0, -1.25)).toBe('c 0 -1.250000*102\n');
    expect(setPoint('v', 1, 0, 0.1234567)).toBe(text(encodeOdriveLine('v 1 0.000000 0.123457')));
    expect(setPoint('p', 0, 12, -0.0000001, 1000.5)).toBe(text(encodeOdriveLine('p 0 12.000000 0.000000 1000.500000')));
  });

  it('carry no set-point that is not finite', () => {
    for (const value of [Number.NaN, Infinity, -Infinity, 1e12]) expect(setPoint('c', 0, value)).toBe('');
  });

  it('format a float as `%f` of C does, not numbers included', () => {
    expect([0, -0, 0.1, -1e-7, 123.4567891, 1e10, Infinity, -Infinity, Number.NaN].map(formatOdriveFloat)).toEqual([
      '0.000000',
      '-0.000000',
      '0.100000',
      '-0.000000',
      '123.456787',
      '10000000000.000000',
      'inf',
      '-inf',
      'nan',
    ]);
  });

  it('are cut to 64 bytes in a reply, as the firmware cuts them', () => {
    expect(encodeOdriveReply('x'.repeat(80), true).length).toBe(64);
  });

  it('end at CR, LF or `!`, lose their comment, and are nothing when empty', () => {
    const { seen, splitter } = collect();
    splitter.push(ascii('f 0\r\nu 1!sc ; clear\n\n\r!w a.b 1*0 ; wrong\n'));
    expect(seen.lines).toEqual(['f 0', 'u 1', 'sc ']);
    expect(seen.checksumErrors).toBe(1);
  });

  it('are dropped whole when longer than 256 bytes', () => {
    const { seen, splitter } = collect();
    splitter.push(ascii(`${'x'.repeat(ODRIVE_LINE_MAX_BYTES)}y\nf 0\n`));
    expect(seen).toEqual({ lines: ['f 0'], checksummed: [false], discarded: ODRIVE_LINE_MAX_BYTES + 2, checksumErrors: 0 });
  });

  it('without a checksum are refused by a host that asks with one', () => {
    const { seen, splitter } = collect('required');
    splitter.push(ascii('unknown command\r\n0.250000 0.000000*10\r\n'));
    expect(seen.lines).toEqual([]);
    expect(seen.discarded).toBeGreaterThan(15);
  });

  it('are the same in any chunking', () => {
    const line = fc.string({ unit: fc.constantFrom(...Array.from('abcdefr w0123456789._-')), minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 9 })), (lines, cuts) => {
        const stream = Uint8Array.from(lines.flatMap((each) => [...encodeOdriveLine(each)]));
        const { seen, splitter } = collect('required');
        let at = 0;
        for (const cut of cuts) {
          splitter.push(stream.subarray(at, at + cut));
          at = Math.min(stream.length, at + cut);
        }
        splitter.push(stream.subarray(at));
        expect(seen.lines).toEqual(lines);
        expect(seen.discarded).toBe(0);
      }),
    );
  });

  it('survive garbage at the cost of one line at most', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (garbage) => {
        const { seen, splitter } = collect('required');
        splitter.push(garbage);
        splitter.push(encodeOdriveLine('f 0'));
        splitter.push(encodeOdriveLine('f 1'));
        expect(seen.lines.at(-1)).toBe('f 1');
      }),
    );
  });
});

describe('the ODrive number reader', () => {
  it('reads what was written', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (value) => {
        const line = setPoint('c', 0, value);
        const read = readOdriveNumber(ascii(line.slice(4, line.indexOf('*'))));
        expect(Math.abs(read! - value)).toBeLessThanOrEqual(0.6e-6);
      }),
    );
  });

  it('takes no text, no rest and nothing that is not finite for a number', () => {
    for (const line of ['', 'nan', 'inf', '-', '.', '1 2', '1x', 'invalid property', '9e999', '0e999', '1e']) expect([line, readOdriveNumber(ascii(line))]).toEqual([line, null]);
    expect(['+1', '-.5', '1.', '2e3', '5E-1', ' 7 '].map((line) => readOdriveNumber(ascii(line)))).toEqual([1, -0.5, 1, 2000, 0.5, 7]);
  });

  it('never throws and never returns what is not finite', () => {
    const scanner = new OdriveScanner();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (line) => {
        const value = readOdriveNumber(line);
        expect(value === null || Number.isFinite(value)).toBe(true);
        const feedback = { positionTurns: 0, velocityTurnsPerSec: 0 };
        decodeOdriveFeedback(line, feedback);
        expect(Number.isFinite(feedback.positionTurns + feedback.velocityTurnsPerSec)).toBe(true);
        scanner.reset(line).unsigned();
        expect(scanner.word().length).toBeLessThanOrEqual(300);
      }),
    );
  });
});
