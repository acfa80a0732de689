/**
 * SLCAN (Lawicel): CAN frames as ASCII lines, each ended by CR; BEL is an error answer. Host and adapter share this
 * file. Sources: Lawicel CANUSB manual; can-utils `slcanpty.c`; python-can `interfaces/slcan.py`; canable-fw `slcan.c`.
 *
 * Adapters acknowledge in three ways, and a host takes all of them without being told which: Lawicel answers a data
 * frame with `z` CR (11-bit id) or `Z` CR (29-bit), slcanpty with a bare CR, CANable not at all.
 */
import { DelimiterSplitter, type Splitter } from '../splitter.ts';

const CR = 0x0d;
const BEL = 0x07;
const [LOWER_T, UPPER_T, LOWER_R, UPPER_R] = [0x74, 0x54, 0x72, 0x52];
const [LOWER_Z, UPPER_Z] = [0x7a, 0x5a];
const HEX_DIGITS = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0));
const NOT_HEX = 0xff;
const HEX_VALUES = new Uint8Array(256).fill(NOT_HEX);
'0123456789abcdef'.split('').forEach((digit, value) => {
  HEX_VALUES[digit.charCodeAt(0)] = value;
  HEX_VALUES[digit.toUpperCase().charCodeAt(0)] = value;
});

/** `T` + 8 id digits + length + 16 data digits + 4 time-stamp digits. */
const LONGEST_LINE = 1 + 8 + 1 + 16 + 4;
/** Room that one encoded frame needs at most, CR included. */
export const SLCAN_FRAME_MAX_BYTES = LONGEST_LINE + 1;

/** A classic CAN frame; one record is reused for all frames of a link. */
export interface CanFrame {
  id: number;
  /** 29-bit identifier. */
  extended: boolean;
  /** Remote request: has a length, but no data. */
  remote: boolean;
  length: number;
  /** Always 8 bytes; those from `length` on are 0. */
  readonly data: Uint8Array;
  /** Adapter time 0 … 59 999 ms, −1 when the adapter sends none. */
  timestampMs: number;
}

export const emptyCanFrame = (): CanFrame => ({
  id: 0,
  extended: false,
  remote: false,
  length: 0,
  data: new Uint8Array(8),
  timestampMs: -1,
});

/** Writes the frame's line with its CR. @returns the index after it; the caller provides SLCAN_FRAME_MAX_BYTES */
export function encodeSlcanFrame(frame: CanFrame, out: Uint8Array, at: number): number {
  let end = at;
  if (frame.extended) out[end++] = frame.remote ? UPPER_R : UPPER_T;
  else out[end++] = frame.remote ? LOWER_R : LOWER_T;
  end = writeHex(frame.id, frame.extended ? 8 : 3, out, end);
  const length = Math.min(frame.length, 8);
  end = writeHex(length, 1, out, end);
  if (!frame.remote) for (let i = 0; i < length; i++) end = writeHex(frame.data[i] ?? 0, 2, out, end);
  if (frame.timestampMs >= 0) end = writeHex(frame.timestampMs, 4, out, end);
  out[end++] = CR;
  return end;
}

/** Fills `frame` from a line without its CR. @returns false, with `frame` undefined in content, when it is not one */
export function decodeSlcanFrame(line: Uint8Array, frame: CanFrame): boolean {
  const type = line[0];
  frame.extended = type === UPPER_T || type === UPPER_R;
  frame.remote = type === LOWER_R || type === UPPER_R;
  if (!frame.extended && !frame.remote && type !== LOWER_T) return false;
  const idDigits = frame.extended ? 8 : 3;
  frame.id = readHex(line, 1, idDigits);
  frame.length = readHex(line, 1 + idDigits, 1);
  if (frame.id < 0 || frame.length < 0 || frame.length > 8) return false;
  if (frame.id > (frame.extended ? 0x1fff_ffff : 0x7ff)) return false;
  const start = 2 + idDigits;
  const dataBytes = frame.remote ? 0 : frame.length;
  const end = start + 2 * dataBytes;
  if (line.length !== end && line.length !== end + 4) return false;
  frame.data.fill(0);
  for (let i = 0; i < dataBytes; i++) {
    const byte = readHex(line, start + 2 * i, 2);
    if (byte < 0) return false;
    frame.data[i] = byte;
  }
  frame.timestampMs = line.length === end ? -1 : readHex(line, end, 4);
  return line.length === end || (frame.timestampMs >= 0 && frame.timestampMs < 60_000);
}

function writeHex(value: number, digits: number, out: Uint8Array, at: number): number {
  for (let i = 0; i < digits; i++) out[at + i] = HEX_DIGITS[(value >>> (4 * (digits - 1 - i))) & 0xf] ?? 0;
  return at + digits;
}

/** @returns −1 when a digit is missing or none */
function readHex(line: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = HEX_VALUES[line[i] ?? 0] ?? NOT_HEX;
    if (digit === NOT_HEX) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** What a line can be; each call's argument is valid only during the call. */
export interface SlcanSink {
  onCanFrame(frame: CanFrame): void;
  /** CR, `z` CR or `Z` CR: the far side took what was sent. */
  onAck(): void;
  /** BEL: the far side refused a command or could not send. */
  onError(): void;
  /** Any other line of known shape: a command (adapter side) or the answer to one (host side). */
  onText(line: Uint8Array): void;
  onDiscarded(byteCount: number): void;
}

/** Bytes in any chunking → frames, acknowledgements, errors, text or accounted garbage. */
export class SlcanReader implements Splitter {
  readonly #frame = emptyCanFrame();
  readonly #splitter: DelimiterSplitter;
  #delimiter = CR;

  constructor(private readonly sink: SlcanSink) {
    this.#splitter = new DelimiterSplitter(
      (byte) => byte === CR || byte === BEL,
      {
        onDelimiter: (delimiter) => (this.#delimiter = delimiter),
        onFrame: (line) => this.#onLine(line),
        onDiscarded: (byteCount) => sink.onDiscarded(byteCount),
      },
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
    const { sink } = this;
    if (this.#delimiter === BEL) {
      if (line.length > 0) sink.onDiscarded(line.length);
      sink.onError();
    } else if (line.length === 0 || (line.length === 1 && (line[0] === LOWER_Z || line[0] === UPPER_Z))) sink.onAck();
    else if (decodeSlcanFrame(line, this.#frame)) sink.onCanFrame(this.#frame);
    else if (isText(line)) sink.onText(line);
    else sink.onDiscarded(line.length + 1);
  }
}

/** Commands and their answers: one letter of the command set, then letters or digits; never a broken data frame. */
function isText(line: Uint8Array): boolean {
  if (!TEXT_LETTERS.has(line[0] ?? 0)) return false;
  return line.every((byte) => (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));
}
const TEXT_LETTERS = new Set(Array.from('COLSsZFVvNMmWXPA', (letter) => letter.charCodeAt(0)));

/** Bit rates of `S0` … `S8`; code 7 is 800 kbit/s at Lawicel (750 at some clones), so nobody should use it. */
export const slcanBitRates = [10_000, 20_000, 50_000, 100_000, 125_000, 250_000, 500_000, 800_000, 1_000_000] as const;

export type SlcanCommand =
  | { readonly kind: 'open' | 'listen' | 'close' | 'version' | 'serialNumber' | 'flags' }
  | { readonly kind: 'bitRate'; readonly code: number }
  | { readonly kind: 'timestamps'; readonly on: boolean };

const PLAIN_COMMANDS = { open: 'O', listen: 'L', close: 'C', version: 'V', serialNumber: 'N', flags: 'F' } as const;

export function encodeSlcanCommand(command: SlcanCommand): Uint8Array {
  if (command.kind === 'bitRate') return ascii(`S${command.code}\r`);
  if (command.kind === 'timestamps') return ascii(`Z${Number(command.on)}\r`);
  return ascii(`${PLAIN_COMMANDS[command.kind]}\r`);
}

/** @returns null for a command that is not in this subset; an adapter answers it with BEL */
export function decodeSlcanCommand(line: Uint8Array): SlcanCommand | null {
  const text = String.fromCharCode(...line);
  for (const kind of ['open', 'listen', 'close', 'version', 'serialNumber', 'flags'] as const)
    if (text === PLAIN_COMMANDS[kind]) return { kind };
  if (/^S[0-8]$/.test(text)) return { kind: 'bitRate', code: Number(text[1]) };
  if (text === 'Z0' || text === 'Z1') return { kind: 'timestamps', on: text === 'Z1' };
  return null;
}

export const adapterStyles = ['lawicel', 'slcanpty', 'canable'] as const;
export type AdapterStyle = (typeof adapterStyles)[number];

const NOTHING = new Uint8Array(0);
const BARE_CR = ascii('\r');
const [STANDARD_ACK, EXTENDED_ACK] = [ascii('z\r'), ascii('Z\r')];
/** Adapter → host: command or transmission refused. */
export const SLCAN_ERROR: Uint8Array = Uint8Array.of(BEL);

/** Adapter → host, after a frame it has sent on the bus. */
export function slcanFrameAck(style: AdapterStyle, extended: boolean): Uint8Array {
  if (style === 'canable') return NOTHING;
  if (style === 'slcanpty') return BARE_CR;
  return extended ? EXTENDED_ACK : STANDARD_ACK;
}

/** Adapter → host, after a command it has carried out; version, serial number and flags carry their value. */
export function slcanCommandAnswer(style: AdapterStyle, command: SlcanCommand): Uint8Array {
  if (style === 'canable') return command.kind === 'version' ? ascii('Vdari\r') : NOTHING;
  if (command.kind === 'version') return ascii('V1013\r');
  if (command.kind === 'serialNumber') return ascii('NDARI\r');
  if (command.kind === 'flags') return ascii('F00\r');
  return BARE_CR;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
