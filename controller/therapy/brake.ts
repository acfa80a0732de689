/** Brings a moving joint to rest along a smooth path: its speed fades as a minimum-jerk blend, half of v·T is travelled. */
import { clamp, minimumJerk } from '../../protocols/math.ts';
import { degToRad } from '../../protocols/units.ts';
import type { ReferencePoint } from './gait-reference.ts';
import type { MeasuredJoint } from './therapy.ts';

/** Own values: slower is rest; the end comes to meet what creeps to it by so many times its own way. */
const CREEP_RAD_PER_SEC = degToRad(3);
const MEETING = 4;

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

  /**
   * The path is over, and a leg that resisted still creeps to its end. The spring lets it rest on the way: the end comes to meet it, never
   * beyond it, and never back.
   */
  settle(endRad: number, { positionRad, velocityRadPerSec }: MeasuredJoint, elapsedSec: number): void {
    const leftRad = endRad - positionRad;
    if (Math.abs(velocityRadPerSec) < CREEP_RAD_PER_SEC || !(leftRad * velocityRadPerSec > 0)) return;
    this.drag(clamp(-MEETING * velocityRadPerSec * elapsedSec, -Math.abs(leftRad), Math.abs(leftRad)));
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
