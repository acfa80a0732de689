/** Checksums of the wire formats. */

const XMODEM_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
  return crc & 0xffff;
});

/**
 * CRC-16/XMODEM: polynomial 0x1021, initial 0, not reflected, no final xor. Check value of "123456789": 0x31C3
 * (Greg Cook's catalogue of parametrised CRC algorithms).
 */
export function crc16Xmodem(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = 0;
  for (let i = start; i < end; i++) {
    const index = (crc >> 8) ^ (bytes[i] ?? 0);
    crc = ((crc << 8) & 0xffff) ^ (XMODEM_TABLE[index] ?? 0);
  }
  return crc;
}
