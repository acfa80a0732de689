/**
 * A cycle that comes late, or a link that is held up, leaves the drives holding on to an old set-point; then they catch up,
 * and limb and orthosis swing in their cuffs. That is the robot's own doing, and no push. Own values, found with cycles that
 * were late by 10 to 20 ms, and with a simulator that stood still for 24 ms.
 */
import type { RobotInputs } from '../../protocols/joints.ts';
import { US_PER_MS } from '../../protocols/units.ts';

const LATE_US = 5 * US_PER_MS;
const UNHEARD_US = 10 * US_PER_MS;
const FADES_US = 200 * US_PER_MS;

/** What of the inputs tells of it. */
export interface Arrivals {
  readonly latenessUs: RobotInputs['latenessUs'];
  readonly joints: readonly Pick<RobotInputs['joints'][number], 'driveAgeUs'>[];
}

export class Jolt {
  /** Of a jolt just now, 0 … 1. */
  share = 0;
  /** Since each drive was heard, in the cycle before. */
  readonly #unheardUs: Float64Array;

  constructor(joints: number) {
    this.#unheardUs = new Float64Array(joints);
  }

  /** Once per cycle. A time that is no number tells of none. */
  update({ latenessUs, joints }: Arrivals, elapsedUs: number): void {
    this.share = latenessUs > LATE_US ? 1 : Math.max(0, this.share - elapsedUs / FADES_US);
    let i = 0;
    for (const { driveAgeUs } of joints) {
      const beforeUs = this.#unheardUs[i] ?? Number.NaN;
      if (beforeUs > UNHEARD_US && driveAgeUs < beforeUs) this.share = 1;
      this.#unheardUs[i++] = driveAgeUs;
    }
  }
}
