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
const [LOWER_D, UPPER_D, LOWER_B, UPPER_B] = [0x64, 0x44, 0x62, 0x42];
const [LOWER_Z, UPPER_Z] = [0x7a, 0x5a];
const HEX_DIGITS = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0));
const NOT_HEX = 0xff;
const HEX_VALUES = new Uint8Array(256).fill(NOT_HEX);
'0123456789abcdef'.split('').forEach((digit, value) => {
  HEX_VALUES[digit.charCodeAt(0)] = value;
  HEX_VALUES[digit.toUpperCase().charCodeAt(0)] = value;
});

/** `T` + 8 id digits + length + 16 data digits + 4 time-stamp digits. */
const LONGEST_CLASSIC_LINE = 1 + 8 + 1 + 16 + 4;
/** Room that one encoded classic frame needs at most, CR included. */
export const SLCAN_FRAME_MAX_BYTES = LONGEST_CLASSIC_LINE + 1;
const FD_DATA_BYTES = 64;
const LONGEST_LINE = LONGEST_CLASSIC_LINE + 2 * (FD_DATA_BYTES - 8);
/** The same for a frame of CAN FD. */
export const SLCAN_FD_FRAME_MAX_BYTES = LONGEST_LINE + 1;
/** Data lengths of CAN FD by their code (ISO 11898-1). */
const FD_LENGTHS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 20, 24, 32, 48, 64];

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

/** A CAN FD frame as CANable 2 adapters speak of it: `d`, `D`, with bit rate switch `b`, `B`. Never remote. */
export interface CanFdFrame {
  id: number;
  extended: boolean;
  /** The data were sent at the higher rate (command `Yn`). */
  bitRateSwitch: boolean;
  /** One of the lengths that CAN FD has. */
  length: number;
  /** Always 64 bytes; those from `length` on are 0. */
  readonly data: Uint8Array;
}

export const emptyCanFdFrame = (): CanFdFrame => ({ id: 0, extended: false, bitRateSwitch: false, length: 0, data: new Uint8Array(FD_DATA_BYTES) });

/** Writes the frame's line with its CR; a length that CAN FD does not have grows to the next, filled with 0. @returns the index after it */
export function encodeSlcanFdFrame(frame: CanFdFrame, out: Uint8Array, at: number): number {
  let end = at;
  if (frame.extended) out[end++] = frame.bitRateSwitch ? UPPER_B : UPPER_D;
  else out[end++] = frame.bitRateSwitch ? LOWER_B : LOWER_D;
  end = writeHex(frame.id, frame.extended ? 8 : 3, out, end);
  const code = Math.max(0, FD_LENGTHS.findIndex((length) => length >= Math.min(frame.length, FD_DATA_BYTES)));
  end = writeHex(code, 1, out, end);
  for (let i = 0; i < (FD_LENGTHS[code] ?? 0); i++) end = writeHex(i < frame.length ? (frame.data[i] ?? 0) : 0, 2, out, end);
  out[end++] = CR;
  return end;
}

/** Fills `frame` from a line without its CR. @returns false, with `frame` undefined in content, when it is not one */
export function decodeSlcanFdFrame(line: Uint8Array, frame: CanFdFrame): boolean {
  const type = line[0];
  frame.extended = type === UPPER_D || type === UPPER_B;
  frame.bitRateSwitch = type === LOWER_B || type === UPPER_B;
  if (!frame.extended && !frame.bitRateSwitch && type !== LOWER_D) return false;
  const idDigits = frame.extended ? 8 : 3;
  frame.id = readHex(line, 1, idDigits);
  const code = readHex(line, 1 + idDigits, 1);
  frame.length = FD_LENGTHS[code] ?? -1;
  if (frame.id < 0 || frame.length < 0 || frame.id > (frame.extended ? 0x1fff_ffff : 0x7ff)) return false;
  return line.length === 2 + idDigits + 2 * frame.length && readData(line, 2 + idDigits, frame.length, frame.data);
}

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
  if (!readData(line, start, dataBytes, frame.data)) return false;
  frame.timestampMs = line.length === end ? -1 : readHex(line, end, 4);
  return line.length === end || (frame.timestampMs >= 0 && frame.timestampMs < 60_000);
}

/** The bytes from `length` on become 0. @returns false when a digit is none */
function readData(line: Uint8Array, at: number, length: number, data: Uint8Array): boolean {
  data.fill(0);
  for (let i = 0; i < length; i++) {
    const byte = readHex(line, at + 2 * i, 2);
    if (byte < 0) return false;
    data[i] = byte;
  }
  return true;
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
  /** Without it, CAN FD frames are discarded. */
  onCanFdFrame?(frame: CanFdFrame): void;
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
  readonly #fdFrame = emptyCanFdFrame();
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
    else if (sink.onCanFdFrame !== undefined && decodeSlcanFdFrame(line, this.#fdFrame)) sink.onCanFdFrame(this.#fdFrame);
    else if (isText(line)) sink.onText(line);
    else sink.onDiscarded(line.length + 1);
  }
}

/** Commands and their answers: one letter of the command set, then letters or digits; never a broken data frame. */
function isText(line: Uint8Array): boolean {
  if (!TEXT_LETTERS.has(line[0] ?? 0)) return false;
  return line.every((byte) => (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));
}
const TEXT_LETTERS = new Set(Array.from('COLSsZFVvNMmWXPAUY', (letter) => letter.charCodeAt(0)));

/** Bit rates of `S0` … `S8`; code 7 is 800 kbit/s at Lawicel, and 750 at CANable and in python-can, so nobody should use it. */
export const slcanBitRates = [10_000, 20_000, 50_000, 100_000, 125_000, 250_000, 500_000, 800_000, 1_000_000] as const;
/** As CANable has it. */
export const CANABLE_BIT_RATE_7 = 750_000;

/** Bit rate of the registers BTR0 and BTR1 of an SJA1000 at 16 MHz, which the `s` command fills (Lawicel CANUSB manual). */
export function slcanTimingBitRate(btr0: number, btr1: number): number {
  const quanta = 1 + (btr1 & 0x0f) + 1 + ((btr1 >> 4) & 0x07) + 1;
  return 8_000_000 / ((btr0 & 0x3f) + 1) / quanta;
}

export type SlcanCommand =
  | { readonly kind: 'open' | 'listen' | 'close' | 'version' | 'detailedVersion' | 'serialNumber' | 'flags' | 'pollOne' | 'pollAll' }
  | { readonly kind: 'bitRate'; readonly code: number }
  | { readonly kind: 'bitTiming'; readonly btr0: number; readonly btr1: number }
  | { readonly kind: 'timestamps' | 'autoPoll'; readonly on: boolean }
  /** Registers AC0 … AC3 and AM0 … AM3 of the SJA1000, the first in the highest byte. */
  | { readonly kind: 'acceptanceCode' | 'acceptanceMask'; readonly value: number }
  /** CAN FD: Mbit/s of the data (CANable 2). */
  | { readonly kind: 'dataRate'; readonly mbit: number };

const PLAIN_COMMANDS = { open: 'O', listen: 'L', close: 'C', version: 'V', detailedVersion: 'v', serialNumber: 'N', flags: 'F', pollOne: 'P', pollAll: 'A' } as const;
const PLAIN_KINDS = new Map(Object.entries(PLAIN_COMMANDS).map(([kind, letter]) => [letter as string, kind as keyof typeof PLAIN_COMMANDS]));

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

export function encodeSlcanCommand(command: SlcanCommand): Uint8Array {
  switch (command.kind) {
    case 'bitRate':
      return ascii(`S${command.code}\r`);
    case 'bitTiming':
      return ascii(`s${hex(command.btr0, 2)}${hex(command.btr1, 2)}\r`);
    case 'timestamps':
      return ascii(`Z${Number(command.on)}\r`);
    case 'autoPoll':
      return ascii(`X${Number(command.on)}\r`);
    case 'acceptanceCode':
      return ascii(`M${hex(command.value, 8)}\r`);
    case 'acceptanceMask':
      return ascii(`m${hex(command.value, 8)}\r`);
    case 'dataRate':
      return ascii(`Y${command.mbit}\r`);
    case 'open':
    case 'listen':
    case 'close':
    case 'version':
    case 'detailedVersion':
    case 'serialNumber':
    case 'flags':
    case 'pollOne':
    case 'pollAll':
      break;
  }
  return ascii(`${PLAIN_COMMANDS[command.kind]}\r`);
}

/** @returns null for a command that is none; an adapter answers it with BEL */
export function decodeSlcanCommand(line: Uint8Array): SlcanCommand | null {
  const text = String.fromCharCode(...line);
  const plain = PLAIN_KINDS.get(text);
  if (plain !== undefined) return { kind: plain };
  const letter = text[0];
  const argument = text.slice(1);
  const number = Number.parseInt(argument, 16);
  if (letter === 'S' && /^[0-8]$/.test(argument)) return { kind: 'bitRate', code: number };
  if (letter === 's' && /^[0-9A-Fa-f]{4}$/.test(argument)) return { kind: 'bitTiming', btr0: number >> 8, btr1: number & 0xff };
  if (letter === 'Z' && /^[01]$/.test(argument)) return { kind: 'timestamps', on: number === 1 };
  if (letter === 'X' && /^[01]$/.test(argument)) return { kind: 'autoPoll', on: number === 1 };
  if (letter === 'M' && /^[0-9A-Fa-f]{8}$/.test(argument)) return { kind: 'acceptanceCode', value: number };
  if (letter === 'm' && /^[0-9A-Fa-f]{8}$/.test(argument)) return { kind: 'acceptanceMask', value: number };
  return letter === 'Y' && /^[1-8]$/.test(argument) ? { kind: 'dataRate', mbit: number } : null;
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

/** Bits of the status flags (`F`): Lawicel CANUSB manual; the errors are the SJA1000's. */
export const SLCAN_FLAG = { receiveFull: 0x01, transmitFull: 0x02, errorWarning: 0x04, dataOverrun: 0x08, errorPassive: 0x20, arbitrationLost: 0x40, busError: 0x80 } as const;

/**
 * Adapter → host, after a command it has carried out; version, serial number and flags carry their value. Versions have
 * digits only, because hosts convert them.
 */
export function slcanCommandAnswer(style: AdapterStyle, command: SlcanCommand, flags = 0): Uint8Array {
  if (command.kind === 'version') return ascii('V1013\r');
  if (style === 'canable') return NOTHING;
  if (command.kind === 'detailedVersion') return ascii('v1014\r');
  if (command.kind === 'serialNumber') return ascii('N4242\r');
  if (command.kind === 'flags') return ascii(`F${hex(flags, 2)}\r`);
  return command.kind === 'pollAll' ? ascii('A\r') : BARE_CR;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
