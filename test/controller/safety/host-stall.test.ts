import { describe, expect, it } from 'vitest';
import { HostStall } from '../../../controller/safety/host-stall.ts';

const PERIOD_US = 4_000;
const MOST_US = 40_000;

describe('a stall of this computer', () => {
  const stall = () => new HostStall(PERIOD_US, MOST_US);

  it('excuses nothing while ticks are in time', () => {
    const host = stall();
    host.update(100_000, PERIOD_US);
    expect(host.excusedUs(50_000)).toBe(0);
  });

  it('is excused until the device answers again', () => {
    const host = stall();
    host.update(100_000, 30_000);
    expect(host.excusedUs(31_000)).toBe(30_000);
    host.update(104_000, 0);
    expect(host.excusedUs(35_000)).toBe(30_000);
    expect(host.excusedUs(3_000)).toBe(0);
  });

  it('adds up with the next one only when they are close, and never beyond the most', () => {
    const host = stall();
    host.update(100_000, 15_000);
    host.update(120_000, 12_000);
    expect(host.excusedUs(60_000)).toBe(27_000);
    host.update(150_000, 20_000);
    expect(host.excusedUs(90_000)).toBe(MOST_US);
    host.update(300_000, 10_000);
    expect(host.excusedUs(90_000)).toBe(10_000);
  });

  it('excuses nothing when the lateness is no number', () => {
    const host = stall();
    host.update(100_000, Number.NaN);
    expect(host.excusedUs(90_000)).toBe(0);
  });

  it('excuses a device that never answered no longer than the most', () => {
    const host = stall();
    host.update(100_000, 90_000);
    expect(host.excusedUs(Infinity)).toBe(MOST_US);
  });
});
