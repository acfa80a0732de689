import { describe, expect, test } from 'vitest';
import { logDimensionlessJerk, sparc } from '../../../controller/metrics/smoothness.ts';
import { magnitudeSpectrum } from '../../../controller/metrics/spectrum.ts';

/** Speed of a minimum-jerk movement of amplitude A in D seconds. */
const minimumJerkSpeed = (tSec: number, durationSec: number, amplitude: number): number => {
  const x = tSec / durationSec;
  return x < 0 || x > 1 ? 0 : (amplitude / durationSec) * (30 * x ** 2 - 60 * x ** 3 + 30 * x ** 4);
};
const sampled = (count: number, rateHz: number, f: (tSec: number) => number): number[] => Array.from({ length: count }, (_, i) => f(i / rateHz));
const s1 = (tSec: number): number => minimumJerkSpeed(tSec, 1, 0.3);

describe('smoothness agrees with the reference implementation (siva82kb/SPARC)', () => {
  test.each([
    { signal: 'a minimum-jerk movement', values: sampled(101, 100, s1), rateHz: 100, sparc: -1.405829, ldlj: -5.301633 },
    { signal: 'the same with an 8 Hz tremor', values: sampled(101, 100, (t) => s1(t) + 0.09 * Math.sin(2 * Math.PI * 8 * t)), rateHz: 100, sparc: -2.004585, ldlj: -11.017237 },
    { signal: 'a Gaussian', values: Array.from({ length: 200 }, (_, i) => Math.exp(-5 * (-1 + i * 0.01) ** 2)), rateHz: 100, sparc: -1.414031, ldlj: -5.816357 },
    { signal: 'the first one sampled at 1 kHz', values: sampled(1001, 1000, s1), rateHz: 1000, sparc: -1.402426, ldlj: -5.32003 },
  ])('for $signal', ({ values, rateHz, ...want }) => {
    expect(Math.abs((sparc(values, rateHz) ?? Number.NaN) - want.sparc)).toBeLessThan(1e-6);
    expect(Math.abs((logDimensionlessJerk(values, rateHz) ?? Number.NaN) - want.ldlj)).toBeLessThan(1e-6);
  });

  test('and tends to the closed form for minimum jerk', () => {
    expect(logDimensionlessJerk(sampled(20_001, 20_000, s1), 20_000)).toBeCloseTo(-5.322034, 3);
  });
});

describe('smoothness is refused', () => {
  test('below 20 Hz', () => {
    expect(sparc([0, 1, 0], 19)).toBeNull();
    expect(logDimensionlessJerk([0, 1, 0], 19)).toBeNull();
  });

  test('where nothing moved', () => {
    expect(sparc([0, 0, 0], 100)).toBeNull();
    expect(logDimensionlessJerk([0, 0, 0], 100)).toBeNull();
  });
});

test('the spectrum is that of a plain discrete Fourier transform', () => {
  const signal = Array.from({ length: 50 }, (_, i) => Math.sin(i) + (i % 7));
  const got = magnitudeSpectrum(signal, 64);
  for (let k = 0; k <= 32; k++) {
    let [re, im] = [0, 0];
    signal.forEach((v, i) => {
      re += v * Math.cos((2 * Math.PI * k * i) / 64);
      im -= v * Math.sin((2 * Math.PI * k * i) / 64);
    });
    expect(got[k]).toBeCloseTo(Math.hypot(re, im), 9);
  }
});
