import { expect, test, vi } from 'vitest';
import { systemClock } from '../../hal/clock.ts';
import { startMetronome, type Metronome } from '../../hal/metronome.ts';

const workerUrl = new URL('../../dist/metronome.js', import.meta.url);
const until = async (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 10_000, interval: 5 });

interface Tick {
  scheduledUs: number;
  latenessUs: number;
}

function start(periodUs: number, onTick: (tick: Tick) => void = () => {}): { metronome: Metronome; ticks: Tick[] } {
  const ticks: Tick[] = [];
  const metronome = startMetronome({
    periodUs,
    workerUrl,
    onTick: (scheduledUs, latenessUs) => {
      ticks.push({ scheduledUs, latenessUs });
      onTick({ scheduledUs, latenessUs });
    },
  });
  return { metronome, ticks };
}

test('ticks stand on absolute deadlines and are never early', async () => {
  const { metronome, ticks } = start(4_000);
  await until(() => expect(ticks.length).toBeGreaterThan(50));
  await metronome.stop();
  const periods = ticks.slice(1).map((tick, i) => (tick.scheduledUs - ticks[i]!.scheduledUs) / 4_000);
  expect(periods.every((count) => Math.abs(count - Math.round(count)) < 1e-6 && count > 0.5)).toBe(true);
  expect(ticks.every((tick) => tick.latenessUs >= 0)).toBe(true);
});

test('while the thread is busy at most one tick waits, and the others count as missed', async () => {
  let blocked = false;
  const { metronome, ticks } = start(2_000, () => {
    if (blocked) return;
    blocked = true;
    const endUs = systemClock.nowUs() + 100_000;
    while (systemClock.nowUs() < endUs);
  });
  await until(() => expect(ticks.length).toBeGreaterThan(5));
  await metronome.stop();
  expect(metronome.missed).toBeGreaterThan(40);
  const duringBlock = ticks.filter((tick) => tick.scheduledUs < ticks[0]!.scheduledUs + 98_000);
  expect(duringBlock.length).toBeLessThanOrEqual(2);
});

test('after stop no tick comes and the thread has ended', async () => {
  const { metronome, ticks } = start(1_000);
  await until(() => expect(ticks.length).toBeGreaterThan(0));
  await metronome.stop();
  const count = ticks.length;
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(ticks).toHaveLength(count);
});
