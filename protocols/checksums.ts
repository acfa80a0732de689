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

const KERMIT_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >> 1 : (crc >> 1) ^ 0x8408;
  return crc;
});

/** CRC-16/KERMIT: polynomial 0x1021 reflected (0x8408), initial 0, no final xor. Check value of "123456789": 0x2189. */
export function crc16Kermit(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = 0;
  for (let i = start; i < end; i++) crc = (crc >> 8) ^ (KERMIT_TABLE[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  return crc;
}

/** All bytes xored, as in G-code and NMEA lines. */
export function xor8(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let sum = 0;
  for (let i = start; i < end; i++) sum ^= bytes[i] ?? 0;
  return sum;
}

const DYNAMIXEL_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x8005;
  return crc & 0xffff;
});

/**
 * CRC-16 of Dynamixel Protocol 2.0: polynomial 0x8005, initial 0, not reflected, no final xor (CRC-16/UMTS in Greg
 * Cook's catalogue; check value of "123456789": 0xFEE8).
 */
export function crc16Dynamixel(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = 0;
  for (let i = start; i < end; i++) {
    const index = (crc >> 8) ^ (bytes[i] ?? 0);
    crc = ((crc << 8) & 0xffff) ^ (DYNAMIXEL_TABLE[index] ?? 0);
  }
  return crc;
}

const CRC8_97_TABLE = Uint8Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x80) === 0 ? crc << 1 : (crc << 1) ^ 0x97;
  return crc & 0xff;
});

/** CRC-8 with polynomial 0x97, initial 0, not reflected (mjbots moteus `docs/integration/uart.md`). */
export function crc8Moteus(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = 0;
  for (let i = start; i < end; i++) crc = CRC8_97_TABLE[crc ^ (bytes[i] ?? 0)] ?? 0;
  return crc;
}
