/**
 * An SLCAN adapter, and who is on its CAN bus at 1 Mbit/s. CANopen nodes are asked for their identity object. MIT drives
 * can only be told something: to leave motor mode, which a released drive is in already. Identifiers 001 … 07F, which
 * that uses, mean nothing in CANopen.
 */
import { getLe, COB, decodeSdo, emptySdoMessage, encodeSdoUpload, SDO_BYTES } from '../../protocols/wire/canopen.ts';
import { OD } from '../../protocols/wire/cia402.ts';
import { encodeMitSpecial, MIT_FRAME_BYTES, MIT_HOST_CAN_ID } from '../../protocols/wire/mit.ts';
import { SERVO_UPLOAD_ID } from '../../protocols/wire/servo-can.ts';
import { emptyCanFrame, encodeSlcanCommand, encodeSlcanFrame, SLCAN_FRAME_MAX_BYTES, SlcanReader, type CanFrame } from '../../protocols/wire/slcan.ts';
import { ascii, hex, PATIENCE_MS, type Conversation, type Found, type FoundDrive, type Inquiry, type Round } from './inquiry.ts';

const CR = 0x0d;
/** Answers what a command before ours left behind. */
const BEL = 0x07;
const NODES = 127;
const CAN_1_MBIT = 8;
/** Small adapters have room for few frames, and a bus takes 0.13 ms for each. */
const FRAMES_AT_ONCE = 16;
const FRAMES_PAUSE_MS = 25;
const VERSION = /^V([0-9A-Za-z]{1,16})$/;
const SERIAL_NUMBER = /^N([0-9A-Za-z]{1,16})$/;
/** CANable answers the question for its version with its build and where its source is (canable-fw `slcan.c`). */
const CANABLE = /^[\x20-\x7e]*canable[\x20-\x7e]*$/i;
const IDENTITY = [OD.vendorId, OD.productCode, OD.revision, OD.serialNumber] as const;

/** Bytes of the adapter's text lines, frames apart. */
class Lines {
  readonly texts: string[] = [];
  #text = '';

  push(chunk: Uint8Array): void {
    for (const byte of chunk) {
      if (byte === CR || byte === BEL) {
        this.texts.push(this.#text);
        this.#text = '';
      } else if (this.#text.length < 64) this.#text += String.fromCharCode(byte);
    }
    if (this.texts.length > 64) this.texts.splice(0, 32);
  }

  find(pattern: RegExp): string | null {
    const match = this.texts.map((text) => pattern.exec(text)).find((found) => found !== null);
    return match === undefined ? null : (match[1] ?? match[0]);
  }
}

class Bus {
  readonly nodes = new Map<number, number[]>();
  readonly mit = new Set<number>();
  readonly #sdo = emptySdoMessage();

  onCanFrame(frame: CanFrame): void {
    if (frame.remote) return;
    // AK drives of the third version tell their state by themselves; the id's last byte is theirs.
    if (frame.extended && (frame.id & ~0xff) === SERVO_UPLOAD_ID) this.mit.add(frame.id & 0xff);
    if (frame.extended) return;
    const node = frame.id - COB.sdoReply;
    if (node >= 1 && node <= NODES && frame.length === SDO_BYTES) this.#onSdo(node, frame);
    const id = frame.data[0] ?? 0;
    if (frame.length === MIT_FRAME_BYTES && id >= 1 && id <= NODES && (frame.id === MIT_HOST_CAN_ID || frame.id === id)) this.mit.add(id);
  }

  get drives(): FoundDrive[] {
    const canopen = [...this.nodes].map(([address, [vendorId = 0, productCode = 0, revision = 0, serial = 0]]): FoundDrive => ({
      protocol: 'cia402',
      address,
      model: `vendor ${hex(vendorId, 8)}, product ${hex(productCode, 8)}`,
      firmware: `revision ${hex(revision, 8)}`,
      serialNumber: serial === 0 ? '' : String(serial),
      vendorId,
      productCode,
    }));
    const mit = [...this.mit].map((address): FoundDrive => ({ protocol: 'mit', address, model: '', firmware: '', serialNumber: '' }));
    return [...canopen, ...mit].sort((a, b) => a.address - b.address);
  }

  #onSdo(node: number, { data }: CanFrame): void {
    const sdo = this.#sdo;
    if (!decodeSdo(data, 'server', sdo) || sdo.index !== OD.vendorId.index) return;
    const values = this.nodes.get(node) ?? [];
    if (sdo.service === 'upload') values[sdo.sub - 1] = getLe(data, 4, sdo.length, false);
    this.nodes.set(node, values);
  }
}

function start(): Conversation {
  const lines = new Lines();
  const bus = new Bus();
  const reader = new SlcanReader({ onCanFrame: (frame) => bus.onCanFrame(frame), onAck: () => {}, onError: () => {}, onText: () => {}, onDiscarded: () => {} });
  function* talk(): Generator<Round, Found | null, void> {
    const version = (): string | null => lines.find(VERSION) ?? lines.find(CANABLE);
    // A bare CR first ends half a line that an earlier program may have left.
    yield { bytes: ascii('\rV\r'), patienceMs: PATIENCE_MS, answered: () => version() !== null };
    const firmware = version();
    if (firmware === null) return null;
    yield { bytes: ascii('N\r'), patienceMs: PATIENCE_MS / 2, answered: () => lines.find(SERIAL_NUMBER) !== null };
    yield* askBus(bus);
    return { protocol: 'slcan', model: 'SLCAN adapter', firmware, serialNumber: lines.find(SERIAL_NUMBER) ?? '', drives: bus.drives };
  }
  return {
    listen: (chunk) => {
      lines.push(chunk);
      reader.push(chunk);
    },
    talk: talk(),
  };
}

function* askBus(bus: Bus): Generator<Round, void, void> {
  const never = (): boolean => false;
  const every = Array.from({ length: NODES }, (_, i) => i + 1);
  yield { bytes: Uint8Array.of(CR, ...encodeSlcanCommand({ kind: 'close' }), ...encodeSlcanCommand({ kind: 'bitRate', code: CAN_1_MBIT }), ...encodeSlcanCommand({ kind: 'open' })), patienceMs: FRAMES_PAUSE_MS, answered: never };
  yield* sendAll(every, askIdentity(0));
  yield { bytes: new Uint8Array(0), patienceMs: PATIENCE_MS, answered: never };
  for (let part = 1; part < IDENTITY.length; part++) yield* sendAll([...bus.nodes.keys()], askIdentity(part));
  yield* sendAll(every.filter((node) => !bus.nodes.has(node)), tellExit);
  yield { bytes: new Uint8Array(0), patienceMs: PATIENCE_MS, answered: never };
  yield { bytes: encodeSlcanCommand({ kind: 'close' }), patienceMs: FRAMES_PAUSE_MS, answered: never };
}

function* sendAll(nodes: readonly number[], fill: (node: number, frame: CanFrame) => void): Generator<Round, void, void> {
  const frame = emptyCanFrame();
  for (let first = 0; first < nodes.length; first += FRAMES_AT_ONCE) {
    const out = new Uint8Array(FRAMES_AT_ONCE * SLCAN_FRAME_MAX_BYTES);
    let end = 0;
    for (const node of nodes.slice(first, first + FRAMES_AT_ONCE)) {
      fill(node, frame);
      end = encodeSlcanFrame(frame, out, end);
    }
    yield { bytes: out.subarray(0, end), patienceMs: FRAMES_PAUSE_MS, answered: () => false };
  }
}

const askIdentity =
  (part: number) =>
  (node: number, frame: CanFrame): void => {
    frame.id = COB.sdoRequest + node;
    frame.length = SDO_BYTES;
    encodeSdoUpload(frame.data, OD.vendorId.index, part + 1);
  };

function tellExit(node: number, frame: CanFrame): void {
  frame.id = node;
  frame.length = MIT_FRAME_BYTES;
  encodeMitSpecial('exit', frame.data);
}

export const slcanInquiry: Inquiry = { protocols: ['slcan'], bauds: [921_600, 115_200], start };
