import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { LatencyHistogram } from '../../../controller/robot/latency-histogram.ts';

it('gives quantiles that are never too small and at most 5 % too large', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 50_000_000 }), { minLength: 1, maxLength: 300 }), (durations) => {
      const histogram = new LatencyHistogram();
      for (const durationUs of durations) histogram.record(durationUs);
      const sorted = durations.toSorted((a, b) => a - b);
      const exact = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length - 1e-9) - 1)]!;
      const { count, p50Us, p99Us, maxUs } = histogram.quantiles();
      expect([count, maxUs]).toEqual([durations.length, sorted.at(-1)]);
      for (const [estimate, truth] of [[p50Us, exact(0.5)], [p99Us, exact(0.99)]] as const) {
        expect(estimate).toBeGreaterThanOrEqual(truth - 1);
        expect(estimate).toBeLessThanOrEqual(truth * 1.05 + 1);
      }
    }),
  );
});

it('is empty at first and after a reset, and leaves out what is not a duration', () => {
  const histogram = new LatencyHistogram();
  histogram.record(Infinity);
  histogram.record(Number.NaN);
  expect(histogram.quantiles()).toEqual({ count: 0, p50Us: 0, p99Us: 0, p999Us: 0, maxUs: 0 });
  histogram.record(1_000);
  histogram.reset();
  expect(histogram.quantiles().count).toBe(0);
});
