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
    host.update(104_000, 0);
    host.update(108_000, 0);
    host.update(120_000, 12_000);
    expect(host.excusedUs(60_000)).toBe(27_000);
    for (let nowUs = 124_000; nowUs < 136_000; nowUs += PERIOD_US) host.update(nowUs, 0);
    host.update(152_000, 20_000);
    expect(host.excusedUs(90_000)).toBe(MOST_US);
    for (let nowUs = 156_000; nowUs < 304_000; nowUs += PERIOD_US) host.update(nowUs, 0);
    host.update(310_000, 10_000);
    expect(host.excusedUs(200_000)).toBe(10_000);
  });

  it('stands alone when it begins just as long after the end of the one before as may be excused at all', () => {
    const host = stall();
    host.update(100_000, 15_000);
    for (let nowUs = 104_000; nowUs <= 140_000; nowUs += PERIOD_US) host.update(nowUs, 0);
    host.update(150_000, 10_000);
    expect(host.excusedUs(90_000)).toBe(10_000);
  });

  it('is excused to a device whose last answer came just when it ended', () => {
    const host = stall();
    host.update(100_000, 15_000);
    host.update(104_000, 0);
    expect(host.excusedUs(4_000)).toBe(15_000);
    expect(host.excusedUs(3_999)).toBe(0);
  });

  it('is found when it began within the tick before, whose successor comes without lateness', () => {
    const host = stall();
    host.update(100_000, 0);
    host.update(204_000, 0);
    expect(host.lostUs).toBe(100_000);
    expect(host.excusedUs(105_000)).toBe(MOST_US);
  });

  it('is counted once when the lateness tells of it as well', () => {
    const host = stall();
    host.update(100_000, 0);
    host.update(134_000, 30_000);
    expect(host.lostUs).toBe(30_000);
    expect(host.excusedUs(35_000)).toBe(30_000);
  });

  it('is no stall up to a period', () => {
    const host = stall();
    host.update(100_000, 0);
    host.update(100_000 + 2 * PERIOD_US, 0);
    expect(host.lostUs).toBe(PERIOD_US);
    expect(host.excusedUs(50_000)).toBe(0);
    host.update(100_001 + 4 * PERIOD_US, 0);
    expect(host.excusedUs(50_000)).toBe(PERIOD_US + 1);
  });

  it('has not happened before the first tick, whatever the clock says', () => {
    const host = stall();
    expect(host.lostUs).toBe(0);
    host.update(9e9, 0);
    expect(host.lostUs).toBe(0);
    expect(host.excusedUs(1e9)).toBe(0);
  });

  it('excuses nothing when the lateness is no number', () => {
    const host = stall();
    host.update(100_000, Number.NaN);
    expect(host.lostUs).toBeNaN();
    expect(host.excusedUs(90_000)).toBe(0);
  });

  it('excuses a device that never answered no longer than the most', () => {
    const host = stall();
    host.update(100_000, 90_000);
    expect(host.excusedUs(Infinity)).toBe(MOST_US);
  });
});
