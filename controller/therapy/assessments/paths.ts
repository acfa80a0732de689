/** A way at a constant speed, with smooth ramps at both ends. */
import { minimumJerk } from '../../../protocols/math.ts';
import type { ReferencePoint } from '../gait-reference.ts';

/** Steepest acceleration of a ramp over its mean. */
const STEEPEST = 1.875;

export class SweepPath {
  #fromRad = 0;
  #radPerSec = 0;
  #rampSec = 1;
  #sec = 0;

  /** @param mostRadPerSec2 in the ramps; a way that is too short for the speed is gone at less */
  begin(fromRad: number, toRad: number, radPerSec: number, mostRadPerSec2: number): void {
    const wayRad = toRad - fromRad;
    const size = Math.abs(wayRad);
    const speed = Math.min(radPerSec, Math.sqrt((size * mostRadPerSec2) / STEEPEST));
    this.#fromRad = fromRad;
    this.#radPerSec = Math.sign(wayRad) * speed;
    this.#rampSec = speed === 0 ? 0 : (STEEPEST * speed) / mostRadPerSec2;
    this.#sec = speed === 0 ? 0 : size / speed + this.#rampSec;
  }

  /** Of the whole way. */
  get sec(): number {
    return this.#sec;
  }

  /** Fills `out` with where the joint should be so long after the beginning. */
  at(elapsedSec: number, out: ReferencePoint): void {
    const [speed, ramp, total] = [this.#radPerSec, this.#rampSec, this.#sec];
    const t = Math.min(Math.max(elapsedSec, 0), total);
    const wholeRad = speed * (total - ramp);
    const sinceEnd = total - t;
    if (ramp === 0) {
      out.positionRad = this.#fromRad;
      out.velocityRadPerSec = out.accelerationRadPerSec2 = 0;
    } else if (t < ramp) {
      out.positionRad = this.#fromRad + speed * ramp * travelled(t / ramp);
      out.velocityRadPerSec = speed * minimumJerk(t / ramp);
      out.accelerationRadPerSec2 = (speed * slope(t / ramp)) / ramp;
    } else if (sinceEnd < ramp) {
      out.positionRad = this.#fromRad + wholeRad - speed * ramp * travelled(sinceEnd / ramp);
      out.velocityRadPerSec = speed * minimumJerk(sinceEnd / ramp);
      out.accelerationRadPerSec2 = (-speed * slope(sinceEnd / ramp)) / ramp;
    } else {
      out.positionRad = this.#fromRad + speed * (t - ramp / 2);
      out.velocityRadPerSec = speed;
      out.accelerationRadPerSec2 = 0;
    }
  }
}

/** Integral and slope of the minimum-jerk blend. */
const travelled = (u: number): number => u * u * u * u * (2.5 + u * (-3 + u));
const slope = (u: number): number => 30 * u * u * (1 - u) * (1 - u);
