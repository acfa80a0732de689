import { describe, expect, it } from 'vitest';
import { processUsage } from '../../controller/cli/bench/process-usage.ts';
import { dari } from '../support/dari.ts';

describe('the loop benchmark', () => {
  it('reports what it measured of real processes as one JSON line', () => {
    const { stdout, status } = dari('bench', '--only', 'loop', '--seconds', '3', '--json');
    expect(status).toBe(0);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    const quantiles = { p50: expect.any(Number), p99: expect.any(Number), p999: expect.any(Number), max: expect.any(Number) };
    expect(result).toMatchObject({ bench: 'loop', rateHz: 250, latenessUs: quantiles, sensorToCommandUs: quantiles, lostFrames: expect.any(Number), unrecordedCycles: 0, heapGrowthKb: expect.any(Number) });
    expect(result['durationSec']).toBeGreaterThanOrEqual(2.9);
    expect(Number(result['ticks']) + Number(result['missedDeadlines'])).toBeGreaterThan(2.8 * 250);
  });

  it('names the measurements that there are', () => {
    const { stderr, status } = dari('bench', '--only', 'lop');
    expect(status).toBe(2);
    expect(stderr).toMatch(/There is no measurement "lop". Choose one of: loop/);
  });
});

describe('the usage of a process', () => {
  it('counts its own', () => {
    const usage = processUsage(process.pid);
    expect(usage?.rssBytes).toBeGreaterThan(1e6);
    expect(usage?.cpuSec).toBeGreaterThan(0);
  });

  it('is nothing for a process that is not there', () => {
    expect(processUsage(2 ** 30)).toBeNull();
  });
});
