import { expect, test } from 'vitest';
import { holdIdle, holdPress, holdProgress, holdRelease, holdTick } from '../../../ui/design/hold-press.ts';

test('a hold fires once, when it has lasted long enough', () => {
  let hold = holdPress(holdIdle, 100);
  hold = holdTick(hold, 1_099, 1_000);
  expect(hold.phase).toBe('holding');
  hold = holdTick(hold, 1_100, 1_000);
  expect(hold.phase).toBe('fired');
  expect(holdTick(hold, 5_000, 1_000)).toBe(hold);
});

test('letting go early cancels, and the next press starts from nothing', () => {
  let hold = holdPress(holdIdle, 0);
  hold = holdTick(hold, 900, 1_000);
  hold = holdRelease();
  hold = holdPress(hold, 950);
  expect(holdTick(hold, 1_100, 1_000).phase).toBe('holding');
});

test('a second finger or a repeated key does not restart the hold', () => {
  const hold = holdPress(holdPress(holdIdle, 0), 600);
  expect(holdTick(hold, 1_000, 1_000).phase).toBe('fired');
});

test('after firing it must be let go before it can fire again', () => {
  const fired = holdTick(holdPress(holdIdle, 0), 1_000, 1_000);
  expect(holdPress(fired, 1_200)).toBe(fired);
});

test('progress runs from 0 to 1 and never beyond', () => {
  const hold = holdPress(holdIdle, 0);
  expect(holdProgress(holdIdle, 50, 1_000)).toBe(0);
  expect(holdProgress(hold, 250, 1_000)).toBe(0.25);
  expect(holdProgress(hold, 9_000, 1_000)).toBe(1);
});
