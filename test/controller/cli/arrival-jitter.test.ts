import { expect, it } from 'vitest';
import { ArrivalJitter } from '../../../controller/cli/arrival-jitter.ts';
import { HeldEnd } from '../../../controller/cli/held-end.ts';
import { createRandom } from '../../../protocols/random.ts';

/** A byte a millisecond. @returns when each came, ms */
function arrivals(seed: number): number[] {
  const came: number[] = [];
  let nowMs = 0;
  const end = new HeldEnd({ write: () => void came.push(nowMs), onBytes: () => {}, unplug: () => {}, plug: () => {} });
  const jitter = new ArrivalJitter(createRandom(seed), [end]);
  for (nowMs = 0; nowMs < 10_000; nowMs++) {
    end.write(Uint8Array.of(1));
    jitter.step();
  }
  return came;
}

it('lets bytes wait for up to 6 ms, loses none, and is the same for the same seed', () => {
  const came = arrivals(1);
  const waits = came.map((atMs, sentMs) => atMs - sentMs);
  expect(came.length).toBeGreaterThan(9_990);
  expect(Math.max(...waits)).toBe(6);
  expect(Math.min(...waits)).toBe(0);
  expect(waits.filter((ms) => ms > 0).length).toBeGreaterThan(300);
  expect(arrivals(1)).toEqual(came);
  expect(arrivals(2)).not.toEqual(came);
});

it('makes ticks up to 3 ms late, and rarely 10 to 20', () => {
  const jitter = new ArrivalJitter(createRandom(1), []);
  const lateMs = Array.from({ length: 100_000 }, () => jitter.nextLateUs() / 1_000);
  const kinds = new Set(lateMs);
  expect([...kinds].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  expect(lateMs.filter((ms) => ms >= 10).length).toBeLessThan(150);
});

it('lets the simulator stand still for 10 to 24 ms, once in some seconds', () => {
  const jitter = new ArrivalJitter(createRandom(1), []);
  const standsMs: number[] = [];
  for (let nowMs = 0, sinceMs = 0; nowMs < 100_000; nowMs++) {
    jitter.step();
    const standing = jitter.robotStands;
    if (!standing && sinceMs > 0) standsMs.push(sinceMs);
    sinceMs = standing ? sinceMs + 1 : 0;
  }
  expect(standsMs.length).toBeGreaterThan(10);
  expect(standsMs.length).toBeLessThan(40);
  expect(Math.min(...standsMs)).toBeGreaterThanOrEqual(10);
  expect(Math.max(...standsMs)).toBeLessThanOrEqual(24);
});
