/** Of a robot that drives nothing: the person moves, and nothing is wanted of anything. */
import type { DesiredCommand } from '../../protocols/joints.ts';
import type { Intent } from '../../protocols/session-log.ts';
import { US_PER_S } from '../../protocols/units.ts';
import type { Procedure } from './assessments/procedure.ts';
import type { MeasuredJoint, PatternClock, Task, Therapy } from './therapy.ts';

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
  /** It was broken off. */
  #over = false;

  /** @param assessment what he is asked for, step by step; absent: he moves as he likes */
  constructor(readonly assessment?: Procedure) {}

  guidanceOf(): number {
    return 0;
  }

  freeOf(): number {
    return 1;
  }

  /** There is nothing to start: an assessment begins with its session, and what stops the robot ends it. */
  update(task: Task, _measured: readonly MeasuredJoint[], { sessionOpen }: Intent, elapsedUs: number): void {
    this.task = task;
    const { assessment } = this;
    if (assessment === undefined) return;
    if (task !== 'off' || !sessionOpen) this.#over ||= assessment.step >= 0;
    else if (!this.#over && assessment.step < 0) assessment.begin(nowhere);
    else if (!this.#over) assessment.update(NO_JOINTS, NO_TORQUES, elapsedUs / US_PER_S);
  }
}

const NO_JOINTS: readonly MeasuredJoint[] = [];
const NO_TORQUES = new Float64Array(0);
const nowhere = (): number => 0;
