import { expect, it } from 'vitest';
import { benchSafety } from '../../controller/cli/bench/safety-bench.ts';
import { profile } from '../controller/safety/fixtures.ts';

/** Six numbers on the heap; one per joint would be twelve. */
const MOST_BYTES = 100;

it('measures the decisions for twelve joints that walk without a stop, and finds next to nothing left for the collector', () => {
  const result = benchSafety(profile, 30_000);
  expect(result).toMatchObject({ joints: 12, cycles: 30_000, state: 'running', stops: 'none' });
  expect(result.cycleUs.p99).toBeGreaterThanOrEqual(result.cycleUs.p50);
  expect(result.bytesPerCycle).toBeLessThanOrEqual(MOST_BYTES);
});
