/** Drives that speak in lines of text: ODrive, and moteus on a UART or behind an fdcanusb. */
import { decodeRcv, emptyFdFrame, encodeCanSend, FdcanusbSplitter } from '../../protocols/wire/fdcanusb.ts';
import { BROADCAST_ID, MOTEUS, MoteusReader, MoteusWriter, REPLY_WANTED, TYPE } from '../../protocols/wire/moteus.ts';
import { encodeOdriveLine, OdriveSplitter, odriveText } from '../../protocols/wire/odrive.ts';
import { ascii, hex, lone, PATIENCE_MS, type AddressHints, type Conversation, type Found, type FoundDrive, type Inquiry, type Round } from './inquiry.ts';

/** Board properties that make up who an ODrive is, in the order in which they are asked. */
const ODRIVE_PROPERTIES = ['hw_version_major', 'hw_version_minor', 'fw_version_major', 'fw_version_minor', 'fw_version_revision'] as const;
/** As a property it is cut to nine digits; among the lines of `i` it stands whole. */
const ODRIVE_SERIAL = /^Serial number: ([0-9A-Fa-f]+)$/;
const ODRIVE_AXES = [0, 1] as const;
const NUMBER = /^-?\d+(\.\d+)?$/;

function startOdrive(): Conversation {
  const heard = { answer: '', serialNumber: '' };
  const splitter = new OdriveSplitter({ onFrame: (line) => {
      heard.answer = odriveText(line);
      heard.serialNumber = ODRIVE_SERIAL.exec(heard.answer)?.[1] ?? heard.serialNumber;
    },
     onDiscarded: () => {} }, 'required');
  function* ask(property: string): Generator<Round, string | null, void> {
    heard.answer = '';
    yield { bytes: encodeOdriveLine(`r ${property}`), patienceMs: PATIENCE_MS, answered: () => heard.answer !== '' };
    return NUMBER.test(heard.answer) ? heard.answer : null;
  }
  function* talk(): Generator<Round, Found | null, void> {
    yield { bytes: ascii('\n'), patienceMs: PATIENCE_MS / 8, answered: () => false };
    const told: string[] = [];
    for (const property of ODRIVE_PROPERTIES) {
      const value = yield* ask(property);
      if (value === null && told.length === 0) return null;
      told.push(value ?? '?');
    }
    const [hwMajor, hwMinor, major, minor, revision] = told;
    yield { bytes: encodeOdriveLine('i'), patienceMs: PATIENCE_MS, answered: () => heard.serialNumber !== '' };
    const drives: FoundDrive[] = [];
    for (const address of ODRIVE_AXES)
      if ((yield* ask(`axis${address}.current_state`)) !== null) drives.push({ protocol: 'odrive-ascii', address, model: `ODrive ${hwMajor}.${hwMinor}`, firmware: `${major}.${minor}.${revision}`, serialNumber: heard.serialNumber });
    return lone('odrive-ascii', drives);
  }
  return { listen: (chunk) => splitter.push(chunk), talk: talk() };
}

export const odriveInquiry: Inquiry = { protocols: ['odrive-ascii'], bauds: [115_200], start: startOdrive };

/** A controller as delivered. */
const MOTEUS_USUAL_ID = 1;
const SERIAL_WORDS = 3;

class MoteusEar {
  readonly found = new Map<number, Map<number, number>>();
  readonly #frame = emptyFdFrame();
  #registers = new Map<number, number>();
  readonly #reader = new MoteusReader({ onReply: (register, _type, raw) => this.#registers.set(register, raw) });
  readonly splitter = new FdcanusbSplitter({ onFrame: (line) => this.#onLine(line), onDiscarded: () => {} });

  #onLine(line: Uint8Array): void {
    if (!decodeRcv(line, this.#frame)) return;
    const source = (this.#frame.id >> 8) & 0x7f;
    this.#registers = this.found.get(source) ?? new Map<number, number>();
    if (this.#reader.parse(this.#frame.data, this.#frame.length) && this.#registers.has(MOTEUS.modelNumber)) this.found.set(source, this.#registers);
  }
}

function moteusQuestion(address: number, checksum: boolean): Uint8Array {
  const frame = emptyFdFrame();
  const writer = new MoteusWriter().reset(frame.data);
  writer.read(TYPE.int32, 2, MOTEUS.modelNumber);
  writer.read(TYPE.int32, SERIAL_WORDS, MOTEUS.serialNumber);
  const out = new Uint8Array(256);
  frame.id = REPLY_WANTED | address;
  frame.length = writer.length;
  return out.slice(0, encodeCanSend(frame, checksum, out, 0));
}

function startMoteus(hints: AddressHints): Conversation {
  const ear = new MoteusEar();
  const asked = [...new Set([MOTEUS_USUAL_ID, ...(hints.get('moteus') ?? [])])];
  function* talk(): Generator<Round, Found | null, void> {
    yield { bytes: ascii('\n'), patienceMs: PATIENCE_MS / 8, answered: () => false };
    // A UART that has once seen a checksum wants it for ever, so the question without one comes first.
    for (const checksum of [false, true]) {
      yield { bytes: moteusQuestion(BROADCAST_ID, checksum), patienceMs: PATIENCE_MS, answered: () => false };
      for (const address of asked) if (!ear.found.has(address)) yield { bytes: moteusQuestion(address, checksum), patienceMs: PATIENCE_MS / 2, answered: () => ear.found.has(address) };
      if (ear.found.size > 0) break;
    }
    const drives = [...ear.found].map(([address, registers]) => moteusDrive(address, registers)).sort((a, b) => a.address - b.address);
    return drives.length === 0 ? null : lone('moteus', drives);
  }
  return { listen: (chunk) => ear.splitter.push(chunk), talk: talk() };
}

function moteusDrive(address: number, registers: ReadonlyMap<number, number>): FoundDrive {
  const modelNumber = registers.get(MOTEUS.modelNumber) ?? 0;
  const words = Array.from({ length: SERIAL_WORDS }, (_, i) => hex(registers.get(MOTEUS.serialNumber + i) ?? 0, 8));
  return { protocol: 'moteus', address, model: `moteus ${hex(modelNumber, 4)}`, firmware: hex(registers.get(MOTEUS.firmwareVersion) ?? 0, 4), serialNumber: words.join('-'), modelNumber };
}

export const moteusInquiry: Inquiry = { protocols: ['moteus'], bauds: [921_600], start: startMoteus };
