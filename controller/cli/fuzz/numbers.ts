/** Values as drives send them, and values as they must never be sent. */
import type { Random } from '../../../protocols/random.ts';

const ODD_NUMBERS = [0, -0, 1, -1, 1e-9, 1e9, -1e9, 3.4e38, -3.4e38, 1e300, 2 ** 31, -(2 ** 31), 2 ** 32, 0.1, 12.566];

/** Finite; most within ±range, some far beyond. */
export function anyNumber(random: Random, range: number): number {
  if (random.int(8) === 0) return ODD_NUMBERS[random.int(ODD_NUMBERS.length)] ?? 0;
  return 2.5 * range * (random.next() - 0.5);
}

export const anyBytes = (random: Random, length: number): Uint8Array => Uint8Array.from({ length }, () => random.int(256));

export const oneOf = <T>(random: Random, choices: readonly [T, ...T[]]): T => choices[random.int(choices.length)] ?? choices[0];

/** Nothing more can be said of a number than that it is one. */
export const FINITE_MAX = Number.MAX_VALUE;
