import { expect, it } from 'vitest';
import { dari } from '../../../../support/dari.ts';

const quantiles = { p50: expect.any(Number), p99: expect.any(Number), max: expect.any(Number) };

interface Row {
  readonly fault: string;
  readonly cases: number;
  readonly breaches: number;
}

/** One case of each, with the same seed. */
function campaignOf(faults: string): { rows: Row[]; breaches: number; seed: number } {
  const { stdout, stderr, status } = dari('faults', '--pty', '--only', faults, '--n', '1', '--seed', '11', '--json');
  // What this machine spoilt by standing still is told, and is no breach.
  expect(`${stdout}${stderr}`).not.toMatch(/case \d: (?!spoilt)/);
  expect(status).toBe(0);
  return JSON.parse(stdout) as { rows: Row[]; breaches: number; seed: number };
}

const passed = (fault: string, ...figures: string[]): object => ({ fault, cases: 1, breaches: 0, ...Object.fromEntries(figures.map((figure) => [figure, quantiles])) });

it('with a cable pulled and put back, and with the E-stop pressed, a real robot process does what its table says', () => {
  const { rows, ...campaign } = campaignOf('F01,F16');
  expect(campaign).toEqual({ seed: 11, breaches: 0 });
  expect(rows).toMatchObject([passed('F16', 'detectMs', 'torqueOffMs'), passed('F01', 'detectMs', 'torqueOffMs', 'reconnectMs')]);
});
