/** Protocols of text lines. */
import type { Random } from '../../../protocols/random.ts';
import { CAN_FD_MAX_BYTES, canFdLength, decodeFrame, decodeRcv, emptyFdFrame, encodeCanSend, encodeRcv, encodeText, FDCANUSB_LINE_MAX_BYTES, FdcanusbSplitter, isError, isOk } from '../../../protocols/wire/fdcanusb.ts';
import { MOTEUS, MoteusReader, MoteusWriter, TYPE, unitOf, valueOf, type ValueType } from '../../../protocols/wire/moteus.ts';
import { decodeOdriveFeedback, encodeOdriveLine, encodeOdriveReply, encodeOdriveSetPoint, formatOdriveFloat, ODRIVE_LINE_MAX_BYTES, OdriveScanner, OdriveSplitter, odriveText, readOdriveNumber } from '../../../protocols/wire/odrive.ts';
import { anyBytes, anyNumber, FINITE_MAX, oneOf } from './numbers.ts';
import type { Oracle } from './oracle.ts';
import type { FuzzSubject, FuzzTarget } from './target.ts';

const append = (bytes: Uint8Array, out: Uint8Array, at: number): number => {
  out.set(bytes, at);
  return at + bytes.length;
};

const ODRIVE_LINES = ['w axis0.requested_state 8', 'w axis0.requested_state 1', 'r vbus_voltage', 'r axis0.current_state', 'f 0', 'u 0', 'sc', 'w axis0.config.watchdog_timeout 0.1', 'esl 0 1.5'] as const;

function odriveLine(random: Random, out: Uint8Array, at: number): number {
  const kind = random.int(5);
  if (kind === 0) return append(encodeOdriveLine(oneOf(random, ODRIVE_LINES)), out, at);
  if (kind === 4) return append(Buffer.from(`${oneOf(random, ODRIVE_LINES)} ; a comment${oneOf(random, ['\r', '\n', '!', '\r\n'])}`), out, at);
  if (kind === 1) return encodeOdriveSetPoint(oneOf(random, ['c', 'v', 'p']), random.int(2), Float64Array.of(anyNumber(random, 50) % 1e8, anyNumber(random, 5) % 1e8), 1 + random.int(2), out, at);
  const numbers = Array.from({ length: 1 + random.int(2) }, () => formatOdriveFloat(random.int(20) === 0 ? oneOf(random, [NaN, Infinity, -Infinity]) : anyNumber(random, 20) % 1e8));
  return append(encodeOdriveReply(numbers.join(' '), kind === 2), out, at);
}

function openOdrive(oracle: Oracle, checksums: 'optional' | 'required'): FuzzSubject {
  const feedback = { positionTurns: 0, velocityTurnsPerSec: 0 };
  const scanner = new OdriveScanner();
  const finite = (what: string, value: number): void => oracle.value(`ODrive ${what}`, value, -FINITE_MAX, FINITE_MAX);
  const splitter = new OdriveSplitter(
    {
      onFrame: (line) => {
        oracle.framed(line.length, ODRIVE_LINE_MAX_BYTES + 1);
        odriveText(line);
        const number = readOdriveNumber(line);
        if (number !== null) finite('number', number);
        if (decodeOdriveFeedback(line, feedback)) {
          finite('position', feedback.positionTurns);
          finite('velocity', feedback.velocityTurnsPerSec);
        }
        scanner.reset(line, 1);
        oracle.value('ODrive axis', scanner.unsigned(), -1, 2 ** 32 - 1);
        scanner.word();
      },
      onDiscarded: (bytes) => oracle.discarded(bytes),
      onChecksumError: () => {},
    },
    checksums,
  );
  // With `required`, only lines that carry one come out, so the valid frames are those.
  const encode: FuzzSubject['encode'] = (random, out, at) => (checksums === 'required' ? append(encodeOdriveLine(oneOf(random, ODRIVE_LINES)), out, at) : odriveLine(random, out, at));
  return { encode, push: (chunk) => splitter.push(chunk), reset: () => splitter.reset() };
}

const REGISTERS = Object.values(MOTEUS);
const TYPES: readonly ValueType[] = Object.values(TYPE);

/** Sub-frames as host and controller write them, now and then cut off or followed by anything. */
function moteusData(random: Random, writer: MoteusWriter, data: Uint8Array): number {
  if (random.int(6) === 0) return append(anyBytes(random, 1 + random.int(CAN_FD_MAX_BYTES)), data, 0);
  writer.reset(data);
  for (let i = 1 + random.int(4); i > 0; i--) {
    const register = REGISTERS[random.int(REGISTERS.length)] ?? 0;
    const type = TYPES[random.int(TYPES.length)] ?? TYPE.float;
    const count = 1 + random.int(5);
    const before = writer.length;
    const kind = random.int(5);
    if (kind === 0) writer.read(type, count, register);
    else if (kind === 1) writer.error(oneOf(random, ['read', 'write']), register, random.int(8));
    else {
      if (kind === 2) writer.reply(type, count, register);
      else writer.write(type, count, register);
      for (let value = 0; value < count; value++) writer.value(type, unitOf(register + value), random.int(20) === 0 ? oneOf(random, [NaN, Infinity]) : anyNumber(random, 10));
    }
    if (writer.overrun) writer.cut(before);
  }
  writer.pad(canFdLength(writer.length));
  return Math.max(1, random.int(16) === 0 ? random.int(writer.length) : writer.length);
}

function openMoteus(oracle: Oracle): FuzzSubject {
  const [sent, received] = [emptyFdFrame(), emptyFdFrame()];
  const writer = new MoteusWriter();
  // Integers count in units and the marks of NaN are values too; only the infinities of floats are theirs to refuse.
  const number = (register: number, type: ValueType, raw: number): void => {
    if (!Number.isInteger(register) || register < 0) oracle.report('register', `a value belongs to register ${register}`);
    if (type !== TYPE.float && !Number.isInteger(raw)) oracle.report('integer', `register ${register} has the integer ${raw}`);
    valueOf(unitOf(register), type, raw);
  };
  const reader = new MoteusReader({
    onWrite: number,
    onReply: number,
    onRead: (_type, count, register) => {
      oracle.value('moteus count', count, 0, 2 ** 32);
      oracle.value('moteus register', register, 0, 2 ** 32);
    },
    onError: (_of, register, code) => {
      oracle.value('moteus register', register, -1, 2 ** 32);
      oracle.value('moteus error', code, 0, 2 ** 32);
    },
    onText: (_toDevice, bytes) => oracle.value('moteus text', bytes.length, 0, CAN_FD_MAX_BYTES),
    onPoll: (most) => oracle.value('moteus poll', most, 0, 2 ** 32),
  });
  const parse = (): void => {
    oracle.value('CAN FD id', received.id, 0, 0x1fff_ffff);
    oracle.value('CAN FD length', received.length, 0, CAN_FD_MAX_BYTES);
    reader.parse(received.data, received.length);
  };
  const splitter = new FdcanusbSplitter({
    onFrame: (line) => {
      // Its end, and a blank and checksum before that, are not in it.
      oracle.framed(line.length + 1, line.length + LINE_SPARE_BYTES);
      if (decodeRcv(line, received)) parse();
      if (decodeFrame(line, CAN_SEND_CHARS, received) === null) parse();
      isOk(line);
      isError(line);
    },
    onDiscarded: (bytes) => oracle.discarded(bytes),
    onChecksumError: () => {},
  });
  const encode: FuzzSubject['encode'] = (random, out, at) => {
    const checksum = random.int(2) === 0;
    sent.id = 0x8000 | random.int(0x8000);
    sent.length = moteusData(random, writer, sent.data);
    const kind = random.int(4);
    if (kind === 0) return append(encodeText(oneOf(random, ['OK', 'ERR bad id', 'can status', 'conf get can.bitrate']), checksum, oneOf(random, ['\n', '\r\n'])), out, at);
    if (kind === 1) return encodeRcv(sent, oneOf(random, ['fdcanusb', 'uart']), checksum, out, at);
    return encodeCanSend(sent, checksum, out, at);
  };
  return { encode, push: (chunk) => splitter.push(chunk), reset: () => splitter.reset() };
}

const CAN_SEND_CHARS = 'can send '.length;
/** The line's end and everything that may stand before its checksum. */
const LINE_SPARE_BYTES = FDCANUSB_LINE_MAX_BYTES;

export const textTargets: readonly FuzzTarget[] = [
  ...(['optional', 'required'] as const).map((checksums): FuzzTarget => ({ protocol: 'odrive-ascii', side: 'codec', capacityBytes: ODRIVE_LINE_MAX_BYTES, account: 'loose', open: (oracle) => openOdrive(oracle, checksums) })),
  { protocol: 'moteus', side: 'codec', capacityBytes: FDCANUSB_LINE_MAX_BYTES, account: 'loose', open: openMoteus },
];
