/** Means of trials and how sure they are. */
export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** With n − 1; NaN of fewer than two. */
export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
}

/** Student's t, two-sided 95 %, by degrees of freedom from 1 (e.g. ISO/IEC Guide 98-3, table G.2). */
const STUDENT_95 = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23] as const;

/** Half of the interval in which the mean of such trials lies with 95 %; null: a single trial says nothing of that. */
export function repeatability(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  return ((STUDENT_95[values.length - 2] ?? 2) * deviation(values)) / Math.sqrt(values.length);
}
