/** What the catalogue holds of a metric, and in which ways it follows from columns. */
import type { JointMetrics, SessionMetrics } from '../../../protocols/api.ts';
import { DEFAULT_THRESHOLDS } from '../gait-events.ts';
import type { DetectableChange } from '../variability.ts';
import type { Source } from './sources.ts';

/** Why a metric cannot be told, in words that follow "because". */
export interface Refusal {
  readonly because: string;
}

export type Outcome = number | Refusal;

export const NO_STRIDE: Refusal = {
  because: `the record holds no whole stride, from one heel strike of a foot to its next; by its force a foot stands from ${DEFAULT_THRESHOLDS.onN} N until below ${DEFAULT_THRESHOLDS.offN} N`,
};

export const orBecause = (value: number | null, because: string): Outcome => value ?? { because };

/** Variables of columns and what they stand for, e.g. `side`: `left`. */
export type Names = Readonly<Record<string, string>>;

export interface Way {
  /**
   * Stems of the columns, with the variables of `columns.ts`. `t`: the others come at a fixed rate. `@STEM`: a column of
   * the reference's table, of the joint itself or without its side.
   */
  readonly needs: readonly string[];
  /** What of the table this is the metric of, with the same variables; a later way with the same answer is not taken. */
  readonly of: string;
  /** @param columns SI values in the order of `needs`, without `t`; @param rateHz NaN without `t`; @param names what the variables stand for */
  readonly measure: (columns: readonly Float64Array[], rateHz: number, names: Names) => Outcome;
}

export type SessionKey = Exclude<keyof SessionMetrics, 'joints' | 'measuredStops' | 'settings'> | Exclude<keyof JointMetrics, 'jointId'>;

export interface Metric {
  /** Never changes: programs and files know the metric by it. */
  readonly name: string;
  /** 1: none. */
  readonly unit: string;
  /** One sentence. */
  readonly definition: string;
  readonly source: Source;
  /** null: nothing is published, so nobody knows which change is more than noise. */
  readonly detectableChange: DetectableChange | null;
  /** Where the session's numbers hold it. */
  readonly sessionKey?: SessionKey;
  /** The better ones first; none: it comes from whole sessions only. */
  readonly ways: readonly Way[];
}

type Columns<Needs extends readonly string[]> = Needs extends readonly ['t', ...infer Rest extends readonly string[]] ? { readonly [K in keyof Rest]: Float64Array } : { readonly [K in keyof Needs]: Float64Array };

/** A way whose measure gets one column per need. */
export const way = <const Needs extends readonly string[]>(of: string, needs: Needs, measure: (columns: Columns<Needs>, rateHz: number, names: Names) => Outcome): Way => ({
  of,
  needs,
  measure: (columns, rateHz, names) => measure(columns as unknown as Columns<Needs>, rateHz, names),
});

/** The value of a column that says the same in every line. */
export function constantOf(column: Float64Array): number {
  const first = column[0] ?? Number.NaN;
  return column.every((v) => v === first) ? first : Number.NaN;
}
