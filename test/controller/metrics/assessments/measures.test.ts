import { describe, expect, test } from 'vitest';
import { deviation, repeatability } from '../../../../controller/metrics/assessments/statistics.ts';
import { fitStiffness } from '../../../../controller/metrics/assessments/stiffness.ts';
import { bestPlateau, restOffset } from '../../../../controller/metrics/assessments/strength.ts';

describe('strength', () => {
  const rateHz = 100;
  /** A second up, two seconds at 40 Nm with a bump of 60 Nm for a tenth, a second down. */
  const push = Array.from({ length: 4 * rateHz }, (_, i) => (i < 100 ? 0.4 * i : i < 300 ? (i >= 150 && i < 160 ? 60 : 40) : 40 - 0.4 * (i - 300)));

  test('is the mean of the best second, not the peak', () => {
    const best = bestPlateau(push, rateHz);
    expect(best?.torqueNm).toBeCloseTo((90 * 40 + 10 * 60) / 100, 9);
    expect(best?.fromSec).toBeGreaterThanOrEqual(0.6);
    expect(best?.fromSec).toBeLessThanOrEqual(1.5);
  });

  test('a second with a reading that is none does not count', () => {
    const broken = push.map((value, i) => (i >= 120 && i < 260 ? Number.NaN : value));
    const best = bestPlateau(broken, rateHz);
    expect(best?.fromSec).toBeCloseTo(2.6, 9);
    expect(bestPlateau(Array.from({ length: 300 }, () => Number.NaN), rateHz)).toBeNull();
  });

  test('a push of less than a second has none', () => {
    expect(bestPlateau(push.slice(0, 99), rateHz)).toBeNull();
  });

  test('what is there at rest is the mean of the last second', () => {
    expect(restOffset([...Array.from({ length: 100 }, () => 50), ...Array.from({ length: 50 }, () => 2), ...Array.from({ length: 50 }, () => 4)], rateHz)).toBeCloseTo(3, 9);
  });
});

describe('stiffness', () => {
  /** τ = 12 (q − 0.5) + 3 q̇ + 1.5, at two speeds. */
  const plane = [0.5, 1, 2].flatMap((radPerSec) => Array.from({ length: 21 }, (_, i) => ({ angleRad: 0.2 + 0.03 * i, radPerSec, resistanceNm: 12 * (0.2 + 0.03 * i - 0.5) + 3 * radPerSec + 1.5 })));

  test('a plane is found again, wherever its offset is told', () => {
    for (const q0Rad of [0, 0.5]) {
      const fit = fitStiffness(plane, q0Rad);
      expect(fit?.stiffnessNmPerRad).toBeCloseTo(12, 9);
      expect(fit?.dampingNmsPerRad).toBeCloseTo(3, 9);
      expect(fit?.offsetNm).toBeCloseTo(1.5 + 12 * (q0Rad - 0.5), 9);
      expect(fit?.rSquared).toBeCloseTo(1, 9);
      expect(fit?.residualNm).toBeCloseTo(0, 6);
    }
  });

  test('of one speed the slope is told and no damping', () => {
    const fit = fitStiffness(plane.slice(0, 21), 0);
    expect(fit?.stiffnessNmPerRad).toBeCloseTo(12, 9);
    expect(fit?.dampingNmsPerRad).toBeNaN();
  });

  test('what no line explains lowers R squared by its share', () => {
    // ±1 in turn on a line through x = 0 … 3: slope 2, sums of squares 20 and 0.8 + 3.2 by hand.
    const fit = fitStiffness([0, 1, 2, 3].map((x) => ({ angleRad: x, radPerSec: 1, resistanceNm: 2 * x + (x === 0 || x === 3 ? 1 : -1) })), 0);
    expect(fit?.stiffnessNmPerRad).toBeCloseTo(2, 9);
    expect(fit?.rSquared).toBeCloseTo(1 - 4 / 24, 9);
    expect(fit?.residualNm).toBeCloseTo(Math.sqrt(4 / 2), 9);
  });

  test('too little is no stiffness', () => {
    expect(fitStiffness(plane.slice(0, 3), 0)).toBeNull();
    expect(fitStiffness(plane.slice(0, 8).map((sample) => ({ ...sample, angleRad: 0.3 })), 0)).toBeNull();
  });
});

describe('how sure a mean is', () => {
  test('three trials: 4.30 standard deviations over the root of three', () => {
    expect(deviation([9, 10, 11])).toBeCloseTo(1, 9);
    expect(repeatability([9, 10, 11])).toBeCloseTo(4.3 / Math.sqrt(3), 9);
  });

  test('one trial tells nothing of that', () => {
    expect(repeatability([9])).toBeNull();
  });
});
