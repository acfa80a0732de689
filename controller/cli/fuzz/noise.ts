import type { Random } from '../../../protocols/random.ts';

/** Evenly spread bytes. */
export function fillRandom(random: Random, bytes: Uint8Array, start = 0, end = bytes.length): void {
  for (let i = start; i < end; i++) bytes[i] = random.int(256);
}
