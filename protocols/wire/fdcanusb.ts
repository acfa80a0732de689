/**
 * The text lines of mjbots' fdcanusb, a serial-to-CAN-FD adapter; a moteus controller speaks the same over its own UART.
 * Host and device share this file. Sources: mjbots/fdcanusb `README.md` and `fw/can_manager.cc`; mjbots/moteus
 * `docs/integration/uart.md`, `fw/uart_fdcanusb_micro_server.h` and `lib/cpp/mjbots/moteus/moteus_transport.h`.
 *
 *     host → device: can send|std|ext HEXID HEXDATA [B|b] [F|f] [R|r]    can on|off|status    conf get|set …
 *     device → host: OK, ERR text, and at any time rcv HEXID HEXDATA [E|e] [B|b] [F|f] [R|r] [fN] [tN]
 *
 * Lines end in LF, CR or both. With ` *XX` at its end a line is protected: CRC-8 over all before the `*`, the space
 * included. An adapter knows no checksums; a UART always sends them, and wants them from the first that it has had.
 */
import { crc8Moteus } from '../checksums.ts';
import { DelimiterSplitter, type FrameSink, type Splitter } from '../splitter.ts';

const [LF, CR, SPACE, STAR] = [0x0a, 0x0d, 0x20, 0x2a];
/** Receive buffer of the UART server; the longest line of all, with 64 data bytes, flags and checksum, has about 170. */
const LONGEST_LINE = 256;
export const CAN_FD_MAX_BYTES = 64;
/** Room that one encoded line needs at most. */
export const FDCANUSB_LINE_MAX_BYTES = 192;
const CHECKSUM_BYTES = 3;

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const UPPER_DIGITS = ascii('0123456789ABCDEF');
const LOWER_DIGITS = ascii('0123456789abcdef');
const [RCV, CAN_SEND] = [ascii('rcv '), ascii('can send ')];

/** One record is reused for all frames of a line. */
export interface FdFrame {
  id: number;
  length: number;
  readonly data: Uint8Array;
  /** `B`: the data part was sent, or is to be sent, at the higher bit rate; null: the adapter's setting. */
  bitRateSwitch: boolean | null;
}

export const emptyFdFrame = (): FdFrame => ({ id: 0, length: 0, data: new Uint8Array(CAN_FD_MAX_BYTES), bitRateSwitch: null });

/** Data lengths that CAN FD has; shorter data are padded up to the next. */
const FD_LENGTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, CAN_FD_MAX_BYTES] as const;

export function canFdLength(bytes: number): number {
  for (const length of FD_LENGTHS) if (length >= bytes) return length;
  return CAN_FD_MAX_BYTES;
}

/** ` *XX` over the line that began at `start`. @returns the index after it */
export function appendChecksum(out: Uint8Array, start: number, at: number): number {
  out[at] = SPACE;
  const crc = crc8Moteus(out, start, at + 1);
  out[at + 1] = STAR;
  return writeHex(crc, 2, UPPER_DIGITS, out, at + 2);
}

/** Host → device: `can send`, at least four id digits as mjbots' own hosts write it. @returns the index after it */
export function encodeCanSend(frame: Readonly<FdFrame>, checksum: boolean, out: Uint8Array, at: number): number {
  out.set(CAN_SEND, at);
  let end = writeHex(frame.id, Math.max(4, digitsOf(frame.id)), LOWER_DIGITS, out, at + CAN_SEND.length);
  out[end++] = SPACE;
  end = writeData(frame, UPPER_DIGITS, out, end);
  if (checksum) end = appendChecksum(out, at, end);
  out[end++] = LF;
  return end;
}

/** Device → host: `rcv` as an adapter writes it, or as a moteus does on its UART (eight digits, no flags). */
export function encodeRcv(frame: Readonly<FdFrame>, style: 'fdcanusb' | 'uart', checksum: boolean, out: Uint8Array, at: number): number {
  const uart = style === 'uart';
  const digits = uart ? LOWER_DIGITS : UPPER_DIGITS;
  out.set(RCV, at);
  let end = writeHex(frame.id, uart ? 8 : digitsOf(frame.id), digits, out, at + RCV.length);
  out[end++] = SPACE;
  end = writeData(frame, digits, out, end);
  if (!uart) {
    const flags = `${frame.id > 0x7ff ? ' E' : ' e'}${frame.bitRateSwitch === false ? ' b' : ' B'} F r f-1`;
    for (let i = 0; i < flags.length; i++) out[end++] = flags.charCodeAt(i);
  }
  if (checksum) end = appendChecksum(out, at, end);
  out[end++] = CR;
  out[end++] = LF;
  return end;
}

/** A command or an answer in plain text. @returns the line with its end */
export function encodeText(text: string, checksum: boolean, lineEnd: '\n' | '\r\n'): Uint8Array {
  const out = new Uint8Array(text.length + CHECKSUM_BYTES + 3);
  out.set(ascii(text));
  let end = checksum ? appendChecksum(out, 0, text.length) : text.length;
  if (lineEnd === '\r\n') out[end++] = CR;
  out[end++] = LF;
  return out.subarray(0, end);
}

/** @returns whether the line, without its end, is a `rcv` whose frame now is in `frame` */
export function decodeRcv(line: Uint8Array, frame: FdFrame): boolean {
  if (!startsWith(line, RCV)) return false;
  return decodeFrame(line, RCV.length, frame) === null;
}

export const sendSubcommands = ['send', 'std', 'ext'] as const;
export type SendSubcommand = (typeof sendSubcommands)[number];

/** What a device says to a line that is not right (texts of the adapter's firmware). */
export type FrameFault = 'insufficient options' | 'bad id' | 'data invalid length' | 'invalid data' | 'unknown flag';

/** Device side: id, data and flags from index `at` on. @returns null when `frame` now holds them */
export function decodeFrame(line: Uint8Array, at: number, frame: FdFrame): FrameFault | null {
  let index = at;
  frame.id = 0;
  for (; index < line.length && line[index] !== SPACE; index++) {
    const digit = hexValue(line[index] ?? 0);
    if (digit < 0 || frame.id >= 0x200_0000) return 'bad id';
    frame.id = frame.id * 16 + digit;
  }
  if (index === at || frame.id > 0x1fff_ffff) return 'bad id';
  const dataAt = index + 1;
  for (index = dataAt; index < line.length && line[index] !== SPACE; ) index++;
  const digits = index - dataAt;
  if (digits <= 0) return 'insufficient options';
  if (digits % 2 !== 0 || digits > 2 * CAN_FD_MAX_BYTES) return 'data invalid length';
  frame.length = digits / 2;
  for (let i = 0; i < frame.length; i++) {
    const high = hexValue(line[dataAt + 2 * i] ?? 0);
    const low = hexValue(line[dataAt + 2 * i + 1] ?? 0);
    if (high < 0 || low < 0) return 'invalid data';
    frame.data[i] = high * 16 + low;
  }
  return decodeFlags(line, index, frame);
}

/** Of the flags only the bit rate switch matters to anybody; `fN` and `tN` are the adapter's filter and time. */
function decodeFlags(line: Uint8Array, at: number, frame: FdFrame): FrameFault | null {
  frame.bitRateSwitch = null;
  for (let i = at; i < line.length; i++) {
    const flag = line[i] ?? 0;
    if (flag === 0x42) frame.bitRateSwitch = true;
    else if (flag === 0x62) frame.bitRateSwitch = false;
    else if (!KNOWN_FLAGS.has(flag)) return 'unknown flag';
  }
  return null;
}
const KNOWN_FLAGS = new Set(ascii(' FfRrEet-0123456789'));

export interface FdcanusbSink extends Omit<FrameSink, 'onFrame'> {
  /** A line with its checksum right, or without one; it is handed over without it. An empty line is nothing. */
  onFrame(line: Uint8Array, hadChecksum: boolean): void;
  /** Its bytes are told as discarded too. */
  onChecksumError?(): void;
}

/** Bytes in any chunking → lines or accounted garbage. */
export class FdcanusbSplitter implements Splitter {
  readonly #splitter: DelimiterSplitter;
  /** One view per length is kept, so that cutting a checksum off allocates nothing. */
  readonly #line = new Uint8Array(LONGEST_LINE);
  readonly #views: (Uint8Array | undefined)[] = [];

  /** @param needsChecksum true: a line without a checksum is as good as one with a wrong one */
  constructor(
    private readonly sink: FdcanusbSink,
    private readonly needsChecksum: () => boolean = () => false,
  ) {
    this.#splitter = new DelimiterSplitter(
      (byte) => byte === LF || byte === CR,
      { onFrame: (line) => this.#onLine(line), onDiscarded: (byteCount) => sink.onDiscarded(byteCount) },
      LONGEST_LINE,
    );
  }

  push(chunk: Uint8Array): void {
    this.#splitter.push(chunk);
  }

  reset(): void {
    this.#splitter.reset();
  }

  #onLine(line: Uint8Array): void {
    if (line.length === 0) return;
    const starAt = line.length - CHECKSUM_BYTES;
    const protectedBy = starAt >= 0 && line[starAt] === STAR ? 16 * hexValue(line[starAt + 1] ?? 0) + hexValue(line[starAt + 2] ?? 0) : -1;
    const hasChecksum = protectedBy >= 0;
    if (!isText(line) || (hasChecksum && protectedBy !== crc8Moteus(line, 0, starAt)) || (!hasChecksum && this.needsChecksum())) {
      this.sink.onDiscarded(line.length + 1);
      this.sink.onChecksumError?.();
      return;
    }
    if (!hasChecksum) {
      this.sink.onFrame(line, false);
      return;
    }
    let length = starAt;
    while (length > 0 && line[length - 1] === SPACE) length--;
    this.#line.set(line);
    this.sink.onFrame((this.#views[length] ??= this.#line.subarray(0, length)), true);
  }
}

export const isOk = (line: Uint8Array): boolean => line.length === 2 && line[0] === 0x4f && line[1] === 0x4b;
export const isError = (line: Uint8Array): boolean => startsWith(line, ERR);
const ERR = ascii('ERR');

/** 7-bit text without control characters. */
function isText(line: Uint8Array): boolean {
  for (const byte of line) if (byte < SPACE || byte > 0x7e) return false;
  return true;
}

function startsWith(line: Uint8Array, start: Uint8Array): boolean {
  for (let i = 0; i < start.length; i++) if (line[i] !== start[i]) return false;
  return true;
}

function writeData(frame: Readonly<FdFrame>, digits: Uint8Array, out: Uint8Array, at: number): number {
  let end = at;
  for (let i = 0; i < frame.length; i++) end = writeHex(frame.data[i] ?? 0, 2, digits, out, end);
  return end;
}

function digitsOf(value: number): number {
  let digits = 1;
  while (digits < 8 && value >= 16 ** digits) digits++;
  return digits;
}

function writeHex(value: number, count: number, digits: Uint8Array, out: Uint8Array, at: number): number {
  for (let i = 0; i < count; i++) out[at + i] = digits[(value >>> (4 * (count - 1 - i))) & 0xf] ?? 0;
  return at + count;
}

/** @returns a number that makes any sum with it negative, when the letter is no digit */
function hexValue(letter: number): number {
  if (letter >= 0x30 && letter <= 0x39) return letter - 0x30;
  if (letter >= 0x41 && letter <= 0x46) return letter - 0x37;
  if (letter >= 0x61 && letter <= 0x66) return letter - 0x57;
  return -1_000;
}
