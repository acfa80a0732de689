import { expect, test } from 'vitest';
import { FIRST_SPAN_SEC, hold, liveWindow, MAX_SPAN_SEC, MIN_SPAN_SEC, select, spanOf, windowEnds, zoom } from '../../../ui/plots/plot-window.ts';

test('a live window follows the newest sample', () => {
  expect(windowEnds(liveWindow(), 100)).toEqual({ fromSec: 100 - FIRST_SPAN_SEC, toSec: 100 });
});

test('a held window stays where it was while time goes on', () => {
  const held = hold(liveWindow(10), 100);
  expect(windowEnds(held, 130)).toMatchObject({ fromSec: 90, toSec: 100 });
  expect(hold(held, 130)).toBe(held);
});

test('zooming while held keeps the place under the cursor', () => {
  const held = zoom(hold(liveWindow(10), 100), 0.5, 92);
  const { fromSec, toSec } = windowEnds(held, 0);
  expect(toSec - fromSec).toBeCloseTo(5);
  expect((92 - fromSec) / (toSec - fromSec)).toBeCloseTo(0.2);
});

test('zooming ends at the shortest and the longest window', () => {
  let window = liveWindow();
  for (let i = 0; i < 50; i++) window = zoom(window, 2, 0);
  expect(spanOf(window)).toBe(MAX_SPAN_SEC);
  for (let i = 0; i < 50; i++) window = zoom(window, 0.5, 0);
  expect(spanOf(window)).toBe(MIN_SPAN_SEC);
});

test('a selection in either direction is held, and never shorter than the shortest window', () => {
  expect(windowEnds(select(8, 3), 100)).toMatchObject({ fromSec: 3, toSec: 8 });
  expect(spanOf(select(5, 5.1))).toBe(MIN_SPAN_SEC);
});
