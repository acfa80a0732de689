import { expect, it } from 'vitest';
import { dari } from '../support/dari.ts';

it('drives of three protocols are polled and then walk, and every request is accounted for', () => {
  const { stdout, stderr, status } = dari('bench', '--only', 'buses', '--seconds', '6', '--json');
  expect(status === 0 ? 'measured' : stderr).toBe('measured');
  const quantiles = { p50: expect.any(Number), p99: expect.any(Number), p999: expect.any(Number), max: expect.any(Number) };
  const phase = (name: string) => ({ phase: name, heldHz: expect.any(Number), latenessUs: quantiles, lostFrames: expect.any(Number), drives: Array.from({ length: 4 }, () => ({ requests: expect.any(Number), roundTripUs: quantiles })) });
  expect(JSON.parse(stdout)).toMatchObject({
    bench: 'buses',
    rateHz: 250,
    protocols: ['mit', 'cubemars-v3', 'dynamixel2'],
    lostFrames: expect.any(Number),
    links: Array.from({ length: 4 }, () => ({ utilisation: expect.any(Number), highestHz: expect.any(Number) })),
    phases: [phase('disarmed'), phase('walking')],
  });
});
