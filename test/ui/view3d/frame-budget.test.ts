import { expect, test } from 'vitest';
import { FRAME_LEVELS_MS, FrameBudget } from '../../../ui/view3d/frame-budget.ts';

const feed = (budget: FrameBudget, intervalMs: number, frames: number): void => {
  for (let i = 0; i < frames; i++) budget.add(intervalMs);
};

test('a machine that keeps up is asked for the full rate', () => {
  const budget = new FrameBudget();
  feed(budget, 33, 1_000);
  expect(budget.everyMs).toBe(FRAME_LEVELS_MS[0]);
});

test('a machine that does not is asked for less, down to the lowest rate', () => {
  const budget = new FrameBudget();
  feed(budget, 400, 1_000);
  expect(budget.everyMs).toBe(FRAME_LEVELS_MS.at(-1));
});

test('the rate comes back only after a long quick time', () => {
  const budget = new FrameBudget();
  feed(budget, 60, 24);
  expect(budget.everyMs).toBe(FRAME_LEVELS_MS[1]);
  feed(budget, 50, 24 * 11);
  expect(budget.everyMs).toBe(FRAME_LEVELS_MS[1]);
  feed(budget, 50, 24);
  expect(budget.everyMs).toBe(FRAME_LEVELS_MS[0]);
});

test('a pause between two drawings is not slowness', () => {
  const budget = new FrameBudget();
  feed(budget, 5_000, 100);
  expect(budget.everyMs).toBe(FRAME_LEVELS_MS[0]);
});
