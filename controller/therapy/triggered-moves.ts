/**
 * One movement of an arm at a time, each begun by the person. Between two it stands in a posture, where each minimum-jerk movement
 * begins and ends at rest.
 */
import type { Trigger } from '../../protocols/trigger.ts';
import type { ArmProgram } from './arm-program.ts';
import { MovementWish, type Wishes } from './movement-wish.ts';

export class TriggeredMoves {
  /** It stands, and the person may begin. */
  waits = false;
  readonly #wish: MovementWish;
  #endsAt = Number.NaN;

  constructor(
    private readonly program: ArmProgram,
    trigger?: Trigger,
  ) {
    this.#wish = new MovementWish(program, trigger);
  }

  /** Another mode: nothing waits. */
  end(): void {
    this.waits = false;
    this.#endsAt = Number.NaN;
  }

  /** Once per cycle. @param next where the phase would be @returns where it is: no farther than the movement goes */
  limit(phase: number, next: number, wishes: Wishes, elapsedSec: number): number {
    const wants = this.#wish.update(this.waits, phase, wishes, elapsedSec);
    if (this.waits && !wants) return phase;
    if (this.waits || Number.isNaN(this.#endsAt)) this.#endsAt = this.program.endOfMove(phase);
    this.waits = next >= this.#endsAt;
    if (!this.waits) return next;
    this.#wish.rest();
    return this.#endsAt;
  }
}
