import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logDimensionlessJerk, smoothnessObstacle, sparc, vectorLogDimensionlessJerk } from '../../../controller/metrics/smoothness.ts';
import { magnitudeSpectrum } from '../../../controller/metrics/spectrum.ts';
import { minimumJerkSpeed, sampled, smoothnessCases } from './signals.ts';

const s1 = (tSec: number): number => minimumJerkSpeed(tSec, 1, 0.3);

describe('smoothness agrees with the reference implementation (siva82kb/SPARC)', () => {
  test.each(smoothnessCases)('for $signal', ({ values, rateHz, ...want }) => {
    expect(Math.abs((sparc(values, rateHz) ?? Number.NaN) - want.sparc)).toBeLessThan(1e-6);
    expect(Math.abs((logDimensionlessJerk(values, rateHz) ?? Number.NaN) - want.ldlj)).toBeLessThan(1e-6);
  });

  test('and tends to the closed form for minimum jerk', () => {
    expect(logDimensionlessJerk(sampled(20_001, 20_000, s1), 20_000)).toBeCloseTo(-5.322034, 3);
  });
});

describe('the jerk of a velocity in space', () => {
  test('along a straight line is that of the speed, whichever way the line points', () => {
    fc.assert(
      fc.property(fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: 0.1, max: 1, noNaN: true })), (direction) => {
        const { values, rateHz, ldlj } = smoothnessCases[0];
        expect(vectorLogDimensionlessJerk(direction.map((share) => values.map((v) => share * v)), rateHz)).toBeCloseTo(ldlj, 6);
      }),
    );
  });

  test('on a circle at constant speed is ω²v, where the speed alone has none', () => {
    const omega = 2 * Math.PI;
    const velocity = [sampled(1_001, 1_000, (t) => Math.cos(omega * t)), sampled(1_001, 1_000, (t) => Math.sin(omega * t))];
    expect(vectorLogDimensionlessJerk(velocity, 1_000)).toBeCloseTo(-Math.log(omega ** 4), 2);
    expect(logDimensionlessJerk(velocity[0]!.map(() => 1), 1_000)).toBeNull();
  });
});

describe('smoothness is refused', () => {
  test('below 20 Hz', () => {
    expect(sparc([0, 1, 0], 19)).toBeNull();
    expect(logDimensionlessJerk([0, 1, 0], 19)).toBeNull();
    expect(smoothnessObstacle([[0, 1, 0]], 19)).toContain('sampled at 19 Hz, and less than 20 Hz');
    expect(smoothnessObstacle([[0, 1, 0]], Number.NaN)).not.toBeNull();
  });

  test('where nothing moved', () => {
    expect(sparc([0, 0, 0], 100)).toBeNull();
    expect(logDimensionlessJerk([0, 0, 0], 100)).toBeNull();
    expect(smoothnessObstacle([[0, 0, 0], [0, 0, 0]], 100)).toContain('nothing moved');
    expect(smoothnessObstacle([[0, 0, 0], [0, 1, 0]], 100)).toBeNull();
  });

  test('where a value is missing', () => {
    expect(sparc([0, Number.NaN, 1], 100)).toBeNull();
    expect(logDimensionlessJerk([0, 1, Infinity], 100)).toBeNull();
  });

  test('for too few samples', () => {
    expect([sparc([1], 100), logDimensionlessJerk([1, 2], 100), vectorLogDimensionlessJerk([], 100)]).toEqual([null, null, null]);
    expect(smoothnessObstacle([[1]], 100)).toContain('it has 1 sample, and at least 2');
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
