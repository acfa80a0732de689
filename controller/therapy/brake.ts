/** Brings a moving joint to rest along a smooth path: its speed fades as a minimum-jerk blend, half of v·T is travelled. */
import { minimumJerk } from '../../protocols/math.ts';
import type { ReferencePoint } from './gait-reference.ts';

export class BrakePath {
  #startRad = 0;
  #speedRadPerSec = 0;

  begin(positionRad: number, velocityRadPerSec: number): void {
    this.#startRad = positionRad;
    this.#speedRadPerSec = velocityRadPerSec;
  }

  /** The path goes on from elsewhere: a person moved the joint. */
  drag(byRad: number): void {
    this.#startRad += byRad;
  }

  /** Fills `out` with where the joint should be `elapsedSec` after `begin`. */
  at(elapsedSec: number, durationSec: number, out: ReferencePoint): void {
    const u = Math.min(1, elapsedSec / durationSec);
    const travelled = u - u * u * u * u * (2.5 + u * (-3 + u));
    out.positionRad = this.#startRad + this.#speedRadPerSec * durationSec * travelled;
    out.velocityRadPerSec = this.#speedRadPerSec * (1 - minimumJerk(u));
    out.accelerationRadPerSec2 = (-this.#speedRadPerSec * 30 * u * u * (1 - u) * (1 - u)) / durationSec;
  }
}
