/** Computes what the catalogue holds from the columns that a table has. */
import { columnName, fillStem, matchStem } from './columns.ts';
import type { Metric, Names, Way } from './catalogue/metric.ts';
import { resampleAt } from './sampling.ts';
import { MIN_RATE_HZ } from './smoothness.ts';
import { detectableChangeText } from './variability.ts';

/** SI values by stem. */
export type Columns = ReadonlyMap<string, Float64Array>;

export interface MeasuredTable {
  readonly columns: Columns;
  /** From the column `t`; null without it. */
  readonly rateHz: number | null;
  /** The times do not lie on a grid: what needs time gets the columns at `rateHz`. */
  readonly resampled: boolean;
  /** One gait cycle, evenly sampled. */
  readonly reference: Columns | null;
}

export interface MetricValue {
  readonly name: string;
  /** Joint, foot or signal of the table; '' for the whole. */
  readonly of: string;
  readonly value: number;
  readonly unit: string;
  readonly source: string;
  readonly minimalDetectableChange: string;
}

export interface MetricMiss {
  readonly name: string;
  readonly of: string;
  readonly because: string;
}

export interface MetricReport {
  readonly metrics: readonly MetricValue[];
  /** The columns are there, but not what they would have to hold. */
  readonly refused: readonly MetricMiss[];
  /** Columns are not there. */
  readonly missing: readonly MissingColumns[];
}

export interface MissingColumns extends MetricMiss {
  /** How many columns the nearest way lacks. */
  readonly lacks: number;
}

export function computeMetrics(table: MeasuredTable, metrics: readonly Metric[]): MetricReport {
  const timed = table.resampled ? resampleTable(table) : table.columns;
  const report = { metrics: [] as MetricValue[], refused: [] as MetricMiss[], missing: [] as MissingColumns[] };
  for (const metric of metrics) {
    const taken = new Set<string>();
    for (const way of metric.ways) for (const names of bindings(way, table)) addOutcome(report, metric, way, names, { table, timed, taken });
    if (taken.size === 0) report.missing.push({ name: metric.name, of: '', ...nearestNeeds(metric, table) });
  }
  return report;
}

function addOutcome(
  report: { metrics: MetricValue[]; refused: MetricMiss[] },
  metric: Metric,
  way: Way,
  names: Names,
  from: { readonly table: MeasuredTable; readonly timed: Columns; readonly taken: Set<string> },
): void {
  const of = fillStem(way.of, names);
  if (from.taken.has(of)) return;
  from.taken.add(of);
  const { name, unit, source, detectableChange } = metric;
  const outcome = measure(way, names, from);
  if (typeof outcome === 'number' && Number.isFinite(outcome)) report.metrics.push({ name, of, value: outcome, unit, source, minimalDetectableChange: detectableChangeText(detectableChange) });
  else report.refused.push({ name, of, because: typeof outcome === 'number' ? 'the values in the table give no finite number' : outcome.because });
}

function measure(way: Way, names: Names, { table, timed }: { readonly table: MeasuredTable; readonly timed: Columns }): ReturnType<Way['measure']> {
  const isTimed = way.needs.includes('t');
  const rateHz = table.rateHz ?? Number.NaN;
  if (isTimed && !(rateHz >= MIN_RATE_HZ)) return { because: `the table is sampled at ${Number(rateHz.toFixed(3))} Hz, and less than ${MIN_RATE_HZ} Hz does not show a movement; record it faster` };
  const columns = way.needs.filter((need) => need !== 't').flatMap((need) => columnOf(fillStem(need, names), isTimed ? timed : table.columns, table.reference) ?? []);
  return way.measure(columns, rateHz, names);
}

/** `@hip_left` is the reference's `hip_left`, or its `hip` for both sides. */
function columnOf(need: string, columns: Columns, reference: Columns | null): Float64Array | undefined {
  if (!need.startsWith('@')) return columns.get(need);
  const stem = need.slice(1);
  return reference?.get(stem) ?? reference?.get(stem.replace(/_(left|right)$/, ''));
}

/** What the variables of a way may stand for, so that every column that it needs is there. */
function bindings(way: Way, { columns, reference }: MeasuredTable): Names[] {
  let found: Names[] = [{}];
  for (const need of way.needs.filter((stem) => !stem.startsWith('@'))) {
    found = found.flatMap((names) =>
      [...columns.keys()].flatMap((stem): Names[] => {
        const more = matchStem(fillStem(need, names), stem);
        return more === null ? [] : [{ ...names, ...more }];
      }),
    );
  }
  return found.filter((names) => way.needs.every((need) => columnOf(fillStem(need, names), columns, reference) !== undefined));
}

/** The way of which most is there already, in columns that would have to be added. */
function nearestNeeds(metric: Metric, { columns, reference }: MeasuredTable): Pick<MissingColumns, 'because' | 'lacks'> {
  const stems = [...columns.keys()];
  const lacking = metric.ways.map((way) =>
    way.needs.filter((need) => (need.startsWith('@') ? reference === null : !stems.some((stem) => matchStem(need, stem) !== null))),
  );
  const fewest = lacking.filter((needs) => needs.length > 0).toSorted((a, b) => a.length - b.length)[0] ?? [];
  // Where none lacks, each is there, but of different joints or feet.
  const [shown, whose] = fewest.length > 0 ? [fewest, ''] : [metric.ways[0]?.needs ?? [], ' of the same joint or side'];
  const plain = shown.filter((need) => !need.startsWith('@')).map(exampleColumn);
  const asked = shown.filter((need) => need.startsWith('@')).map((need) => exampleColumn(need.slice(1)));
  const needs = [...(plain.length > 0 ? [`${plain.join(', ')}${whose}`] : []), ...(asked.length > 0 ? [`--reference with ${asked.join(', ')}`] : [])];
  return { because: `it needs ${needs.join(', and ')}`, lacks: fewest.length };
}

/** A column that fits a need, e.g. `torque_hip_left_nm`. */
const exampleColumn = (need: string): string => columnName(fillStem(need, { joint: 'hip_left', kind: 'hip', side: 'left', step: 'step_length' }));

function resampleTable({ columns, rateHz }: MeasuredTable): Columns {
  const timeSec = columns.get('t');
  if (timeSec === undefined || rateHz === null) return columns;
  return new Map([...columns].map(([stem, values]) => [stem, resampleAt(timeSec, values, rateHz)]));
}
