/**
 * ODrive ASCII protocol: one line per command, ended by CR, LF or `!`; `;` begins a comment; `*NN` is the decimal xor
 * of everything before it, and a reply carries one exactly when its command did. Host and device side share this file.
 * Source: odriverobotics/ODrive `Firmware/communication/ascii_protocol.cpp` (0.5.x), `docs/ascii-protocol.md`.
 */
import { xor8 } from '../checksums.ts';
import { DelimiterSplitter, type FrameSink, type Splitter } from '../splitter.ts';

const [LF, CR, BANG, STAR, SEMICOLON, SPACE] = [0x0a, 0x0d, 0x21, 0x2a, 0x3b, 0x20];
const [MINUS, PLUS, POINT, ZERO, NINE] = [0x2d, 0x2b, 0x2e, 0x30, 0x39];
const LOWER_E = 0x65;
/** Longest line that the firmware takes, without its end. */
export const ODRIVE_LINE_MAX_BYTES = 256;
/** The firmware cuts a property's text to this; a longer value loses its last digits. */
export const ODRIVE_PROPERTY_MAX_CHARS = 9;
/** The firmware cuts any reply to this. */
export const ODRIVE_REPLY_MAX_BYTES = 64;

export interface OdriveSink extends FrameSink {
  onChecksumError?(): void;
}

/**
 * Hands over each line without comment, checksum and end. Empty lines (the second half of CR LF) are no lines. A line
 * whose checksum is wrong is dropped, and so is one without where checksums are `required`.
 */
export class OdriveSplitter implements Splitter {
  readonly #lines: DelimiterSplitter;
  /** One view per length is kept, so that splitting allocates nothing. */
  readonly #views: (Uint8Array | undefined)[] = [];
  #checksummed = false;

  constructor(
    private readonly sink: OdriveSink,
    private readonly checksums: 'optional' | 'required',
  ) {
    this.#lines = new DelimiterSplitter((byte) => byte === LF || byte === CR || byte === BANG, { onFrame: (line) => this.#onLine(line), onDiscarded: (count) => sink.onDiscarded(count) }, ODRIVE_LINE_MAX_BYTES);
  }

  /** Whether the line that is being handed over came with a checksum. */
  get checksummed(): boolean {
    return this.#checksummed;
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  reset(): void {
    this.#lines.reset();
  }

  #onLine(line: Uint8Array): void {
    let end = line.indexOf(SEMICOLON);
    if (end < 0) end = line.length;
    if (end === 0) {
      if (line.length > 0) this.sink.onDiscarded(line.length);
      return;
    }
    const star = line.indexOf(STAR);
    this.#checksummed = star >= 0 && star < end - 1;
    if (!this.#checksummed && this.checksums === 'required') {
      this.sink.onDiscarded(line.length);
      return;
    }
    if (this.#checksummed && readChecksum(line, star + 1, end) !== xor8(line, 0, star)) {
      this.sink.onChecksumError?.();
      this.sink.onDiscarded(line.length);
      return;
    }
    const length = this.#checksummed ? star : end;
    this.sink.onFrame((this.#views[length] ??= line.subarray(0, length)));
  }
}

/** Like `sscanf("%u")`: what follows the digits is ignored. @returns −1 without a digit */
function readChecksum(line: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && line[at] === SPACE) at++;
  let value = -1;
  for (let digit = (line[at] ?? 0) - ZERO; at < end && digit >= 0 && digit <= 9; digit = (line[++at] ?? 0) - ZERO) value = Math.min(Math.max(0, value) * 10 + digit, 0xffff);
  return value;
}

/** The line with checksum and end. */
export const encodeOdriveLine = (text: string): Uint8Array => ascii(`${text}*${xor8(ascii(text))}\n`);

/** Device → host; cut to the firmware's buffer. */
export function encodeOdriveReply(text: string, checksummed: boolean): Uint8Array {
  const line = checksummed ? `${text}*${xor8(ascii(text))}\r\n` : `${text}\r\n`;
  return ascii(line.slice(0, ODRIVE_REPLY_MAX_BYTES));
}

/** `%f` of a 32-bit float. */
export function formatOdriveFloat(value: number): string {
  const single = Math.fround(value);
  if (Number.isNaN(single)) return 'nan';
  if (Math.abs(single) === Infinity) return single > 0 ? 'inf' : '-inf';
  // toFixed turns to exponents at 1e21; such a number is longer than any reply and is cut to its first digits anyway.
  const text = Math.abs(single) < 1e21 ? single.toFixed(6) : BigInt(single).toString();
  return Object.is(single, -0) ? `-${text}` : text;
}

/**
 * Appends `letter axis value …` with checksum and end, six decimals each.
 * @returns the index after it, or `at` when a value is not finite: such a set-point has no meaning
 */
export function encodeOdriveSetPoint(letter: 'c' | 'v' | 'p', axis: number, values: Float64Array, count: number, out: Uint8Array, at: number): number {
  for (let i = 0; i < count; i++) if (!(Math.abs(values[i] ?? 0) < LARGEST)) return at;
  let end = at;
  out[end++] = LETTERS[letter];
  out[end++] = SPACE;
  out[end++] = ZERO + axis;
  for (let i = 0; i < count; i++) {
    out[end++] = SPACE;
    end = writeFixed(values[i] ?? 0, out, end);
  }
  const checksum = xor8(out, at, end);
  out[end++] = STAR;
  end = writeDigits(checksum, out, end);
  out[end++] = LF;
  return end;
}
const LETTERS = { c: 0x63, v: 0x76, p: 0x70 } as const;
/** Beyond what any drive can be asked for; keeps value × 10⁶ an exact integer. */
const LARGEST = 1e9;
const DECIMALS = 1e6;

function writeFixed(value: number, out: Uint8Array, at: number): number {
  const scaled = Math.round(Math.abs(value) * DECIMALS);
  let end = at;
  if (value < 0 && scaled > 0) out[end++] = MINUS;
  const whole = Math.floor(scaled / DECIMALS);
  end = writeDigits(whole, out, end);
  out[end++] = POINT;
  let rest = scaled - whole * DECIMALS;
  for (let unit = DECIMALS / 10; unit >= 1; unit /= 10) {
    const digit = Math.floor(rest / unit);
    out[end++] = ZERO + digit;
    rest -= digit * unit;
  }
  return end;
}

function writeDigits(value: number, out: Uint8Array, at: number): number {
  let unit = 1;
  while (unit * 10 <= value) unit *= 10;
  let end = at;
  for (let rest = value; unit >= 1; unit = Math.floor(unit / 10)) {
    const digit = Math.floor(rest / unit);
    out[end++] = ZERO + digit;
    rest -= digit * unit;
  }
  return end;
}

/** Reads a line from left to right as `sscanf` does; one is kept per side, so that reading allocates nothing. */
export class OdriveScanner {
  #line: Uint8Array = new Uint8Array(0);
  #at = 0;

  reset(line: Uint8Array, at = 0): this {
    this.#line = line;
    this.#at = at;
    return this;
  }

  /** @returns null when no finite number stands here */
  number(): number | null {
    this.#skipSpace();
    const negative = this.#take(MINUS);
    if (!negative) this.#take(PLUS);
    let digits = this.#digits();
    let value = this.#value;
    if (this.#take(POINT)) {
      const decimals = this.#digits();
      digits += decimals;
      value += this.#value / powerOfTen(decimals);
    }
    if (digits === 0) return null;
    const scaled = value * this.#exponent();
    if (!Number.isFinite(scaled)) return null;
    return negative ? -scaled : scaled;
  }

  /** An unsigned decimal number; larger ones are saturated to 32 bits. @returns −1 when none stands here */
  unsigned(): number {
    this.#skipSpace();
    return this.#digits() === 0 ? -1 : Math.min(this.#value, 0xffff_ffff);
  }

  /** Up to the next space; '' at the end. */
  word(): string {
    this.#skipSpace();
    const start = this.#at;
    while (this.#at < this.#line.length && (this.#line[this.#at] ?? 0) > SPACE) this.#at++;
    return String.fromCharCode(...this.#line.subarray(start, this.#at));
  }

  /** Nothing but space is left. */
  get atEnd(): boolean {
    this.#skipSpace();
    return this.#at >= this.#line.length;
  }

  #value = 0;

  /** Leaves the number in `#value`. @returns how many digits there were */
  #digits(): number {
    const start = this.#at;
    this.#value = 0;
    for (let byte = this.#line[this.#at] ?? 0; byte >= ZERO && byte <= NINE; byte = this.#line[++this.#at] ?? 0) this.#value = this.#value * 10 + (byte - ZERO);
    return this.#at - start;
  }

  #exponent(): number {
    const start = this.#at;
    if (((this.#line[this.#at] ?? 0) | 0x20) !== LOWER_E) return 1;
    this.#at++;
    const negative = this.#take(MINUS);
    if (!negative) this.#take(PLUS);
    if (this.#digits() === 0) {
      this.#at = start;
      return 1;
    }
    return negative ? 1 / powerOfTen(this.#value) : powerOfTen(this.#value);
  }

  #skipSpace(): void {
    while (this.#at < this.#line.length && (this.#line[this.#at] ?? 0) <= SPACE) this.#at++;
  }

  #take(byte: number): boolean {
    if (this.#line[this.#at] !== byte) return false;
    this.#at++;
    return true;
  }
}

function powerOfTen(exponent: number): number {
  let power = 1;
  for (let i = 0; i < exponent && power < Infinity; i++) power *= 10;
  return power;
}

const scanner = new OdriveScanner();

/** A reply that is one finite number and nothing else. @returns null when it is not */
export function readOdriveNumber(line: Uint8Array): number | null {
  const value = scanner.reset(line).number();
  return scanner.atEnd ? value : null;
}

export interface OdriveFeedback {
  positionTurns: number;
  velocityTurnsPerSec: number;
}

/** The reply to `f`. @returns false, with `feedback` untouched, when it is not two finite numbers */
export function decodeOdriveFeedback(line: Uint8Array, feedback: OdriveFeedback): boolean {
  const position = scanner.reset(line).number();
  const velocity = scanner.number();
  if (position === null || velocity === null || !scanner.atEnd) return false;
  feedback.positionTurns = position;
  feedback.velocityTurnsPerSec = velocity;
  return true;
}

export const odriveText = (line: Uint8Array): string => String.fromCharCode(...line);

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
