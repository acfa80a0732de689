import { expect, it } from 'vitest';
import { benchSafety } from '../../../../controller/cli/bench/safety-bench.ts';
import { profile } from '../../safety/fixtures.ts';

it('measures the decisions for twelve joints that walk without a stop', () => {
  const result = benchSafety(profile);
  expect(result).toMatchObject({ joints: 12, state: 'running', stops: 'none' });
  expect(result.cycleUs.p99).toBeGreaterThanOrEqual(result.cycleUs.p50);
});
