/** What came of a case, and who collects it. */
export interface CaseResult {
  /** What was measured, e.g. `detectMs`; of all cases the quantiles are told. */
  readonly figures: Readonly<Record<string, number>>;
  /** What should not have happened, in plain words; empty: passed. */
  readonly breaches: readonly string[];
  /** This machine stood still for so long that the robot stopped for that: the case says nothing, and is told of as such. */
  readonly machineStallMs?: number;
}

/** Collects what should not have happened. */
export class Judge {
  readonly breaches: string[] = [];

  expect(holds: boolean, breach: string): void {
    if (!holds) this.breaches.push(breach);
  }
}
