import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { dari } from '../../../support/dari.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dari-campaign-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CASES = ['--n', '22', '--seed', '1', '--only', 'F01,F02,F12,F13,F14,F16,F18,F19,F20'];

interface Row {
  readonly fault: string;
  readonly injected: number;
  readonly breaches: number;
}

function jsonOf(...words: readonly string[]): { json: Record<string, unknown>; rows: readonly Row[] } {
  const { stdout } = dari(...words, '--json');
  const json = JSON.parse(stdout) as Record<string, unknown>;
  return { json, rows: (json['rows'] ?? []) as Row[] };
}

it('a small campaign finds no breach of these faults, and the same however many workers share it', () => {
  const report = path.join(folder, 'report.html');
  const { json, rows } = jsonOf('faults', ...CASES, '--jobs', '1', '--report', report);
  expect(rows.map(({ fault }) => fault)).toEqual(['F01', 'F02', 'F12', 'F13', 'F14', 'F16', 'F18', 'F19', 'F20']);
  for (const row of rows) expect(row).toMatchObject({ breaches: 0, falseAlarms: 0, pass: true });
  expect(Math.min(...rows.map(({ injected }) => injected))).toBeGreaterThan(1);
  expect(json).toMatchObject({ seed: 1, cases: 22, bareEngine: expect.any(Number), speed: { timesRealTime: expect.any(Number) } });
  expect(readFileSync(report, 'utf8')).toContain('F16');
  expect(jsonOf('faults', ...CASES, '--jobs', '2').rows).toEqual(rows);
});

it('one case again leaves a log that replays without a difference', () => {
  const { json } = jsonOf('faults', ...CASES, '--case', '6', '--data', folder);
  const log = String(json['log']);
  expect(existsSync(log)).toBe(true);
  expect(json).toMatchObject({ case: 6, seed: 1, result: { findings: [] } });
  expect(jsonOf('replay', log, '--verify').json).toMatchObject({ verified: true, differences: 0 });
});
