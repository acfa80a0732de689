import { expect, test } from 'vitest';
import { freshness, PACKET_LATE_MS, PACKET_LOST_MS, shownAgeMs, WorstOfWindow } from '../../../ui/state/staleness.ts';

test('a young value in a young packet is live', () => {
  expect(freshness(4, 20, 40)).toBe('live');
});

test('a value older than its limit is stale however young the packet is', () => {
  expect(freshness(41, 0, 40)).toBe('stale');
});

test('a packet that is late makes its values late, and one that is lost makes them stale', () => {
  expect(freshness(4, PACKET_LATE_MS + 1, 40)).toBe('late');
  expect(freshness(4, PACKET_LOST_MS + 1, 40)).toBe('stale');
});

test('a value of unknown age is stale', () => {
  expect(freshness(Number.NaN, 0, 40)).toBe('stale');
  expect(freshness(4, Infinity, 40)).toBe('stale');
});

test('the age shown to the scene grows once packets stop coming', () => {
  expect(shownAgeMs(3, 100)).toBe(3);
  expect(shownAgeMs(3, 400)).toBe(403);
});

test('the worst of a window is held for at least the window and then forgotten', () => {
  const worst = new WorstOfWindow(1_000);
  worst.add(5, 0);
  worst.add(40, 500);
  worst.add(6, 1_100);
  expect(worst.value).toBe(40);
  worst.add(7, 2_200);
  expect(worst.value).toBe(7);
});
