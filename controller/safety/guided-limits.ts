/**
 * Limits of a motion that a person leads by holding a button: slower and weaker than training, and a joint that stands
 * outside its range may be where it is, but never further out. As it comes inward its limit comes after it.
 */
import type { RangeRad } from '../../protocols/profile.ts';
import type { JointLimits } from './limits.ts';

/** Where a joint is seen: by its motor and by the encoder behind the gear. */
export interface SeenJoint {
  readonly positionRad: number;
  readonly encoderRad: number;
}

interface Lane {
  readonly index: number;
  readonly permitted: RangeRad;
  readonly range: { min: number; max: number };
}

export class GuidedLimits {
  readonly limits: readonly JointLimits[];
  readonly #lanes: readonly Lane[];

  constructor(limits: readonly JointLimits[], speedRadPerSec: number, torqueNm: number) {
    const lanes = limits.map((limit, index) => ({ index, limit, permitted: limit.permitted, range: { min: limit.permitted.min, max: limit.permitted.max } }));
    this.#lanes = lanes;
    this.limits = lanes.map(({ limit, range }) => ({
      ...limit,
      permitted: range,
      speedRadPerSec: Math.min(speedRadPerSec, limit.speedRadPerSec),
      torqueNm: Math.min(torqueNm, limit.torqueNm),
    }));
  }

  /** Each range is widened to where its joint is now; a place that is no number widens nothing. */
  begin(joints: readonly SeenJoint[]): void {
    for (const { index, permitted, range } of this.#lanes) {
      const joint = joints[index] ?? NOWHERE;
      range.min = least(joint) < permitted.min ? least(joint) : permitted.min;
      range.max = most(joint) > permitted.max ? most(joint) : permitted.max;
    }
  }

  /** Once per cycle. */
  narrow(joints: readonly SeenJoint[]): void {
    for (const { index, permitted, range } of this.#lanes) {
      const joint = joints[index] ?? NOWHERE;
      if (least(joint) > range.min) range.min = Math.min(least(joint), permitted.min);
      if (most(joint) < range.max) range.max = Math.max(most(joint), permitted.max);
    }
  }
}

/** Stands for a joint that has no record. */
const NOWHERE: SeenJoint = { positionRad: Number.NaN, encoderRad: Number.NaN };

const least = ({ positionRad, encoderRad }: SeenJoint): number => Math.min(positionRad, encoderRad);
const most = ({ positionRad, encoderRad }: SeenJoint): number => Math.max(positionRad, encoderRad);
