/**
 * Big-endian numbers in a caller's buffer. Reading past the end gives 0, so decoders check lengths first. Writing
 * rounds, saturates to the field, and writes NaN as 0.
 */
const scratch = new DataView(new ArrayBuffer(4));
const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

export const getU16 = (bytes: Uint8Array, at: number): number => (byteAt(bytes, at) << 8) | byteAt(bytes, at + 1);
export const getI16 = (bytes: Uint8Array, at: number): number => (getU16(bytes, at) << 16) >> 16;
export const getI32 = (bytes: Uint8Array, at: number): number => (getU16(bytes, at) << 16) | getU16(bytes, at + 2);
export const getU32 = (bytes: Uint8Array, at: number): number => getI32(bytes, at) >>> 0;

/** IEEE 754 single precision; may be NaN or infinite. */
export function getFloat32(bytes: Uint8Array, at: number): number {
  scratch.setInt32(0, getI32(bytes, at));
  return scratch.getFloat32(0);
}

export function putU8(value: number, bytes: Uint8Array, at: number): number {
  bytes[at] = saturated(value, 0, 0xff);
  return at + 1;
}

export const putU16 = (value: number, bytes: Uint8Array, at: number): number => put16(saturated(value, 0, 0xffff), bytes, at);
export const putI16 = (value: number, bytes: Uint8Array, at: number): number => put16(saturated(value, -0x8000, 0x7fff), bytes, at);
export const putI32 = (value: number, bytes: Uint8Array, at: number): number => put32(saturated(value, -0x8000_0000, 0x7fff_ffff), bytes, at);
export const putU32 = (value: number, bytes: Uint8Array, at: number): number => put32(saturated(value, 0, 0xffff_ffff), bytes, at);

export function putFloat32(value: number, bytes: Uint8Array, at: number): number {
  scratch.setFloat32(0, value);
  return put32(scratch.getInt32(0), bytes, at);
}

function put16(value: number, bytes: Uint8Array, at: number): number {
  bytes[at] = (value >> 8) & 0xff;
  bytes[at + 1] = value & 0xff;
  return at + 2;
}

function put32(value: number, bytes: Uint8Array, at: number): number {
  return put16(value & 0xffff, bytes, put16((value >>> 16) & 0xffff, bytes, at));
}

function saturated(value: number, low: number, high: number): number {
  if (value >= high) return high;
  return value > low ? Math.round(value) : value <= low ? low : 0;
}
