/**
 * Lateness as a real computer has it, by a seed: a link's bytes wait for some milliseconds now and then and come in one
 * burst, ticks come late, and rarely the simulator's own process stands still and catches up. Own figures, after what ptys
 * and USB adapters showed on a shared machine.
 */
import type { Random } from '../../protocols/random.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import type { HeldEnd } from './held-end.ts';

/** Per millisecond and link: held for a tenth of the time. */
const HOLD_RATE = 0.03;
const LONGEST_HOLD_MS = 6;
const LATE_SHARE = 0.2;
const LATEST_MS = 3;
/** Once in four seconds at 250 Hz. */
const STALL_SHARE = 0.001;
const STALL_MS = { least: 10, more: 11 };
/** Per millisecond: once in five seconds. */
const STAND_RATE = 0.0002;
const STAND_MS = { least: 10, more: 15 };

export class ArrivalJitter {
  #standsMs = 0;
  readonly #links: { readonly end: HeldEnd; leftMs: number }[];

  constructor(
    private readonly random: Random,
    ends: readonly HeldEnd[],
  ) {
    this.#links = ends.map((end) => ({ end, leftMs: 0 }));
  }

  /** The simulator's process gets no time; what it owes comes at once. */
  get robotStands(): boolean {
    return this.#standsMs > 0;
  }

  /** Once per millisecond. */
  step(): void {
    if (this.#standsMs > 0) this.#standsMs--;
    else if (this.random.next() < STAND_RATE) this.#standsMs = STAND_MS.least + this.random.int(STAND_MS.more);
    for (const link of this.#links) {
      if (link.leftMs > 0) {
        if (--link.leftMs === 0) link.end.release();
      } else if (this.random.next() < HOLD_RATE) {
        // What comes with the next step waits a millisecond less.
        link.leftMs = 2 + this.random.int(LONGEST_HOLD_MS);
        link.end.hold();
      }
    }
  }

  /** How late the next tick comes; more than a period is a stall. */
  nextLateUs(): number {
    const lot = this.random.next();
    if (lot < STALL_SHARE) return (STALL_MS.least + this.random.int(STALL_MS.more)) * US_PER_MS;
    return lot < LATE_SHARE ? this.random.int(LATEST_MS + 1) * US_PER_MS : 0;
  }
}
