/**
 * A cycle that comes late leaves the drives holding on to an old set-point; then they catch up, and limb and orthosis swing
 * in their cuffs. That is the robot's own doing, and no push. Own values, found with cycles that were late by 10 to 20 ms.
 */
import { US_PER_MS } from '../../protocols/units.ts';

const LATE_US = 5 * US_PER_MS;
const FADES_US = 200 * US_PER_MS;

export class Jolt {
  /** Of a jolt just now, 0 … 1. */
  share = 0;

  /** Once per cycle. A lateness that is no number is none. */
  update(latenessUs: number, elapsedUs: number): void {
    this.share = latenessUs > LATE_US ? 1 : Math.max(0, this.share - elapsedUs / FADES_US);
  }
}
