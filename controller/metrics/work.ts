/** Mechanical work from sampled power: net, and its positive and negative parts. */
export interface Work {
  netJ: number;
  /** The robot drives the limb. */
  positiveJ: number;
  /** The robot takes energy out of the limb; at most 0. */
  negativeJ: number;
}

export const noWork = (): Work => ({ netJ: 0, positiveJ: 0, negativeJ: 0 });

/** Adds one sampling interval; power runs straight from one sample to the next, so a change of sign splits it. */
export function addWork(work: Work, powerBeforeW: number, powerAfterW: number, durationSec: number): void {
  const [before, after] = [powerBeforeW, powerAfterW];
  work.netJ += ((before + after) / 2) * durationSec;
  if (before >= 0 && after >= 0) work.positiveJ += ((before + after) / 2) * durationSec;
  else if (before <= 0 && after <= 0) work.negativeJ += ((before + after) / 2) * durationSec;
  else {
    const share = before / (before - after);
    const [first, second] = [(before / 2) * share * durationSec, (after / 2) * (1 - share) * durationSec];
    work.positiveJ += before > 0 ? first : second;
    work.negativeJ += before > 0 ? second : first;
  }
}
