import { expect, test } from 'vitest';
import { COARSEST, FrameBudget, SHARPEST } from '../../../ui/view3d/frame-budget.ts';

const feed = (budget: FrameBudget, intervalMs: number, frames: number): void => {
  for (let i = 0; i < frames; i++) budget.add(intervalMs);
};

test('a machine that keeps up draws sharp', () => {
  const budget = new FrameBudget();
  feed(budget, 33, 1_000);
  expect(budget.ratio).toBe(SHARPEST);
});

test('slow frames cost sharpness, but never below the coarsest', () => {
  const budget = new FrameBudget();
  feed(budget, 80, 1_000);
  expect(budget.ratio).toBe(COARSEST);
});

test('sharpness comes back only after a long quick time', () => {
  const budget = new FrameBudget();
  feed(budget, 80, 24);
  const coarse = budget.ratio;
  feed(budget, 33, 100);
  expect(budget.ratio).toBe(coarse);
  feed(budget, 33, 400);
  expect(budget.ratio).toBe(SHARPEST);
});

test('a pause between two drawings is not slowness', () => {
  const budget = new FrameBudget();
  feed(budget, 5_000, 100);
  expect(budget.ratio).toBe(SHARPEST);
});
