/** A figure beside its bar, as `docs/numbers.md` tells it. */
export interface Reached {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** undefined: told beside another figure, without a bar of its own. */
  readonly bar?: { readonly atMost: number } | { readonly atLeast: number };
  readonly met: boolean;
  /** What a person should know of it. */
  readonly note?: string;
}

const DIGITS = 4;
const told = (value: number): number => Number(value.toPrecision(DIGITS));

export const atMost = (what: string, value: number, most: number, unit: string, note?: string): Reached => ({ what, value: told(value), unit, bar: { atMost: most }, met: value <= most, ...(note === undefined ? {} : { note }) });
export const atLeast = (what: string, value: number, least: number, unit: string, note?: string): Reached => ({ what, value: told(value), unit, bar: { atLeast: least }, met: value >= least, ...(note === undefined ? {} : { note }) });
/** Without a bar. */
export const beside = (what: string, value: number, unit: string, note?: string): Reached => ({ what, value: told(value), unit, met: true, ...(note === undefined ? {} : { note }) });

function barText({ bar, unit }: Reached): string {
  if (bar === undefined) return '';
  return 'atMost' in bar ? `at most ${bar.atMost} ${unit}` : `at least ${bar.atLeast} ${unit}`;
}

/** One line each. */
export const describeReached = (reached: readonly Reached[]): string =>
  reached.map((row) => `${row.met ? '  ' : '✗ '}${row.what}: ${row.value} ${row.unit}${row.bar === undefined ? '' : ` (${barText(row)})`}${row.note === undefined ? '' : `; ${row.note}`}\n`).join('');
