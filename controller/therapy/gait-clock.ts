/** Where in the stride the patient is: the phase runs with the cadence of the walking speed, and counts heel strikes. */
import { cadenceStepsPerMin, stepLengthM } from './gait-reference.ts';

export class GaitClock {
  /** 0 … 1 from the left heel strike; the right one is at 0.5. */
  phase = 0;
  cyclesPerSec = 0;
  stepsLeft = 0;
  stepsRight = 0;
  distanceM = 0;

  /**
   * @param counting heel strikes count as steps (not while the pattern is still or already small)
   * @param share of the speed's cadence, when the pattern slows down without changing its size
   */
  advance(speedMps: number, elapsedSec: number, counting: boolean, share = 1): void {
    this.cyclesPerSec = (share * cadenceStepsPerMin(speedMps)) / 120;
    const before = this.phase;
    const after = before + this.cyclesPerSec * elapsedSec;
    this.phase = after - Math.floor(after);
    if (!counting) return;
    const lengthM = stepLengthM(speedMps);
    if (after >= 1) {
      this.stepsLeft++;
      this.distanceM += lengthM;
    }
    if (before < 0.5 && after >= 0.5) {
      this.stepsRight++;
      this.distanceM += lengthM;
    }
  }

  /** The pattern stands: the phase waits where it is. */
  rest(): void {
    this.cyclesPerSec = 0;
  }
}
