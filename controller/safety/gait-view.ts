/** What the watch over the interaction sees of the gait. */
import type { JointCommand } from '../../protocols/joints.ts';
import type { Intent } from '../../protocols/session-log.ts';
import { trainingModes } from '../../protocols/training-mode.ts';

/** Own values: a joint that should move this fast and does a quarter of it stands. */
const MOVING_RAD_PER_SEC = 0.5;
const STANDING_SHARE = 0.25;

/** What the legs do, and what they were told to. */
export interface GaitView {
  /** 0 … 1 from the left heel strike; the right one is at 0.5. */
  readonly phase: number;
  /** 0 = standing … 1 = the whole pattern. */
  readonly blend: number;
  readonly guidanceLeft: number;
  readonly guidanceRight: number;
  /** 1: the limb moves as it likes, and what the person does with it is his own … 0: it is helped or led. */
  readonly freeLeft: number;
  readonly freeRight: number;
  /** Place of the joint that alone is free; −1: all are. */
  readonly freeJoint: number;
  /** What the feet tread on becomes another one, and the pattern with it. */
  readonly changing: boolean;
  /** Of a jolt that a late cycle or a link that was held up gave the legs just now, 0 … 1. */
  readonly jolt: number;
  /** Per joint: what the ground under a leg may add to it without being seen; null: the feet swing free. */
  readonly groundNm: ArrayLike<number> | null;
  readonly planned: readonly JointCommand[];
  readonly measured: readonly { readonly velocityRadPerSec: number }[];
}

/** What changes the torques of a stride when the therapist changes it. */
export function patternOf({ mode, speedMps, romScale, offsetRad, timingShare }: Intent): number {
  return folded(folded(folded(3 * trainingModes.indexOf(mode) + speedMps, romScale), offsetRad), timingShare);
}

function folded(start: number, values: readonly number[]): number {
  let all = start;
  for (const value of values) all = 3 * all + value;
  return all;
}

/** The joint stands although its plan moves. */
export function collapsed({ planned, measured }: GaitView, joint: number): boolean {
  const plan = planned[joint];
  if (plan === undefined || !(Math.abs(plan.velocityRadPerSec) > MOVING_RAD_PER_SEC)) return false;
  const is = measured[joint];
  return is === undefined || is.velocityRadPerSec / plan.velocityRadPerSec < STANDING_SHARE;
}
