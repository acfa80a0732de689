/** How much repetitions scatter, and how much of a change is more than scatter. */

/** Trials that are dropped before a mean is taken: learning was over after six (N. Brihmat et al., J NeuroEng Rehabil 17:130, 2020). */
export const FAMILIARISATION_TRIALS = 6;

export const mean = (values: ArrayLike<number>): number | null => (values.length === 0 ? null : Array.from(values).reduce((sum, v) => sum + v, 0) / values.length);

/** With n − 1; null for fewer than two values. */
export function standardDeviation(values: ArrayLike<number>): number | null {
  const centre = mean(values);
  if (centre === null || values.length < 2) return null;
  const squares = Array.from(values).reduce((sum, v) => sum + (v - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/**
 * Standard deviation (n − 1) over the absolute mean, percent. Gait is steadier at some speeds than at others: compare it
 * between walks at the same speed only. null for fewer than two values or a mean of zero.
 */
export function coefficientOfVariationPercent(values: ArrayLike<number>): number | null {
  const centre = mean(values);
  const deviation = standardDeviation(values);
  return centre === null || centre === 0 || deviation === null ? null : (deviation / Math.abs(centre)) * 100;
}

/** The smallest difference between two measurements that is more than their error, in percent of the mean, from … to. */
export interface DetectableChange {
  readonly fromPercentOfMean: number;
  readonly toPercentOfMean: number;
  readonly source: string;
}

/** 30 patients after stroke in a spring-supported arm exoskeleton; from the least to the greatest of that study's measures. */
export const ARM_DETECTABLE_CHANGE: DetectableChange = { fromPercentOfMean: 42.6, toPercentOfMean: 102.8, source: 'Brihmat 2020' };

export const detectableChangeText = (change: DetectableChange | null): string =>
  change === null ? 'unknown' : `${change.fromPercentOfMean}–${change.toPercentOfMean} % of the mean (${change.source})`;
