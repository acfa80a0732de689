/** `docs/metrics.md`: every measure with its definition, and the columns of the tables that `dari metrics` reads. */
import { metricGroups } from '../../metrics/catalogue.ts';
import type { Metric } from '../../metrics/catalogue/metric.ts';
import { sources } from '../../metrics/catalogue/sources.ts';
import { columnKinds, columnName, unitNames, variables } from '../../metrics/columns.ts';
import { ARM_DETECTABLE_CHANGE, detectableChangeText } from '../../metrics/variability.ts';
import { code, page, table } from './markdown.ts';

/** `@` columns stand in the reference's table. */
const need = (stem: string): string => (stem.startsWith('@') ? `reference's ${code(columnName(stem.slice(1)))}` : code(columnName(stem)));

const columnsOf = ({ ways }: Metric): string => (ways.length === 0 ? 'recorded sessions' : [...new Set(ways.map(({ needs }) => needs.map(need).join(', ')))].join('; or '));

const row = (metric: Metric): string[] => [code(metric.name), metric.unit, metric.definition, metric.source, columnsOf(metric)];

export const metricsTable = (): string =>
  page('Measures', 'controller/metrics/catalogue.ts', [
    'One definition each, for screens, reports, exports and `dari metrics FILE.csv`. *own* marks a definition of this project. What needs time is refused below 20 Hz, and a record that was not sampled evenly is resampled to a fixed rate; a gap of more than 0.1 s is refused.',
    `The smallest change that is more than error of measurement is published for the measures after Brihmat 2020 in a spring-supported arm exoskeleton: ${detectableChangeText(ARM_DETECTABLE_CHANGE)}. For all others, and on all other devices, it is unknown.`,
    ...metricGroups.flatMap(({ title, metrics }) => [`## ${title}`, table(['name', 'unit', 'definition', 'source', 'from'], metrics.map(row))]),
    '## Columns of a table',
    'The first line names each column and its unit, e.g. `t_s,hip_left_deg,foot_left_n`; every other line holds numbers, with a point, one per column.',
    table(
      ['column', 'units', 'what it holds'],
      columnKinds.map(({ stem, dimension, meaning }) => [code(columnName(stem)), unitNames(dimension).filter((unit) => unit !== '').map(code).join(', ') || 'none', meaning]),
    ),
    variables().map(({ name, values }) => `- ${code(`<${name}>`)}: ${values.map(code).join(', ')}`).join('\n'),
    '## Sources',
    Object.entries(sources).map(([name, full]) => `- *${name}*: ${full}`).join('\n'),
  ]);
