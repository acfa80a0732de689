import { expect, it } from 'vitest';
import { EMG_MEASURE_MS, EmgMeasure, type EmgEffort } from '../../../ui/plan/emg-measure.ts';

function measured(effort: EmgEffort, uvAt: (atMs: number) => number): number | null {
  const measure = new EmgMeasure(effort);
  let atMs = 5_000;
  while (measure.take(uvAt(atMs - 5_000), atMs)) atMs += 1_000 / 60;
  expect(atMs - 5_000).toBeGreaterThan(EMG_MEASURE_MS);
  return measure.result();
}

it('tells the mean of a rest', () => {
  expect(measured('rest', (ms) => (Math.round(ms / (1_000 / 60)) % 2 === 0 ? 4 : 6))).toBeCloseTo(5, 1);
});

it('tells the best second of an effort, not its rise and not its greatest reading', () => {
  const uv = measured('mvc', (ms) => (ms > 1_000 && ms < 2_400 ? 300 + (Math.round(ms) % 2) : 20));
  expect(uv).toBeGreaterThan(295);
  expect(uv).toBeLessThan(302);
});

it('tells nothing of a channel that is not heard', () => {
  expect(measured('mvc', () => Number.NaN)).toBeNull();
});
