/**
 * Movement smoothness. Both measures are dimensionless and below zero; nearer to zero is smoother. SPARC does not see
 * a tremor below 5 % of the spectrum's peak and LDLJ sees little else, so they are shown together.
 */
import { log } from '../../protocols/math.ts';
import { magnitudeSpectrum } from './spectrum.ts';

/** Slower sampling cannot show the 10 Hz that SPARC looks at. */
export const MIN_RATE_HZ = 20;

export interface SparcOptions {
  readonly padLevel?: number;
  readonly cutoffHz?: number;
  readonly amplitudeThreshold?: number;
}

/**
 * Spectral arc length of a velocity sampled at a fixed rate: S. Balasubramanian et al., "On the analysis of movement
 * smoothness", J NeuroEng Rehabil 12:112 (2015), as their implementation computes it (github.com/siva82kb/SPARC).
 * @returns null below 20 Hz, for fewer than two samples, or a velocity that is zero throughout
 */
export function sparc(velocity: ArrayLike<number>, rateHz: number, options: SparcOptions = {}): number | null {
  const { padLevel = 4, cutoffHz = 10, amplitudeThreshold = 0.05 } = options;
  if (smoothnessObstacle([velocity], rateHz) !== null) return null;
  const size = nextPowerOfTwo(velocity.length) * 2 ** padLevel;
  const spectrum = magnitudeSpectrum(velocity, size);
  const peak = spectrum.reduce((a, b) => Math.max(a, b), 0);
  const stepHz = rateHz / size;
  const inBand = Math.min(spectrum.length - 1, Math.floor(cutoffHz / stepHz));
  const magnitude = (index: number): number => (spectrum[index] ?? 0) / peak;
  let first = 0;
  while (first < inBand && magnitude(first) < amplitudeThreshold) first++;
  // Dips below the threshold inside the band stay.
  let last = inBand;
  while (last > first && magnitude(last) < amplitudeThreshold) last--;
  let length = 0;
  for (let i = first; i < last; i++) {
    const rise = magnitude(i + 1) - magnitude(i);
    length += Math.sqrt((1 / (last - first)) ** 2 + rise * rise);
  }
  return -length;
}

/**
 * Log dimensionless jerk of a speed or of one velocity component sampled at a fixed rate, same source as SPARC; duration
 * is samples × period.
 * @returns null below 20 Hz, for fewer than three samples, or a velocity without jerk
 */
export const logDimensionlessJerk = (velocity: ArrayLike<number>, rateHz: number): number | null => vectorLogDimensionlessJerk([velocity], rateHz);

/**
 * The same of a velocity in space, one column per axis: peak and jerk are norms of rows. A hand that turns a corner has
 * jerk in this measure even at constant speed, so it is reported beside the one of the speed, never instead of it.
 */
export function vectorLogDimensionlessJerk(velocity: readonly ArrayLike<number>[], rateHz: number): number | null {
  if (smoothnessObstacle(velocity, rateHz, 3) !== null) return null;
  const count = velocity[0]?.length ?? 0;
  const dt = 1 / rateHz;
  let peakSquare = 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    let square = 0;
    for (const axis of velocity) {
      const v = axis[i] ?? 0;
      square += v * v;
      if (i < 2) continue;
      const jerk = (v - 2 * (axis[i - 1] ?? 0) + (axis[i - 2] ?? 0)) / (dt * dt);
      sum += jerk * jerk * dt;
    }
    peakSquare = Math.max(peakSquare, square);
  }
  const durationSec = count * dt;
  const dimensionless = (durationSec ** 3 / peakSquare) * sum;
  return dimensionless > 0 ? -log(dimensionless) : null;
}

/** Why smoothness cannot be told of this velocity, in words for the person who asked; null: it can. */
export function smoothnessObstacle(velocity: readonly ArrayLike<number>[], rateHz: number, minSamples = 2): string | null {
  if (!(rateHz >= MIN_RATE_HZ)) return `it was sampled at ${Number(rateHz.toFixed(3))} Hz, and less than ${MIN_RATE_HZ} Hz does not show how smooth a movement was`;
  const count = velocity[0]?.length ?? 0;
  if (count < minSamples) return `it has ${count} sample${count === 1 ? '' : 's'}, and at least ${minSamples} are needed`;
  const values = velocity.flatMap((axis) => Array.from(axis));
  if (!values.every(Number.isFinite)) return 'a value in it is not a number';
  return values.every((v) => v === 0) ? 'every value is zero: nothing moved' : null;
}

function nextPowerOfTwo(count: number): number {
  let size = 1;
  while (size < count) size *= 2;
  return size;
}
