/**
 * Limits of a motion that a person leads by holding a button: slower and weaker than training, and a joint that stands
 * outside its range may be where it is, but never further out. As it comes inward its limit comes after it.
 */
import { degToRad } from '../../protocols/units.ts';
import type { JointLimits } from './limits.ts';

/** Where a joint is seen: by its motor and by the encoder behind the gear. */
export interface SeenJoint {
  readonly positionRad: number;
  readonly encoderRad: number;
}

/**
 * Room between a joint outside its range and its limit, rad. The wall there lets no outward torque through, and outward
 * is where a raised leg has to be held against its weight: about 70 Nm with 400 Nm/rad. Own value.
 */
const ROOM_RAD = degToRad(10);

interface Lane {
  readonly index: number;
  readonly own: JointLimits;
  /** As `own`, or guided. */
  readonly live: { speedRadPerSec: number; torqueNm: number };
  readonly range: { min: number; max: number };
}

export class GuidedLimits {
  /** The same records always; outside a guided motion they are the joint's own limits. */
  readonly limits: readonly JointLimits[];
  readonly #lanes: readonly Lane[];

  constructor(
    limits: readonly JointLimits[],
    private readonly speedRadPerSec: number,
    private readonly torqueNm: number,
  ) {
    const lanes = limits.map((own, index) => {
      const range = { min: own.permitted.min, max: own.permitted.max };
      // Not by spreading: the engine gives such copies layouts of different kinds, and boxes what it reads from all of them.
      return { index, own, range, live: Object.assign({}, own, { permitted: range }) };
    });
    this.#lanes = lanes;
    this.limits = lanes.map(({ live }) => live);
  }

  /** Each range is widened to where its joint is now; a place that is no number widens nothing. */
  begin(joints: readonly SeenJoint[]): void {
    for (const { index, own, live, range } of this.#lanes) {
      const joint = joints[index] ?? NOWHERE;
      live.speedRadPerSec = Math.min(this.speedRadPerSec, own.speedRadPerSec);
      live.torqueNm = Math.min(this.torqueNm, own.torqueNm);
      range.min = least(joint) < own.permitted.min ? Math.max(least(joint) - ROOM_RAD, own.mechanical.min) : own.permitted.min;
      range.max = most(joint) > own.permitted.max ? Math.min(most(joint) + ROOM_RAD, own.mechanical.max) : own.permitted.max;
    }
  }

  /** Once per cycle. */
  narrow(joints: readonly SeenJoint[]): void {
    for (const { index, own, range } of this.#lanes) {
      const joint = joints[index] ?? NOWHERE;
      const min = Math.min(least(joint) - ROOM_RAD, own.permitted.min);
      const max = Math.max(most(joint) + ROOM_RAD, own.permitted.max);
      if (min > range.min) range.min = min;
      if (max < range.max) range.max = max;
    }
  }

  /** Nothing is guided any more. */
  end(): void {
    for (const { own, live, range } of this.#lanes) {
      live.speedRadPerSec = own.speedRadPerSec;
      live.torqueNm = own.torqueNm;
      range.min = own.permitted.min;
      range.max = own.permitted.max;
    }
  }
}

/** Stands for a joint that has no record. */
const NOWHERE: SeenJoint = { positionRad: Number.NaN, encoderRad: Number.NaN };

const least = ({ positionRad, encoderRad }: SeenJoint): number => Math.min(positionRad, encoderRad);
const most = ({ positionRad, encoderRad }: SeenJoint): number => Math.max(positionRad, encoderRad);
