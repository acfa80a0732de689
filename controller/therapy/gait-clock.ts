/**
 * Where in the stride the patient is, and the heel strikes that he made: the phase runs with the cadence of the walking speed, and
 * with the patient's own stride where the robot does not lead him.
 */
import type { Side } from '../../protocols/supervision.ts';
import { cadenceStepsPerMin, stepLengthM } from './gait-reference.ts';
import type { TriggeredSteps } from './triggered-steps.ts';

/** Of the usual cadence of a speed: short steps are not made up for by ever faster ones. Own value. */
const FASTEST = 1.15;

/** A person's own stride. */
export interface OwnStride {
  /** How far it counts, 0 … 1. */
  readonly share: number;
  /** Strides per second. */
  paceFrom(phase: number): number;
  /** Of a step that this foot ends now. */
  stepM(side: Side): number;
}

export class GaitClock {
  /** 0 … 1 from the left heel strike; the right one is at 0.5. */
  phase = 0;
  cyclesPerSec = 0;
  cyclesPerSec2 = 0;
  stepsLeft = 0;
  stepsRight = 0;
  distanceM = 0;
  /** Of the pattern on a belt; null: a step is as long as usual at its speed. */
  stepM: number | null = null;

  /**
   * @param counting heel strikes count as steps (not while the pattern is still or already small)
   * @param share of the speed's cadence, when the pattern slows down without changing its size
   * @param own null: the robot leads the stride
   */
  advance(speedMps: number, elapsedSec: number, counting: boolean, share = 1, own: OwnStride | null = null): void {
    const usual = paceOf(speedMps);
    const pace = this.stepM === null ? usual : Math.min(FASTEST * usual, speedMps / (2 * Math.max(0, this.stepM)));
    const led = share * pace;
    this.cyclesPerSec = own === null || own.share === 0 ? led : led + own.share * (own.paceFrom(this.phase) - led);
    this.cyclesPerSec2 = 0;
    this.#goTo(this.phase + this.cyclesPerSec * elapsedSec, counting, this.stepM === null ? stepLengthM(speedMps) : speedMps / (2 * pace), own);
  }

  /** Step by step, as the person begins them. */
  advanceSteps(speedMps: number, elapsedSec: number, counting: boolean, steps: TriggeredSteps): void {
    const next = steps.next(this.phase, paceOf(speedMps), elapsedSec);
    this.cyclesPerSec = steps.perSec;
    this.cyclesPerSec2 = steps.perSec2;
    this.#goTo(next, counting, stepLengthM(speedMps), null);
  }

  #goTo(after: number, counting: boolean, patternM: number, own: OwnStride | null): void {
    const before = this.phase;
    this.phase = after - Math.floor(after);
    if (!counting) return;
    if (after >= 1) {
      this.stepsLeft++;
      this.distanceM += lengthM('left', patternM, own);
    }
    if (before < 0.5 && after >= 0.5) {
      this.stepsRight++;
      this.distanceM += lengthM('right', patternM, own);
    }
  }

  /** The pattern stands: the phase waits where it is. */
  rest(): void {
    this.cyclesPerSec = this.cyclesPerSec2 = 0;
  }
}

/** Strides per second that are usual at a speed. */
export const paceOf = (speedMps: number): number => cadenceStepsPerMin(speedMps) / 120;

const lengthM = (side: Side, patternM: number, own: OwnStride | null): number => (own === null || own.share === 0 ? patternM : patternM + own.share * (own.stepM(side) - patternM));
