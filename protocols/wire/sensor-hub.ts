/**
 * The sensor hub: a microcontroller beside the drives with joint-side encoders, joint torque sensors, foot loads, the
 * safety inputs and the enable relay. Our own protocol; host and hub share this file.
 *
 * Every frame is COBS-stuffed (Cheshire & Baker 1999), so it holds no 0x00, and stands between two of them: the first ends
 * what noise may have left on the line before. What is empty between two is nothing. Inside, little-endian:
 *
 *     u8 type (never 0) | u16 sequence | u32 time us | payload | u16 CRC-16/XMODEM over all before it
 *
 * Sequence and time are the sender's own and wrap. Payloads:
 *
 *     1 state, hub → host, at the profile's rate:
 *         per joint (by hub channel): i32 angle urad | i16 torque 10 mNm | u8 quality (0 unusable … 255 good)
 *         per foot load: u16 0.1 N
 *         u8 inputs: bit 0 E-stop line closed, 1 patient button pressed, 2 enable relay closed, 3 brake engaged
 *         u32 challenge: a new, unpredictable number in every frame
 *     2 heartbeat, host → hub: u32 answer = the last challenge received
 *     3 identity; host → hub: empty, asks for it; hub → host:
 *         u16 firmware version | u32 calibration hash | u8 joints | u8 foot loads
 *     4 request, host → hub: u8 bits: 0 hold the enable relay open, 1 engage the brake
 *     5 … 8, 11, 12 what else the robot measures, hub → host; 9, 10, 13 set-points of belt, support and lift, host → hub:
 *         `hub-inputs.ts`
 *
 * The hub keeps the enable relay closed only while heartbeats answer challenges of the last 50 ms that were not
 * answered before, the E-stop line is closed and no request holds it open. A sender that is stuck therefore opens it.
 */
import { ByteReader, ByteWriter } from '../bytes.ts';
import { crc16Xmodem } from '../checksums.ts';
import { DelimiterSplitter, type Splitter } from '../splitter.ts';

export const HUB_STATE = 1;
export const HUB_HEARTBEAT = 2;
export const HUB_IDENTITY = 3;
export const HUB_REQUEST = 4;

const HEADER_BYTES = 7;
const CRC_BYTES = 2;
const JOINT_BYTES = 7;
/** One COBS block: the stuffing then costs exactly one byte. */
const MAX_FRAME_BYTES = 254;
const MAX_PAYLOAD_BYTES = MAX_FRAME_BYTES - HEADER_BYTES - CRC_BYTES;

const URAD_PER_RAD = 1e6;
const TORQUE_UNITS_PER_NM = 100;
const LOAD_UNITS_PER_N = 10;

/** COBS with its final 0x00. @returns the index after it; `out` needs length + length/254 + 2 bytes from `at` */
export function cobsEncode(source: Uint8Array, length: number, out: Uint8Array, at: number): number {
  let codeAt = at;
  let end = at + 1;
  for (let i = 0; i < length; i++) {
    const byte = source[i] ?? 0;
    if (byte !== 0) out[end++] = byte;
    const blockFull = end - codeAt === 255;
    if (byte === 0 || (blockFull && i + 1 < length)) {
      out[codeAt] = end - codeAt;
      codeAt = end++;
    }
  }
  out[codeAt] = end - codeAt;
  out[end++] = 0;
  return end;
}

/** `stuffed` is without its final 0x00. @returns the number of bytes written to `out`, or −1 when it is not COBS */
export function cobsDecode(stuffed: Uint8Array, out: Uint8Array): number {
  let at = 0;
  let end = 0;
  while (at < stuffed.length) {
    const code = stuffed[at++] ?? 0;
    if (code === 0 || at + code - 1 > stuffed.length) return -1;
    for (let i = 1; i < code; i++) out[end++] = stuffed[at++] ?? 0;
    if (code < 255 && at < stuffed.length) out[end++] = 0;
  }
  return end;
}

const DELIMITER = 0x00;
/** What COBS adds to one block, and the delimiters before and after it. */
const FRAMING_BYTES = 3;

/** Room that one encoded frame needs at most. */
export const HUB_FRAME_MAX_BYTES = MAX_FRAME_BYTES + FRAMING_BYTES;

/** Bytes on the wire of a frame with this much payload. */
export const hubFrameBytes = (payloadBytes: number): number => HEADER_BYTES + payloadBytes + CRC_BYTES + FRAMING_BYTES;

/** Builds frames with a running sequence; one per sender. */
export class HubFrameWriter {
  readonly #plain = new Uint8Array(MAX_FRAME_BYTES);
  readonly #writer = new ByteWriter();
  /** Of the next frame, modulo 65 536. */
  sequence = 0;

  /** @returns the number of bytes written to `out` (HUB_FRAME_MAX_BYTES are enough) */
  write(type: number, timeUs: number, payload: Uint8Array, out: Uint8Array): number {
    if (payload.length > MAX_PAYLOAD_BYTES) throw new RangeError(`a hub payload has at most ${MAX_PAYLOAD_BYTES} bytes`);
    const writer = this.#writer.reset(this.#plain);
    writer.u8(type);
    writer.u16(this.sequence);
    writer.u32(Math.floor(timeUs) % 0x1_0000_0000);
    this.#plain.set(payload, HEADER_BYTES);
    const length = HEADER_BYTES + payload.length;
    const crc = crc16Xmodem(this.#plain, 0, length);
    this.#plain[length] = crc & 0xff;
    this.#plain[length + 1] = crc >> 8;
    this.sequence = (this.sequence + 1) & 0xffff;
    out[0] = DELIMITER;
    return cobsEncode(this.#plain, length + CRC_BYTES, out, 1);
  }
}

export interface HubSink {
  /** A frame whose checksum is right. The payload is valid only during the call. */
  onHubFrame(type: number, sequence: number, timeUs: number, payload: Uint8Array): void;
  onDiscarded(byteCount: number): void;
}

/** Bytes in any chunking → checked frames or accounted garbage. */
export class HubFrameReader implements Splitter {
  readonly #splitter: DelimiterSplitter;
  readonly #plain = new Uint8Array(HUB_FRAME_MAX_BYTES);
  readonly #reader = new ByteReader();
  readonly #payloads: (Uint8Array | undefined)[] = [];

  constructor(private readonly sink: HubSink) {
    this.#splitter = new DelimiterSplitter(
      (byte) => byte === DELIMITER,
      { onFrame: (stuffed) => this.#onStuffed(stuffed), onDiscarded: (byteCount) => sink.onDiscarded(byteCount) },
      HUB_FRAME_MAX_BYTES - 1,
    );
  }

  push(chunk: Uint8Array): void {
    this.#splitter.push(chunk);
  }

  reset(): void {
    this.#splitter.reset();
  }

  #onStuffed(stuffed: Uint8Array): void {
    if (stuffed.length === 0) return;
    const length = cobsDecode(stuffed, this.#plain);
    const crcAt = length - CRC_BYTES;
    // The checksum does not see zeros before it; a type 0 is none.
    if (crcAt < HEADER_BYTES || this.#plain[0] === 0 || crc16Xmodem(this.#plain, 0, crcAt) !== this.#crcAt(crcAt)) {
      this.sink.onDiscarded(stuffed.length + 1);
      return;
    }
    const reader = this.#reader.reset(this.#plain);
    const type = reader.u8();
    const sequence = reader.u16();
    const timeUs = reader.u32();
    this.sink.onHubFrame(type, sequence, timeUs, this.#payload(crcAt - HEADER_BYTES));
  }

  #crcAt(index: number): number {
    return (this.#plain[index] ?? 0) | ((this.#plain[index + 1] ?? 0) << 8);
  }

  /** One view per length is kept, so that receiving allocates nothing. */
  #payload(length: number): Uint8Array {
    return (this.#payloads[length] ??= this.#plain.subarray(HEADER_BYTES, HEADER_BYTES + length));
  }
}

export interface HubJoint {
  positionRad: number;
  torqueNm: number;
  quality: number;
}

/** Content of a state frame; one record is reused. */
export interface HubState {
  readonly joints: readonly HubJoint[];
  readonly footLoadsN: number[];
  estopClosed: boolean;
  patientButtonPressed: boolean;
  enableRelayClosed: boolean;
  brakeEngaged: boolean;
  challenge: number;
}

export const emptyHubState = (joints: number, footLoads: number): HubState => ({
  joints: Array.from({ length: joints }, () => ({ positionRad: 0, torqueNm: 0, quality: 0 })),
  footLoadsN: Array.from({ length: footLoads }, () => 0),
  estopClosed: false,
  patientButtonPressed: false,
  enableRelayClosed: false,
  brakeEngaged: false,
  challenge: 0,
});

export const hubStateBytes = (joints: number, footLoads: number): number => JOINT_BYTES * joints + 2 * footLoads + 1 + 4;

const writer = new ByteWriter();
const reader = new ByteReader();

/** Fills `payload` (hubStateBytes long); values beyond a field are saturated. */
export function encodeHubState(state: HubState, payload: Uint8Array): void {
  writer.reset(payload);
  for (const joint of state.joints) {
    writer.i32(joint.positionRad * URAD_PER_RAD);
    writer.i16(joint.torqueNm * TORQUE_UNITS_PER_NM);
    writer.u8(joint.quality);
  }
  for (const loadN of state.footLoadsN) writer.u16(loadN * LOAD_UNITS_PER_N);
  const { estopClosed, patientButtonPressed, enableRelayClosed, brakeEngaged } = state;
  writer.u8(Number(estopClosed) | (Number(patientButtonPressed) << 1) | (Number(enableRelayClosed) << 2) | (Number(brakeEngaged) << 3));
  writer.u32(state.challenge);
}

/** @returns false, with `state` untouched, when the payload is not that of a hub with this many joints and loads */
export function decodeHubState(payload: Uint8Array, state: HubState): boolean {
  if (payload.length !== hubStateBytes(state.joints.length, state.footLoadsN.length)) return false;
  reader.reset(payload);
  for (const joint of state.joints) {
    joint.positionRad = reader.i32() / URAD_PER_RAD;
    joint.torqueNm = reader.i16() / TORQUE_UNITS_PER_NM;
    joint.quality = reader.u8();
  }
  for (let i = 0; i < state.footLoadsN.length; i++) state.footLoadsN[i] = reader.u16() / LOAD_UNITS_PER_N;
  const inputs = reader.u8();
  state.estopClosed = (inputs & 1) !== 0;
  state.patientButtonPressed = (inputs & 2) !== 0;
  state.enableRelayClosed = (inputs & 4) !== 0;
  state.brakeEngaged = (inputs & 8) !== 0;
  state.challenge = reader.u32();
  return true;
}

export const HUB_HEARTBEAT_BYTES = 4;

export function encodeHubHeartbeat(answer: number, payload: Uint8Array): void {
  writer.reset(payload).u32(answer);
}

/** @returns the challenge that the host answers, or −1 when the payload is no heartbeat */
export const decodeHubHeartbeat = (payload: Uint8Array): number =>
  payload.length === HUB_HEARTBEAT_BYTES ? reader.reset(payload).u32() : -1;

export interface HubIdentity {
  readonly firmwareVersion: number;
  readonly calibrationHash: number;
  readonly joints: number;
  readonly footLoads: number;
}

export function encodeHubIdentity(identity: HubIdentity): Uint8Array {
  const payload = new Uint8Array(8);
  writer.reset(payload);
  writer.u16(identity.firmwareVersion);
  writer.u32(identity.calibrationHash);
  writer.u8(identity.joints);
  writer.u8(identity.footLoads);
  return payload;
}

/** @returns null when the payload is no identity (the host's question is empty) */
export function decodeHubIdentity(payload: Uint8Array): HubIdentity | null {
  if (payload.length !== 8) return null;
  reader.reset(payload);
  return { firmwareVersion: reader.u16(), calibrationHash: reader.u32(), joints: reader.u8(), footLoads: reader.u8() };
}

export interface HubRequest {
  readonly holdRelayOpen: boolean;
  readonly engageBrake: boolean;
}

export const encodeHubRequest = (request: HubRequest): Uint8Array =>
  Uint8Array.of(Number(request.holdRelayOpen) | (Number(request.engageBrake) << 1));

export function decodeHubRequest(payload: Uint8Array): HubRequest | null {
  const [bits] = payload;
  if (payload.length !== 1 || bits === undefined) return null;
  return { holdRelayOpen: (bits & 1) !== 0, engageBrake: (bits & 2) !== 0 };
}
