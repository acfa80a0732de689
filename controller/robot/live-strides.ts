/**
 * The figures of a session's strides while it is walked: computed where the ring is read, off the loop's thread, out of the
 * same rows that the recorder gets. Slow reading costs strides, never the loop.
 */
import type { RobotProfile } from '../../protocols/profile.ts';
import type { StrideFigures } from '../../protocols/stride-figures.ts';
import type { SessionSetup } from '../../protocols/supervision.ts';
import { StrideWatch } from '../metrics/stride-figures.ts';
import { CycleRingReader, type CycleRingMemory } from './cycle-ring.ts';

export class LiveStrides {
  #session: { readonly ring: CycleRingReader; readonly watch: StrideWatch } | null = null;

  constructor(
    private readonly profile: RobotProfile,
    private readonly memory: CycleRingMemory,
    private readonly onStride: (figures: StrideFigures) => void,
  ) {}

  /** From the next row on. @param setup null: no session any more */
  begin(setup: SessionSetup | null): void {
    this.#session = setup === null ? null : { ring: new CycleRingReader(this.memory), watch: new StrideWatch(this.profile, setup, this.onStride) };
  }

  /** Looks at the rows that came since the last time. */
  take(): void {
    const session = this.#session;
    session?.ring.drain((row) => session.watch.row(row, 0));
  }
}
