import { expect, test } from 'vitest';
import { ManualClock, ManualScheduler, systemClock, systemScheduler } from '../../hal/clock.ts';

test('the system clock never goes back', () => {
  const times = Array.from({ length: 1000 }, () => systemClock.nowUs());
  expect(times.toSorted((a, b) => a - b)).toEqual(times);
});

test('tasks run when their time has come, earliest first, in the order given at equal times', () => {
  const clock = new ManualClock();
  const scheduler = new ManualScheduler(clock);
  const done: string[] = [];
  scheduler.after(3, () => done.push('c'));
  scheduler.after(1, () => done.push('a'));
  scheduler.after(1, () => done.push('b'));
  scheduler.after(9, () => done.push('late'));
  scheduler.runDue();
  expect(done).toEqual([]);
  clock.advanceUs(3_000);
  scheduler.runDue();
  expect(done).toEqual(['a', 'b', 'c']);
});

test('a cancelled task does not run, and a task may add another', () => {
  const clock = new ManualClock();
  const scheduler = new ManualScheduler(clock);
  const done: string[] = [];
  const cancel = scheduler.after(1, () => done.push('cancelled'));
  scheduler.after(1, () => scheduler.after(0, () => done.push('added')));
  cancel();
  clock.advanceUs(1_000);
  scheduler.runDue();
  expect(done).toEqual(['added']);
});

test('the system scheduler runs a task, and not a cancelled one', async () => {
  const done: string[] = [];
  systemScheduler.after(0, () => done.push('cancelled'))();
  await new Promise<void>((resolve) => systemScheduler.after(1, resolve));
  expect(done).toEqual([]);
});
