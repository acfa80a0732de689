/** `dari metrics`: any measure of the catalogue from a table, so that others can try their own numbers on it. */
import { DariError } from '../../protocols/errors.ts';
import { metricCatalogue } from '../metrics/catalogue.ts';
import type { Metric } from '../metrics/catalogue/metric.ts';
import { computeMetrics, type Columns, type MeasuredTable, type MetricMiss, type MetricReport } from '../metrics/compute.ts';
import { findSampling } from '../metrics/sampling.ts';
import { FAMILIARISATION_TRIALS } from '../metrics/variability.ts';
import { integerOption } from './arguments.ts';
import type { Command, CommandArguments } from './command.ts';
import { invalid, readTable, type MeasurementTable } from './measurement-table.ts';

export const metricsCommand: Command = {
  name: 'metrics',
  summary:
    'Computes measures of movement from a table (CSV) whose first line names columns and units, e.g. t_s,speed_m_s or\n' +
    't_s,hip_left_deg,foot_left_n or left_value,right_value: everything that its columns allow. docs/metrics.md lists measures and columns.',
  usage: 'metrics FILE.csv [--json] [--only NAMES] [--reference FILE.csv] [--drop-first N]',
  options: [
    { name: 'json', help: 'one JSON line for programs' },
    { name: 'only', value: 'NAMES', help: 'these measures, separated by commas; fails when one of them cannot be computed' },
    { name: 'reference', value: 'FILE', help: 'one gait cycle of joint angles in evenly spaced lines, e.g. hip_deg,knee_deg' },
    { name: 'drop-first', value: 'N', help: `leave out the first N trials of a table without time (published for arm exoskeletons: ${FAMILIARISATION_TRIALS})` },
  ],
  positionals: 1,
  run: (args) => Promise.resolve(measureFile(args)),
};

function measureFile(args: CommandArguments): number {
  const [file = ''] = args.positionals;
  const asked = askedMetrics(args.options.get('only'));
  const reference = args.options.get('reference');
  const read = withoutFirst(file, readTable(file), integerOption(args, 'drop-first', 0));
  const sampling = readSampling(file, read);
  const table: MeasuredTable = { columns: read.columns, ...sampling, reference: reference === undefined ? null : readReference(reference) };
  const report = computeMetrics(table, asked ?? fromTables);
  const computed = new Set(report.metrics.map(({ name }) => name));
  const lacking = asked === null ? [] : [...report.refused, ...report.missing].filter(({ name }) => !computed.has(name));
  if (lacking.length > 0 || report.metrics.length === 0) throw new DariError('metricRefused', refusal(file, report, lacking));
  const notes = sampling.resampled ? [`The samples are not evenly spaced: resampled to ${String(sampling.rateHz)} Hz by straight lines.`] : [];
  process.stdout.write(args.options.has('json') ? `${JSON.stringify({ metrics: report.metrics, refused: report.refused, notes })}\n` : readable(report, notes));
  return 0;
}

/** The others come from recorded sessions. */
const fromTables = metricCatalogue.filter(({ ways }) => ways.length > 0);

/** null: all of them. @throws DariError `usage` */
function askedMetrics(only: string | undefined): Metric[] | null {
  if (only === undefined) return null;
  return only.split(',').map((text) => {
    const metric = fromTables.find(({ name }) => name === text.trim());
    if (metric === undefined) throw new DariError('usage', `No table gives a measure "${text.trim()}". Tables give ${fromTables.map(({ name }) => name).join(', ')}.`);
    return metric;
  });
}

function withoutFirst(file: string, table: MeasurementTable, count: number): MeasurementTable {
  if (count === 0) return table;
  if (table.columns.has('t')) throw new DariError('usage', `${file} is a record over time, not a list of trials: take --drop-first away, or the column of time.`);
  if (count >= table.lines.length) throw invalid(file, `has ${table.lines.length} trials, and --drop-first ${count} leaves none of them. Drop fewer`);
  return { columns: new Map([...table.columns].map(([stem, values]) => [stem, values.slice(count)])), lines: table.lines.slice(count) };
}

/** @throws DariError `tableInvalid` where samples are missing or in a wrong order */
function readSampling(file: string, { columns, lines }: MeasurementTable): { rateHz: number | null; resampled: boolean } {
  checkCycle(file, columns);
  const timeSec = columns.get('t');
  if (timeSec === undefined) return { rateHz: null, resampled: false };
  const sampling = findSampling(timeSec);
  const line = (index: number): string => `line ${lines[index] ?? 0}`;
  if (sampling.kind === 'tooShort') throw invalid(file, 'holds 1 sample. A record over time needs at least 2');
  if (sampling.kind === 'notIncreasing') throw invalid(file, `${line(sampling.index)}: its time is not after that of the line before. Sort the lines by time and take out doubled ones`);
  if (sampling.kind === 'gap')
    throw invalid(file, `${line(sampling.index)}: ${sampling.gapSec.toFixed(3)} s are missing before it. Nothing is made up for a gap: cut the table there and measure its parts`);
  return { rateHz: sampling.rateHz, resampled: sampling.kind === 'uneven' };
}

/** A gait cycle must be whole and even, or its points would stand at other places than the reference's. */
function checkCycle(file: string, columns: Columns): void {
  const cycle = columns.get('cycle');
  if (cycle === undefined) return;
  const isWhole = cycle[0] === 0 && cycle.at(-1) === 100;
  if (!isWhole || findSampling(cycle).kind !== 'even') throw invalid(file, 'holds cycle_percent that does not run from 0 to 100 in even steps. Resample the cycle, or leave the column out where the lines are evenly spaced');
}

function readReference(file: string): Columns {
  const table = readTable(file);
  const { rateHz, resampled } = readSampling(file, table);
  if (resampled) throw invalid(file, 'is not evenly sampled. A reference needs evenly spaced lines');
  const angles = [...table.columns].filter(([stem]) => stem !== 't' && stem !== 'cycle');
  if (angles.length === 0 || (rateHz === null && table.lines.length < 2)) throw invalid(file, 'is no reference. It needs one gait cycle of joint angles, e.g. hip_deg,knee_deg, in at least 2 lines');
  return new Map(angles);
}

const listed = (misses: readonly MetricMiss[]): string[] => misses.map(({ name, of, because }) => `  ${label(name, of)}: ${because}`);
const label = (name: string, of: string): string => (of === '' ? name : `${name} (${of})`);

function refusal(file: string, report: MetricReport, lacking: readonly MetricMiss[]): string {
  // Where nothing was asked for, what nearly went is told; the rest would hide it.
  const fewest = Math.min(...report.missing.map(({ lacks }) => lacks));
  const told = lacking.length > 0 ? lacking : report.refused.length > 0 ? report.refused : report.missing.filter(({ lacks }) => lacks === fewest);
  return [`${file}: ${lacking.length > 0 ? 'not everything that was asked for can be computed' : 'no measure can be computed'}. Mend the table as said here:`, ...listed(told)].join('\n');
}

function readable({ metrics, refused, missing }: MetricReport, notes: readonly string[]): string {
  const rows = metrics.map(({ name, of, value, unit, source, minimalDetectableChange }) => [label(name, of), Number(value.toPrecision(9)).toString(), unit === '1' ? '' : unit, source, minimalDetectableChange]);
  const head = ['measure', 'value', 'unit', 'source', 'detectable change'];
  const width = head.map((title, c) => Math.max(title.length, ...rows.map((row) => (row[c] ?? '').length)) + 2);
  const lines = [head, ...rows].map((row) => row.map((cell, c) => cell.padEnd(width[c] ?? 0)).join('').trimEnd());
  const section = (title: string, of: readonly MetricMiss[]): string[] => (of.length === 0 ? [] : ['', title, ...listed(of)]);
  return [...lines, ...section('Refused:', refused), ...section('Not computed, for want of a column:', missing), ...(notes.length === 0 ? [] : ['', ...notes]), ''].join('\n');
}
