/** What an assessment tells: a value, how sure it is, and what may be thought of it. */
import type { Rejection } from '../../../protocols/assessment-outcome.ts';
import type { Source } from '../catalogue/sources.ts';

export interface AssessmentResult {
  /** Never changes: programs and files know the measure by it. */
  readonly name: string;
  /** Its id; of an arm as a whole, e.g. `armRight`. */
  readonly joint: string;
  readonly direction: 'flexion' | 'extension' | 'both';
  /** null: not measured, and `rejected` says why. */
  readonly value: number | null;
  readonly unit: string;
  /** Half of the interval around the value that holds the mean of such trials with 95 %; null: too few trials. */
  readonly uncertainty: number | null;
  /** In the order of the trials; null: that one could not be told. */
  readonly trials: readonly (number | null)[];
  /** The robot's own end was reached in the best trials: the person's value is not less. */
  readonly atLeast: boolean;
  readonly rejected: Rejection | null;
  readonly source: Source;
  /** Smallest change that is more than error of measurement; null: nothing is published for such a device, it is unknown. */
  readonly detectableChange: string | null;
  /** What belongs to it, by name with unit, e.g. `r_squared`. */
  readonly beside: Readonly<Record<string, number | null>>;
  /** Over the gait cycle, every 2 % from this side's heel strike, in the same unit; absent: it is of no cycle. */
  readonly curve?: readonly number[];
}

/** For whoever evaluates fewer trials than were to be done. */
export const MISSING: Rejection = { reason: 'tooFewTrials', figure: null };
export const known = (trials: readonly (number | null)[]): number[] => trials.filter((trial) => trial !== null);

export const nameOf = (direction: number): 'flexion' | 'extension' => (direction > 0 ? 'flexion' : 'extension');
