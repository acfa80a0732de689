/** Noise as sensors and people have it: bell-shaped, standard deviation 1, never beyond 3.5; the sum of four uniform values. */
import type { Random } from '../protocols/random.ts';

/** The variance of four uniform values is a third. */
const SQRT_3 = Math.sqrt(3);

export const bell = (random: Random): number => SQRT_3 * (random.next() + random.next() + random.next() + random.next() - 2);
