/** Reads a table of measurements whose columns say what they hold: CSV, one name and unit per column, numbers only. */
import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { DariError } from '../../protocols/errors.ts';
import { columnExample, columnKinds, readColumnName } from '../metrics/columns.ts';
import type { Columns } from '../metrics/compute.ts';

export interface MeasurementTable {
  /** SI values by stem, all of the same length, at least one. */
  readonly columns: Columns;
  /** Line of the file that each value stands in. */
  readonly lines: readonly number[];
}

interface Line {
  readonly cells: readonly string[];
  readonly number: number;
}

/** @throws DariError `tableInvalid`; the message names line and column */
export function readTable(file: string): MeasurementTable {
  const [header, ...rows] = readLines(file);
  if (header === undefined) throw invalid(file, 'is empty. Its first line must name the columns with their units, e.g. t_s,speed_m_s');
  const named = readHeader(file, header.cells);
  if (rows.length === 0) throw invalid(file, 'names its columns and holds no value. Add a line per sample or repetition');
  const columns = new Map(named.map(({ stem }) => [stem, new Float64Array(rows.length)]));
  rows.forEach(({ cells, number }, i) => {
    if (cells.length !== named.length) throw invalid(file, `line ${number} has ${counted(cells.length, 'value')}, and the first line names ${counted(named.length, 'column')}. Separate values by one comma each, and write numbers with a point`);
    named.forEach(({ stem, header: column, factor }, c) => {
      const value = readNumber(cells[c] ?? '');
      if (value === null) throw invalid(file, `line ${number}, column "${column}": ${shown(cells[c] ?? '')} is not a number. Write it like 0.25 or -1e-3, and take out lines without a value`);
      const values = columns.get(stem);
      if (values !== undefined) values[i] = value * factor;
    });
  });
  return { columns, lines: rows.map(({ number }) => number) };
}

function readLines(file: string): Line[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new DariError('tableInvalid', `The table ${file} cannot be read (${cause instanceof Error && 'code' in cause ? String(cause.code) : 'no file'}). Check the path.`, { cause });
  }
  try {
    const lines: Line[] = [];
    parse(text, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true, on_record: (cells: string[], { lines: number }) => void lines.push({ cells, number }) });
    return lines;
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw invalid(file, `is no CSV: ${cause.message}. Put a quote around text on both sides or take quotes out`);
  }
}

interface NamedColumn {
  readonly header: string;
  readonly stem: string;
  readonly factor: number;
}

function readHeader(file: string, headers: readonly string[]): NamedColumn[] {
  const [only = ''] = headers;
  if (headers.length === 1 && /[;\t]/.test(only)) throw invalid(file, 'separates its columns by semicolons or tabs. Save it with commas between the columns and points in the numbers');
  if (headers.every((header) => readNumber(header) !== null)) throw invalid(file, 'begins with numbers. Its first line must name the columns with their units, e.g. t_s,speed_m_s');
  const named: NamedColumn[] = [];
  const problems: string[] = [];
  headers.forEach((header, i) => {
    const name = readColumnName(header);
    const where = `column ${i + 1} ${shown(header)}`;
    if (name.kind === 'unknown') problems.push(`${where} is not known. Rename it or take it out; there are ${columnKinds.map(columnExample).join(', ')}`);
    else if (name.kind === 'unit') problems.push(`${where}: ${name.unit === '' ? 'it has no unit' : `"${name.unit}" is no unit of ${name.stem}`}. Write ${name.allowed.map((unit) => (unit === '' ? name.stem : `${name.stem}_${unit}`)).join(' or ')}`);
    else if (named.some(({ stem }) => stem === name.stem)) problems.push(`${where} is there twice. Leave one of ${named.filter(({ stem }) => stem === name.stem).map((other) => `"${other.header}"`).join(', ')} and "${header}" out`);
    else named.push({ header, stem: name.stem, factor: name.factor });
  });
  if (problems.length > 0) throw invalid(file, problems.join('. '));
  return named;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** null: not a finite number. */
function readNumber(text: string): number | null {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}

const shown = (text: string): string => (text === '' ? 'nothing' : `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`);
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** @param what what is wrong, then what to do; no full stop */
export const invalid = (file: string, what: string): DariError => new DariError('tableInvalid', `${file}${/^(line|column) /.test(what) ? ':' : ''} ${what}.`);
