/** What an assessment tells: a value, how sure it is, and what may be thought of it. */
import type { Source } from '../catalogue/sources.ts';

export interface AssessmentResult {
  /** Never changes: programs and files know the measure by it. */
  readonly name: string;
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
  readonly rejected: string | null;
  readonly source: Source;
  /** Smallest change that is more than error of measurement; null: nothing is published for such a device, it is unknown. */
  readonly detectableChange: string | null;
  /** What belongs to it, by name with unit, e.g. `r_squared`. */
  readonly beside: Readonly<Record<string, number | null>>;
}

export const nameOf = (direction: number): 'flexion' | 'extension' => (direction > 0 ? 'flexion' : 'extension');
