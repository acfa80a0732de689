/**
 * Elementary functions that give the same bits in every JavaScript engine: only + - * / and Math.floor, which
 * IEEE 754 and ECMAScript specify exactly. (Math.sin and friends differ in their last bits between engines, which
 * would break bit-exact replay.) The tests check sin and cos against the platform: below 3e-15 for |x| <= 10, where joint
 * angles lie; beyond, the rounding of the argument adds up (1e-9 at 1e6).
 */

const TWO_PI = 6.283185307179586;
const HALF_PI = 1.5707963267948966;

/** Sine of an angle in radians. */
export function sin(xRad: number): number {
  const turns = Math.floor(xRad / TWO_PI + 0.5);
  let r = xRad - turns * TWO_PI;
  if (r > HALF_PI) r = Math.PI - r;
  else if (r < -HALF_PI) r = -Math.PI - r;
  const y = r * r;
  // Taylor to r^21: the remainder at pi/2 is 1e-17.
  const tail = 1 / 51090942171709440000;
  let s = -1 / 121645100408832000 + y * tail;
  s = 1 / 355687428096000 + y * s;
  s = -1 / 1307674368000 + y * s;
  s = 1 / 6227020800 + y * s;
  s = -1 / 39916800 + y * s;
  s = 1 / 362880 + y * s;
  s = -1 / 5040 + y * s;
  s = 1 / 120 + y * s;
  s = -1 / 6 + y * s;
  return r * (1 + y * s);
}

/** Cosine of an angle in radians. */
export const cos = (xRad: number): number => sin(xRad + HALF_PI);

/** e^x by scaling to |r| <= ln2/2 and Taylor; overflow gives Infinity, underflow 0. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.78) return Infinity;
  if (x < -745) return 0;
  const k = Math.floor(x / Math.LN2 + 0.5);
  const r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10;
  let term = 1;
  let sum = 1;
  for (let n = 1; n <= 14; n++) {
    term = (term * r) / n;
    sum += term;
  }
  return scaleByPowerOfTwo(sum, k);
}

function scaleByPowerOfTwo(value: number, exponent: number): number {
  let scaled = value;
  let left = exponent;
  while (left > 0) {
    scaled *= 2;
    left--;
  }
  while (left < 0) {
    scaled /= 2;
    left++;
  }
  return scaled;
}

/** The products change no bit. They tell the engine that bounds out of a profile are numbers; else it boxes the result, in every cycle. */
export function clamp(value: number, low: number, high: number): number {
  if (value < low) return 1 * low;
  if (value > high) return 1 * high;
  return value;
}

/** Smooth 0 → 1 with zero first and second derivative at both ends (minimum-jerk blend). */
export function minimumJerk(x: number): number {
  const u = clamp(x, 0, 1);
  return u * u * u * (10 + u * (-15 + u * 6));
}

/** Natural logarithm: x = m·2^k with m near 1, then the series of artanh. NaN below 0, −Infinity at 0. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0 || x === Infinity) return x === 0 ? -Infinity : x;
  let mantissa = x;
  let exponent = 0;
  while (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    exponent--;
  }
  // |s| <= 0.1716, so the term after s^21 is below 1e-18.
  const s = (mantissa - 1) / (mantissa + 1);
  const y = s * s;
  let series = 1 / 21;
  for (let n = 19; n >= 1; n -= 2) series = 1 / n + y * series;
  return exponent * 0.6931471803691238 + (2 * s * series + exponent * 1.9082149292705877e-10);
}

/** Arc tangent in radians, −π/2 … π/2: halved twice to |x| < 0.2, then the series. */
export function atan(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < 0) return -atan(-x);
  if (x > 1) return HALF_PI - atan(1 / x);
  const half = x / (1 + Math.sqrt(1 + x * x));
  const quarter = half / (1 + Math.sqrt(1 + half * half));
  // quarter <= 0.1990, so the term after it^23 is below 1e-18.
  const y = quarter * quarter;
  let series = 1 / 23;
  for (let n = 21; n >= 1; n -= 2) series = 1 / n - y * series;
  return 4 * quarter * series;
}

/** What lies a share of the way from one to the other. */
export const mix = (from: number, to: number, share: number): number => from + (to - from) * share;
