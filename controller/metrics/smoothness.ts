/**
 * Movement smoothness. Both measures are dimensionless and below zero; nearer to zero is smoother. SPARC does not see
 * a tremor below 5 % of the spectrum's peak and LDLJ sees little else, so they are shown together.
 */
import { log } from '../../protocols/math.ts';
import { magnitudeSpectrum } from './spectrum.ts';

/** Slower sampling cannot show the 10 Hz that SPARC looks at. */
const MIN_RATE_HZ = 20;

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
  if (!isUsable(velocity, rateHz)) return null;
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
 * Log dimensionless jerk of a velocity sampled at a fixed rate, same source as SPARC; duration is samples × period.
 * @returns null below 20 Hz, for fewer than three samples, or a velocity without jerk
 */
export function logDimensionlessJerk(velocity: ArrayLike<number>, rateHz: number): number | null {
  if (!isUsable(velocity, rateHz)) return null;
  const dt = 1 / rateHz;
  let peak = 0;
  let sum = 0;
  for (let i = 0; i < velocity.length; i++) {
    const v = velocity[i] ?? 0;
    peak = Math.max(peak, Math.abs(v));
    if (i < 2) continue;
    const jerk = (v - 2 * (velocity[i - 1] ?? 0) + (velocity[i - 2] ?? 0)) / (dt * dt);
    sum += jerk * jerk * dt;
  }
  const durationSec = velocity.length * dt;
  const dimensionless = (durationSec ** 3 / (peak * peak)) * sum;
  return dimensionless > 0 ? -log(dimensionless) : null;
}

function isUsable(velocity: ArrayLike<number>, rateHz: number): boolean {
  if (!(rateHz >= MIN_RATE_HZ) || velocity.length < 2) return false;
  for (let i = 0; i < velocity.length; i++) if (velocity[i] !== 0) return true;
  return false;
}

function nextPowerOfTwo(count: number): number {
  let size = 1;
  while (size < count) size *= 2;
  return size;
}
