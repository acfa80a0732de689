/**
 * The serial end of an EPOS4: one request, one response. Requests for other nodes than the first drive's go on over its
 * CAN bus, which takes longer. Source: maxon "EPOS4 Communication Guide" (rel8759), chapters 2, 5 and 6.
 */
import { US_PER_MS } from '../../protocols/units.ts';
import { getLe, NMT, SDO_ABORT } from '../../protocols/wire/canopen.ts';
import { encodeEpos4Response, EPOS4_ERROR, EPOS4_FRAME_MAX_BYTES, EPOS4_OPCODE, EPOS4_SEGMENT_BYTES, Epos4Splitter, Epos4Writer, epos4ValueOf } from '../../protocols/wire/epos4.ts';
import type { SendBytes, VirtualDevice } from './device.ts';
import type { Epos4Drive } from './epos4-drive.ts';
import type { OdEntry } from './object-dictionary.ts';

/** Our own figures: from the last byte of a request to the first of its response, and an SDO on the CAN bus beyond. */
const RESPONSE_US = 400;
const GATEWAY_US = 1_000;

interface Addressed {
  readonly drive: Epos4Drive;
  readonly entry: OdEntry | null;
  readonly error: number;
}

export class Epos4Line implements VirtualDevice {
  readonly #splitter: Epos4Splitter;
  readonly #writer = new Epos4Writer();
  readonly #out = new Uint8Array(EPOS4_FRAME_MAX_BYTES);
  /** The response that waits for its time. */
  #response: { dueUs: number; bytes: Uint8Array } | null = null;
  /** What a segmented read has left. */
  #segments: { text: string; at: number; toggle: number } | null = null;
  #nowUs = 0;
  #heardUs = 0;
  #partial = false;

  constructor(
    private readonly drives: readonly Epos4Drive[],
    private readonly send: SendBytes,
  ) {
    this.#splitter = new Epos4Splitter({
      onFrame: (frame) => this.#onFrame(frame),
      onDiscarded: () => {},
      onChecksumError: () => {
        if (this.drives[0]?.listening === true) this.#respond(EPOS4_ERROR.crc, null, this.#nowUs + RESPONSE_US);
      },
    });
  }

  receive(bytes: Uint8Array, nowUs: number): void {
    this.#nowUs = nowUs;
    this.#heardUs = nowUs;
    this.#partial = true;
    this.#splitter.push(bytes);
  }

  step(nowUs: number): void {
    this.#nowUs = nowUs;
    const timeoutUs = (this.drives[0]?.frameTimeoutMs ?? 0) * US_PER_MS;
    if (this.#partial && nowUs - this.#heardUs > timeoutUs) {
      this.#partial = false;
      this.#splitter.reset();
    }
    if (this.#response === null || nowUs < this.#response.dueUs) return;
    const { bytes } = this.#response;
    this.#response = null;
    this.send(bytes);
  }

  unplugged(): void {
    this.#splitter.reset();
    this.#response = null;
    this.#segments = null;
  }

  #onFrame(frame: Uint8Array): void {
    // The drive on the port carries the talk, also for the others.
    if (this.drives[0]?.listening !== true) return;
    const words = (frame.length - 2) / 2;
    switch (frame[0] ?? -1) {
      case EPOS4_OPCODE.readObject:
        return words === 2 ? this.#onRead(this.#address(frame)) : this.#refuse();
      case EPOS4_OPCODE.writeObject:
        return words === 4 ? this.#onWrite(this.#address(frame), getLe(frame, 6, 4, false)) : this.#refuse();
      case EPOS4_OPCODE.initiateSegmentedRead:
        return words === 2 ? this.#onSegmentedRead(this.#address(frame)) : this.#refuse();
      case EPOS4_OPCODE.segmentRead:
        return this.#onSegment((frame[2] ?? 0) & 1);
      case EPOS4_OPCODE.sendNmt:
        return words === 2 ? this.#onNmt(getLe(frame, 2, 2, false), getLe(frame, 4, 2, false)) : this.#refuse();
      default:
        return this.#refuse();
    }
  }

  #refuse(): void {
    this.#respond(SDO_ABORT.command, null, this.#nowUs + RESPONSE_US);
  }

  #address(frame: Uint8Array): Addressed | null {
    const node = frame[2] ?? 0;
    const drive = this.drives.find((candidate) => candidate.node === node && candidate.listening);
    if (drive === undefined) return null;
    const index = getLe(frame, 3, 2, false);
    const entry = drive.find(index, frame[5] ?? 0);
    return { drive, entry, error: entry !== null ? 0 : drive.has(index) ? SDO_ABORT.noSub : SDO_ABORT.noObject };
  }

  /** The response to a read has room for data also when it tells an error, as public hosts rely on. */
  #onRead(to: Addressed | null): void {
    if (to === null) return this.#noNode(0);
    if (to.entry === null || !to.entry.readable) return this.#respond(to.error || SDO_ABORT.writeOnly, 0, this.#dueUs(to.drive));
    if (to.entry.bytes === 0) return this.#respond(SDO_ABORT.length, 0, this.#dueUs(to.drive));
    to.drive.sample();
    const { value, bytes } = to.entry;
    this.#respond(0, value < 0 ? value + 2 ** (8 * bytes) : value, this.#dueUs(to.drive));
  }

  #onWrite(to: Addressed | null, raw: number): void {
    if (to === null) return this.#noNode(null);
    const { drive, entry } = to;
    if (entry === null || !entry.writable) return this.#respond(to.error || SDO_ABORT.readOnly, null, this.#dueUs(drive));
    const error = entry.write(epos4ValueOf({ bytes: entry.bytes === 1 ? 1 : entry.bytes === 2 ? 2 : 4, signed: entry.signed }, raw));
    const inRange = error !== SDO_ABORT.tooHigh && error !== SDO_ABORT.tooLow;
    this.#respond(inRange ? error : EPOS4_ERROR.value, null, this.#dueUs(drive));
  }

  /** The first data come with the response; a gateway does not carry segments. */
  #onSegmentedRead(to: Addressed | null): void {
    if (to === null) return this.#noNode(null);
    const { drive, entry } = to;
    if (entry === null) return this.#respond(to.error, null, this.#dueUs(drive));
    drive.sample();
    const text = entry.bytes === 0 ? entry.text : String.fromCharCode(...Array.from({ length: entry.bytes }, (_, k) => Math.floor(entry.value / 256 ** k) & 0xff));
    const first = text.slice(0, EPOS4_SEGMENT_BYTES);
    this.#segments = { text, at: first.length, toggle: 0 };
    this.#writer.begin(EPOS4_OPCODE.response).value(0, 4).value(text.length, 4).value(first.length, 1).bytes(codesOf(first));
    this.#put(this.#writer.end(this.#out, 0), this.#dueUs(drive));
  }

  #onSegment(toggle: number): void {
    const dueUs = this.#nowUs + RESPONSE_US;
    const segments = this.#segments;
    if (segments === null || segments.at >= segments.text.length) return this.#respond(SDO_ABORT.command, null, dueUs);
    if (toggle !== segments.toggle) return this.#respond(SDO_ABORT.toggle, null, dueUs);
    const part = segments.text.slice(segments.at, segments.at + EPOS4_SEGMENT_BYTES);
    segments.at += part.length;
    segments.toggle ^= 1;
    const last = segments.at >= segments.text.length ? 2 : 0;
    this.#writer.begin(EPOS4_OPCODE.response).value(0, 4).value(part.length, 1).value(toggle | last, 1).bytes(codesOf(part));
    this.#put(this.#writer.end(this.#out, 0), dueUs);
  }

  /** Node 0: all. */
  #onNmt(node: number, command: number): void {
    this.#respond(0, null, this.#nowUs + RESPONSE_US);
    for (const drive of this.drives) if (drive.listening && (node === 0 || drive.node === node)) drive.nmt(command, this.#nowUs, command === NMT.resetNode || command === NMT.resetCommunication);
  }

  #noNode(data: number | null): void {
    this.#respond(SDO_ABORT.timeout, data, this.#nowUs + RESPONSE_US + GATEWAY_US);
  }

  #dueUs(drive: Epos4Drive): number {
    return this.#nowUs + RESPONSE_US + (drive === this.drives[0] ? 0 : GATEWAY_US);
  }

  #respond(error: number, data: number | null, dueUs: number): void {
    this.#put(encodeEpos4Response(this.#writer, error, data, this.#out, 0), dueUs);
  }

  #put(end: number, dueUs: number): void {
    this.#response = { dueUs, bytes: this.#out.slice(0, end) };
  }
}

const codesOf = (text: string): number[] => Array.from(text, (char) => char.charCodeAt(0) & 0xff);
