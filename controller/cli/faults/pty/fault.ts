/** A fault of the hazard table, as it is done to a real robot process. */
import type { Random } from '../../../../protocols/random.ts';
import type { FaultRoom } from './room.ts';

export interface CaseResult {
  /** What was measured, e.g. `detectMs`; of all cases the quantiles are told. */
  readonly figures: Readonly<Record<string, number>>;
  /** What should not have happened, in plain words; empty: passed. */
  readonly breaches: readonly string[];
}

export interface Fault {
  /** As in the hazard table. */
  readonly id: string;
  readonly what: string;
  /** One case. It begins with a robot that is connected and disarmed, and leaves it so; the campaign checks that. */
  run(room: FaultRoom, random: Random): Promise<CaseResult>;
}

/** Collects what should not have happened. */
export class Judge {
  readonly breaches: string[] = [];

  expect(holds: boolean, breach: string): void {
    if (!holds) this.breaches.push(breach);
  }
}
