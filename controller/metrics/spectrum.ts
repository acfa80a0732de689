/** Magnitude spectrum by a radix-2 FFT (Cooley–Tukey, decimation in time). */
import { cos, sin } from '../../protocols/math.ts';

interface Twiddles {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

const twiddlesBySize = new Map<number, Twiddles>();

function twiddlesFor(size: number): Twiddles {
  let known = twiddlesBySize.get(size);
  if (known === undefined) {
    const angle = (k: number): number => (-2 * Math.PI * k) / size;
    known = { re: Float64Array.from({ length: size / 2 }, (_, k) => cos(angle(k))), im: Float64Array.from({ length: size / 2 }, (_, k) => sin(angle(k))) };
    twiddlesBySize.set(size, known);
  }
  return known;
}

/**
 * |FFT| of the signal padded with zeros, from 0 Hz up to half the sampling rate.
 * @param size a power of two, at least the signal's length
 */
export function magnitudeSpectrum(signal: ArrayLike<number>, size: number): Float64Array {
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  for (let i = 0; i < signal.length; i++) re[i] = signal[i] ?? 0;
  reverseBits(re);
  const twiddles = twiddlesFor(size);
  for (let half = 1; half < size; half *= 2) butterflies(re, im, half, twiddles);
  return Float64Array.from({ length: size / 2 + 1 }, (_, k) => {
    const [a, b] = [re[k] ?? 0, im[k] ?? 0];
    return Math.sqrt(a * a + b * b);
  });
}

function reverseBits(values: Float64Array): void {
  const size = values.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) [values[i], values[j]] = [values[j] ?? 0, values[i] ?? 0];
  }
}

function butterflies(re: Float64Array, im: Float64Array, half: number, twiddles: Twiddles): void {
  const stride = re.length / (2 * half);
  for (let start = 0; start < re.length; start += 2 * half) {
    for (let k = 0; k < half; k++) {
      const [a, b] = [start + k, start + k + half];
      const wr = twiddles.re[k * stride] ?? 0;
      const wi = twiddles.im[k * stride] ?? 0;
      const br = re[b] ?? 0;
      const bi = im[b] ?? 0;
      const tr = br * wr - bi * wi;
      const ti = br * wi + bi * wr;
      const ar = re[a] ?? 0;
      const ai = im[a] ?? 0;
      re[a] = ar + tr;
      im[a] = ai + ti;
      re[b] = ar - tr;
      im[b] = ai - ti;
    }
  }
}
