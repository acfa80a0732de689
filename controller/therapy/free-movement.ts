/** Of a robot that drives nothing: the person moves, and nothing is wanted of anything. */
import type { DesiredCommand } from '../../protocols/joints.ts';
import type { PatternClock, Task, Therapy } from './therapy.ts';

export class FreeMovement implements Therapy {
  readonly desired: DesiredCommand = { joints: [] };
  readonly clock: PatternClock = { phase: 0, stepsLeft: 0, stepsRight: 0, distanceM: 0 };
  readonly referenceRad = new Float64Array(0);
  task: Task = 'off';
  readonly belt = null;
  holdsOn = false;
  readonly blend = 0;
  readonly expected = 0;
  readonly stepping = false;
  readonly canSlow = false;
  /** There is nothing to release. */
  readonly finished = true;
  readonly standing = false;
  readonly recovered = true;
  readonly braked = true;
  readonly supporting = false;

  guidanceOf(): number {
    return 0;
  }

  freeOf(): number {
    return 1;
  }

  update(task: Task): void {
    this.task = task;
  }
}
