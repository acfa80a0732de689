/**
 * A half-duplex Dynamixel bus: every servo hears every packet, those that are asked answer one after the other, each
 * after its return delay. In a sync, bulk or fast read a servo speaks only after it has heard the one before it in the
 * list, so the answers end at the first servo that is missing (ROBOTIS DynamixelSDK, issue 331).
 *
 * Servos that speak at the same time spoil each other's bytes, unless they say the same.
 *
 * A pseudo-terminal carries no baud rate, so a servo whose baud rate was changed is taken to be heard at any.
 */
import {
  DXL_BROADCAST_ID,
  DXL_FAST_BLOCK_OVERHEAD,
  DXL_PACKET_MAX_BYTES,
  DXL_STATUS_OVERHEAD_BYTES,
  DxlPacket,
  DxlSplitter,
  DxlWriter,
  dxlErrors,
  dxlInstructions,
  encodeDxlFastBlock,
  encodeDxlFastStart,
} from '../../protocols/wire/dynamixel.ts';
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import type { SendBytes, VirtualDevice } from './device.ts';
import type { DynamixelDrive } from './dynamixel-drive.ts';

const BITS_PER_BYTE = 10;
/** What the SDK's broadcast ping waits per id: each servo answers in the slot of its id. */
const PING_SLOT_US = 3 * US_PER_MS;
/** Our own figure: half a packet is forgotten when its rest does not come. */
const PARTIAL_PATIENCE_US = 50 * US_PER_MS;
/** Parameters of a bulk read per servo: id, address, length. */
const BULK_ENTRY_BYTES = 5;
const DATA_MOST = DXL_PACKET_MAX_BYTES - DXL_STATUS_OVERHEAD_BYTES;
const NO_DATA = new Uint8Array(0);

interface Answer {
  readonly dueUs: number;
  readonly bytes: Uint8Array;
}

export class DynamixelLine implements VirtualDevice {
  readonly #packet = new DxlPacket();
  readonly #writer = new DxlWriter();
  readonly #splitter: DxlSplitter;
  readonly #out = new Uint8Array(2 * DXL_PACKET_MAX_BYTES);
  readonly #data = new Uint8Array(DATA_MOST);
  readonly #byteUs: number;
  #answers: Answer[] = [];
  #nowUs = 0;
  #heardUs = 0;
  #partial = false;

  constructor(
    private readonly servos: readonly DynamixelDrive[],
    baud: number,
    private readonly send: SendBytes,
  ) {
    this.#byteUs = (BITS_PER_BYTE * US_PER_S) / baud;
    this.#splitter = new DxlSplitter({
      onFrame: (frame) => this.#onPacket(this.#packet.load(frame)),
      onDiscarded: () => {},
      onChecksumError: (frame) => this.#onWrongChecksum(frame[4] ?? DXL_BROADCAST_ID),
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
    if (this.#partial && nowUs - this.#heardUs > PARTIAL_PATIENCE_US) {
      this.#partial = false;
      this.#splitter.reset();
    }
    if (this.#answers.length === 0) return;
    const due = this.#answers.filter((answer) => answer.dueUs <= nowUs);
    if (due.length === 0) return;
    this.#answers = this.#answers.filter((answer) => answer.dueUs > nowUs);
    for (const { bytes } of due) this.send(bytes);
  }

  unplugged(): void {
    this.#splitter.reset();
    this.#answers = [];
  }

  #onPacket(packet: DxlPacket): void {
    if (packet.instruction === dxlInstructions.status) return;
    for (const servo of this.servos) servo.heard(this.#nowUs);
    switch (packet.instruction) {
      case dxlInstructions.ping:
        return this.#onPing(packet.id);
      case dxlInstructions.read:
        return this.#onRead(packet);
      case dxlInstructions.syncRead:
      case dxlInstructions.fastSyncRead:
      case dxlInstructions.bulkRead:
      case dxlInstructions.fastBulkRead:
        return this.#onGroupRead(packet);
      case dxlInstructions.syncWrite:
        return this.#onSyncWrite(packet);
      case dxlInstructions.bulkWrite:
        return this.#onBulkWrite(packet);
      default:
        return this.#onCommand(packet);
    }
  }

  #onPing(id: number): void {
    for (const servo of this.servos) {
      const all = id === DXL_BROADCAST_ID;
      if (!servo.listening || (!all && servo.id !== id)) continue;
      const { modelNumber, firmware } = servo;
      const status = this.#writer.begin(servo.id, dxlInstructions.status).u8(servo.errorByte(dxlErrors.none)).u16(modelNumber).u8(firmware);
      this.#answer(this.#nowUs + servo.returnDelayUs + (all ? servo.id * PING_SLOT_US : 0), status.end(this.#out, 0));
    }
  }

  #onRead(packet: DxlPacket): void {
    for (const servo of this.servos) {
      if (!servo.listening || servo.id !== packet.id || servo.statusReturnLevel < 1) continue;
      const length = packet.u16(2);
      const error = packet.count === 4 ? servo.read(packet.u16(0), length, this.#data) : dxlErrors.dataLength;
      this.#status(servo, error, error === dxlErrors.none ? length : 0, this.#nowUs + servo.returnDelayUs);
    }
  }

  /** Sync and bulk reads, plain and fast: they differ in how servos are listed and in the form of the answer. */
  #onGroupRead(packet: DxlPacket): void {
    const { instruction } = packet;
    const bulk = instruction === dxlInstructions.bulkRead || instruction === dxlInstructions.fastBulkRead;
    const fast = instruction === dxlInstructions.fastSyncRead || instruction === dxlInstructions.fastBulkRead;
    if (packet.id !== DXL_BROADCAST_ID || (!bulk && packet.count < 4)) return;
    const entries = bulk ? Math.floor(packet.count / BULK_ENTRY_BYTES) : packet.count - 4;
    const idOf = (i: number): number => packet.u8(bulk ? i * BULK_ENTRY_BYTES : 4 + i);
    const addressOf = (i: number): number => packet.u16(bulk ? i * BULK_ENTRY_BYTES + 1 : 0);
    const lengthOf = (i: number): number => packet.u16(bulk ? i * BULK_ENTRY_BYTES + 3 : 2);
    let blocksBytes = 0;
    for (let i = 0; i < entries; i++) blocksBytes += lengthOf(i) + DXL_FAST_BLOCK_OVERHEAD;
    let dueUs = this.#nowUs;
    let end = fast ? encodeDxlFastStart(blocksBytes, this.#out, 0) : 0;
    let sent = 0;
    for (let i = 0; i < entries; i++) {
      const servo = this.#servo(idOf(i));
      const length = lengthOf(i);
      if (servo === undefined || servo.statusReturnLevel < 1 || length > DATA_MOST || end + length > DXL_PACKET_MAX_BYTES) break;
      dueUs += servo.returnDelayUs;
      if (fast) {
        const error = servo.read(addressOf(i), length, this.#data);
        const data = this.#data.subarray(0, length);
        if (error !== dxlErrors.none) data.fill(0);
        end = encodeDxlFastBlock(servo.errorByte(error), servo.id, data, this.#out, 0, end);
        this.#answers.push({ dueUs, bytes: this.#out.slice(sent, end) });
        dueUs += (end - sent) * this.#byteUs;
        sent = end;
      } else dueUs += this.#statusOfAll(servo.id, addressOf(i), length, dueUs) * this.#byteUs;
    }
  }

  /** Also of a second servo that was given the same id by mistake. @returns bytes of the packet */
  #statusOfAll(id: number, address: number, length: number, dueUs: number): number {
    let bytes = 0;
    for (const servo of this.servos) {
      if (!servo.listening || servo.id !== id) continue;
      const error = servo.read(address, length, this.#data);
      bytes = Math.max(bytes, this.#status(servo, error, error === dxlErrors.none ? length : 0, dueUs));
    }
    return bytes;
  }

  #onSyncWrite(packet: DxlPacket): void {
    const [address, length] = [packet.u16(0), packet.u16(2)];
    if (packet.id !== DXL_BROADCAST_ID || length === 0) return;
    for (let at = 4; at + 1 + length <= packet.count; at += 1 + length) this.#servo(packet.u8(at))?.write(address, packet.parameters, at + 1, length, this.#nowUs);
  }

  #onBulkWrite(packet: DxlPacket): void {
    if (packet.id !== DXL_BROADCAST_ID) return;
    for (let at = 0; at + BULK_ENTRY_BYTES <= packet.count; ) {
      const length = packet.u16(at + 3);
      const data = at + BULK_ENTRY_BYTES;
      if (data + length > packet.count) return;
      this.#servo(packet.u8(at))?.write(packet.u16(at + 1), packet.parameters, data, length, this.#nowUs);
      at = data + length;
    }
  }

  /** What goes to one servo, or to all without an answer. */
  #onCommand(packet: DxlPacket): void {
    for (const servo of this.servos) {
      const own = servo.id === packet.id;
      if (!servo.listening || (!own && packet.id !== DXL_BROADCAST_ID && servo.secondaryId !== packet.id)) continue;
      const { id, returnDelayUs, statusReturnLevel } = servo;
      const error = servo.command(packet, this.#nowUs);
      if (own && statusReturnLevel === 2) this.#status(servo, error, 0, this.#nowUs + returnDelayUs, id);
    }
  }

  #onWrongChecksum(id: number): void {
    const servo = this.#servo(id);
    if (servo?.statusReturnLevel === 2) this.#status(servo, dxlErrors.crc, 0, this.#nowUs + servo.returnDelayUs);
  }

  #servo(id: number): DynamixelDrive | undefined {
    return this.servos.find((servo) => servo.listening && servo.id === id);
  }

  /** @param id the servo's, as it was when it was asked @returns bytes of the packet */
  #status(servo: DynamixelDrive, error: number, length: number, dueUs: number, id = servo.id): number {
    const data = length === 0 ? NO_DATA : this.#data;
    const end = this.#writer.begin(id, dxlInstructions.status).u8(servo.errorByte(error)).bytes(data, length).end(this.#out, 0);
    this.#answer(dueUs, end);
    return end;
  }

  /** Where two speak at once, the line is low when either pulls it low. */
  #answer(dueUs: number, end: number): void {
    const bytes = this.#out.slice(0, end);
    const other = this.#answers.findIndex((answer) => answer.dueUs === dueUs);
    const theirs = this.#answers[other]?.bytes;
    if (theirs === undefined) this.#answers.push({ dueUs, bytes });
    else {
      const [longer, shorter] = theirs.length > bytes.length ? [theirs, bytes] : [bytes, theirs];
      this.#answers[other] = { dueUs, bytes: longer.map((byte, i) => byte & (shorter[i] ?? 0xff)) };
    }
  }
}
