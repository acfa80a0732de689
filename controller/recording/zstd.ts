/** zstd in WebAssembly: loading is asynchronous, everything after it is not. */
import { compress, decompress, isLoaded } from '@foxglove/wasm-zstd';

/** To be awaited once before a session file is made or read. */
export const zstdReady: Promise<void> = isLoaded.then(() => undefined);

/** Level 1: a second of cycles takes about 4 ms; level 3 takes three times that and saves nothing on such numbers. */
const LEVEL = 1;

/** Larger than any chunk that Dari writes by two orders of magnitude: a size beyond it is damage, not data. */
export const MAX_CHUNK_BYTES = 64 * 1024 * 1024;

export const compressChunk = (bytes: Uint8Array): Uint8Array => compress(bytes, LEVEL);

/** @returns null when the bytes are not a zstd frame of exactly that size */
export function decompressChunk(bytes: Uint8Array, size: number): Uint8Array | null {
  if (size > MAX_CHUNK_BYTES) return null;
  try {
    const plain = decompress(bytes, size);
    return plain.byteLength === size ? plain : null;
  } catch {
    return null;
  }
}
