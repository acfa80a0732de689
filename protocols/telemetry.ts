/**
 * Live telemetry: a binary packet per frame (60 Hz), described by a channel list that is sent once. Little-endian:
 * `u8 type = 1 | u8 version = 1 | u16 channel count | u32 sequence | f64 loop time in us | f32 × channel count`.
 */
import { cycleFields, fieldOffset, layoutOf } from './session-log.ts';
import { sensedJointsOf, type RobotProfile } from './profile.ts';

export const TELEMETRY_TYPE = 1;
export const TELEMETRY_VERSION = 1;
export const TELEMETRY_RATE_HZ = 60;
const HEADER_BYTES = 16;

export interface TelemetryChannel {
  /** `state`, `encoderPositionRad.kneeLeft`, `linkUp.hub`, … */
  readonly name: string;
  readonly unit: string;
  /** Index in the cycle row. */
  readonly offset: number;
}

/** Everything but the intent: what was measured and what was decided. */
export function telemetryChannels(profile: RobotProfile): TelemetryChannel[] {
  const layout = layoutOf(profile);
  const owners = { cycle: [null], joint: profile.joints.map((joint) => joint.id), link: profile.links.map((link) => link.id), sensed: sensedJointsOf(profile).map(({ id }) => id) };
  return cycleFields.flatMap((field) =>
    owners[field.group].map((owner, index) => ({
      name: owner === null ? field.key : `${field.key}.${owner}`,
      unit: field.unit,
      offset: fieldOffset(layout, field.key, index),
    })),
  );
}

export const telemetryPacketBytes = (channelCount: number): number => HEADER_BYTES + 4 * channelCount;

export function encodeTelemetry(channels: readonly TelemetryChannel[], sequence: number, timeUs: number, row: Float64Array, rowStart: number): Uint8Array<ArrayBuffer> {
  const packet = new DataView(new ArrayBuffer(telemetryPacketBytes(channels.length)));
  packet.setUint8(0, TELEMETRY_TYPE);
  packet.setUint8(1, TELEMETRY_VERSION);
  packet.setUint16(2, channels.length, true);
  packet.setUint32(4, sequence >>> 0, true);
  packet.setFloat64(8, timeUs, true);
  channels.forEach((channel, i) => packet.setFloat32(HEADER_BYTES + 4 * i, row[rowStart + channel.offset] ?? Number.NaN, true));
  return new Uint8Array(packet.buffer);
}

/** Loop time of a packet, without unpacking it. @returns null for anything that is not a packet */
export const telemetryTimeUs = (packet: Uint8Array): number | null =>
  packet.length >= HEADER_BYTES && packet[0] === TELEMETRY_TYPE ? new DataView(packet.buffer, packet.byteOffset).getFloat64(8, true) : null;

/** One channel of a packet, without unpacking the others; not a number where it has none. @param index in the list of channels */
export function telemetryValue(packet: Uint8Array, index: number): number {
  const at = HEADER_BYTES + 4 * index;
  if (index < 0 || packet.length < at + 4 || packet[0] !== TELEMETRY_TYPE) return Number.NaN;
  return new DataView(packet.buffer, packet.byteOffset).getFloat32(at, true);
}

export interface TelemetryFrame {
  readonly sequence: number;
  readonly timeUs: number;
  readonly values: Float32Array;
}

/** @returns null for anything that is not a whole packet of this version */
export function decodeTelemetry(bytes: ArrayBuffer): TelemetryFrame | null {
  if (bytes.byteLength < HEADER_BYTES) return null;
  const packet = new DataView(bytes);
  const count = packet.getUint16(2, true);
  if (packet.getUint8(0) !== TELEMETRY_TYPE || packet.getUint8(1) !== TELEMETRY_VERSION) return null;
  if (bytes.byteLength !== telemetryPacketBytes(count)) return null;
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = packet.getFloat32(HEADER_BYTES + 4 * i, true);
  return { sequence: packet.getUint32(4, true), timeUs: packet.getFloat64(8, true), values };
}
