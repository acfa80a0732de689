/** Signals whose measures others published or that follow in closed form. */

/** Speed of a minimum-jerk movement of amplitude A in D seconds. */
export const minimumJerkSpeed = (tSec: number, durationSec: number, amplitude: number): number => {
  const x = tSec / durationSec;
  return x < 0 || x > 1 ? 0 : (amplitude / durationSec) * (30 * x ** 2 - 60 * x ** 3 + 30 * x ** 4);
};

export const sampled = (count: number, rateHz: number, f: (tSec: number) => number): number[] => Array.from({ length: count }, (_, i) => f(i / rateHz));

const s1 = (tSec: number): number => minimumJerkSpeed(tSec, 1, 0.3);

/** Values as the reference implementation gives them (github.com/siva82kb/SPARC). */
export const smoothnessCases = [
  { signal: 'a minimum-jerk movement', values: sampled(101, 100, s1), rateHz: 100, sparc: -1.405829, ldlj: -5.301633 },
  { signal: 'the same with an 8 Hz tremor', values: sampled(101, 100, (t) => s1(t) + 0.09 * Math.sin(2 * Math.PI * 8 * t)), rateHz: 100, sparc: -2.004585, ldlj: -11.017237 },
  { signal: 'a Gaussian', values: Array.from({ length: 200 }, (_, i) => Math.exp(-5 * (-1 + i * 0.01) ** 2)), rateHz: 100, sparc: -1.414031, ldlj: -5.816357 },
  { signal: 'the first one sampled at 1 kHz', values: sampled(1001, 1000, s1), rateHz: 1000, sparc: -1.402426, ldlj: -5.32003 },
] as const;
