/** What moves a patient, as the robot step sees it: one task at a time in, what is wanted of joints, belt and support out. */
import type { AssessmentProgress } from '../../protocols/assessment.ts';
import type { DesiredCommand } from '../../protocols/joints.ts';
import type { Intent } from '../../protocols/session-log.ts';
import type { Side } from '../../protocols/supervision.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import type { BeltPace } from './belt-pace.ts';
import type { Yielding } from './soften.ts';

/** Own values, of all that moves a patient. */
export const POWER_UP_SEC = 1; // gravity compensation and firmness grow in, so that the limb is not jerked at arming
export const BRAKE_SHARE = 0.5; // of the profile's stop time; the rest is margin. Faster, a leg that swings at the trip is stopped through its cuffs by more than a person may be held with
export const BRAKE_LEAD_SEC = 0.012; // from a measurement to the drive that acts on it; a path without it would lie behind the joint from the first
export const HOLD_SEC = 1; // after a protective stop, before the limb is let go, as far as the stop's end has come
export const LOWER_SEC = 1.5;
/** A held button is renewed more often than that (safety design: hold-to-run ≤ 250 ms). */
export const HELD_US = 250 * US_PER_MS;

/**
 * What the supervisor asks for: `recover` (lead joints into their range while a button is held), `hold` the posture, `train`, `lower` (stand, then let go), `brake` (stop, hold, let go),
 * `slow` (go on along the pattern, slower and slower, in one phase with the belt that stops).
 */
export type Task = 'off' | 'recover' | 'hold' | 'train' | 'lower' | 'brake' | 'slow';

export interface MeasuredJoint {
  readonly positionRad: number;
  readonly velocityRadPerSec: number;
}

/** Where in its pattern the training is. */
export interface PatternClock {
  /** 0 … 1 from where the left side begins anew; the right one does at 0.5. */
  readonly phase: number;
  /** Steps or repetitions. */
  readonly stepsLeft: number;
  readonly stepsRight: number;
  readonly distanceM: number;
}

export interface Therapy {
  readonly desired: DesiredCommand;
  readonly clock: PatternClock;
  /** The pattern as it would be at full blend, per joint in the profile's order, rad. */
  readonly referenceRad: Float64Array;
  readonly task: Task;
  /** null: the patient walks on no belt of this robot. */
  readonly belt: BeltPace | null;
  /** A stop's end has not come: after it has braked, the posture is held on. */
  holdsOn: boolean;
  /** Absent: this therapy trains. */
  readonly assessment?: AssessmentProgress | undefined;
  /** 0 = at rest … 1 = the whole pattern. */
  readonly blend: number;
  /** Of the pattern's torques, how much is to be expected, 0 … 1. */
  readonly expected: number;
  /** What the feet tread on becomes another one, and the pattern with it. Absent: it never does. */
  readonly changing?: boolean;
  /** Belt and feet should go together. */
  readonly stepping: boolean;
  /** The pattern can (still) slow down in one phase with the belt. */
  readonly canSlow: boolean;
  /** A stop or a lowering has come to its end: the drives may be released. */
  readonly finished: boolean;
  /** Braking or holding after a protective stop: the joints should come to rest and stay. */
  readonly standing: boolean;
  /** Every joint stands inside its range. */
  readonly recovered: boolean;
  /** The way on which it comes to rest is over: the joints should stand. */
  readonly braked: boolean;
  /** The drives are enabled and give all their support. */
  readonly supporting: boolean;
  /** What the therapist's guidance of a side is now; softness is not counted. */
  guidanceOf(side: Side): number;
  /** How far the limb of a side moves as it likes, 0 … 1: neither led nor helped. */
  freeOf(side: Side): number;
  /** Fills `desired`. @param supported the drives are seen to be enabled, so what is commanded is felt */
  update(task: Task, measured: readonly MeasuredJoint[], intent: Intent, elapsedUs: number, supported: boolean, yielding: Yielding): void;
}
