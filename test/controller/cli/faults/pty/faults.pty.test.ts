import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const command = fileURLToPath(new URL('../../../../../.ci/dari.mjs', import.meta.url));

it('pulled and put back, the robot ends connected, disarmed and correct every time', () => {
  const { stdout, stderr, status } = spawnSync(process.execPath, [command, 'faults', '--pty', '--only', 'F01,F02', '--n', '3', '--seed', '11', '--json'], { encoding: 'utf8' });
  expect(`${stdout}${stderr}`).not.toMatch(/case \d/);
  expect(status).toBe(0);
  const quantiles = { p50: expect.any(Number), p99: expect.any(Number), max: expect.any(Number) };
  expect(JSON.parse(stdout)).toMatchObject({
    seed: 11,
    breaches: 0,
    rows: [
      { fault: 'F01', cases: 3, breaches: 0, findings: [], detectMs: quantiles, torqueOffMs: quantiles, reconnectMs: quantiles },
      { fault: 'F02', cases: 3, breaches: 0, findings: [], detectMs: quantiles },
    ],
  });
});
