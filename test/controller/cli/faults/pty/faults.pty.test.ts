import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const command = fileURLToPath(new URL('../../../../../.ci/dari.mjs', import.meta.url));
const quantiles = { p50: expect.any(Number), p99: expect.any(Number), max: expect.any(Number) };

interface Row {
  readonly fault: string;
  readonly cases: number;
  readonly breaches: number;
}

/** One case of each, with the same seed. */
function campaignOf(faults: string): { rows: Row[]; breaches: number; seed: number } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [command, 'faults', '--pty', '--only', faults, '--n', '1', '--seed', '11', '--json'], { encoding: 'utf8' });
  // What this machine spoilt by standing still is told, and is no breach.
  expect(`${stdout}${stderr}`).not.toMatch(/case \d: (?!spoilt)/);
  expect(status).toBe(0);
  return JSON.parse(stdout) as { rows: Row[]; breaches: number; seed: number };
}

const passed = (fault: string, ...figures: string[]): object => ({ fault, cases: 1, breaches: 0, ...Object.fromEntries(figures.map((figure) => [figure, quantiles])) });

it('pulled and put back, or with another port in its place, the robot ends disarmed and correct', () => {
  const { rows, ...campaign } = campaignOf('F01,F02');
  expect(campaign).toEqual({ seed: 11, breaches: 0 });
  expect(rows).toMatchObject([passed('F01', 'detectMs', 'torqueOffMs', 'reconnectMs'), passed('F02', 'detectMs')]);
});

it('with the E-stop pressed, a full disk and a blocked event loop, the robot process does what its table says', () => {
  expect(campaignOf('F12,F16,F18').rows).toMatchObject([passed('F16', 'detectMs', 'torqueOffMs'), passed('F18', 'latenessAfterMs'), passed('F12', 'stalledMs', 'stopMs', 'torqueOffMs')]);
});

it('with a button let go, two operators, a clock that jumps and a dead controller, a station does what its table says', () => {
  expect(campaignOf('F13,F14,F15,F19').rows).toMatchObject([passed('F14'), passed('F15'), passed('F19'), passed('F13')]);
});
