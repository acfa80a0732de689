/** The campaign's result for people: a row for each kind of each fault, what was found, and the verdict. */
import type { CampaignResult, FaultRow, KindRow, Quantiles } from './campaign.ts';

const HEAD = ['fault', 'kind', 'cases', 'passed', 'spoilt', 'breaches', 'worst, ms'] as const;

export function tableOf({ rows, breaches, seed }: CampaignResult): string {
  const cells = [HEAD, ...rows.flatMap((row) => row.kinds.map((kind) => cellsOf(row, kind)))];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const table = cells.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
  const findings = rows.flatMap((row) => row.findings.map((finding) => `${row.fault} ${finding}`));
  const [cases, spoilt] = [total(rows, 'cases'), total(rows, 'spoilt')];
  const verdict = `${breaches === 0 ? 'No breach' : `${breaches} breaches`} in ${cases} cases${spoilt === 0 ? '' : `, ${spoilt} of which this machine spoilt by standing still`}; seed ${seed}.`;
  return `${[...table, ...findings, verdict].join('\n')}\n`;
}

const total = (rows: readonly FaultRow[], what: 'cases' | 'spoilt'): number => rows.reduce((sum, row) => sum + row[what], 0);

function cellsOf({ fault }: FaultRow, { kind, cases, breaches, spoilt, figures }: KindRow): readonly string[] {
  return [fault, kind, String(cases), String(cases - breaches - spoilt), String(spoilt), String(breaches), Object.entries(figures).map(worst).join(', ')];
}

const worst = ([name, { max }]: [string, Quantiles]): string => `${name.replace(/Ms$/, '')} ${max}`;
