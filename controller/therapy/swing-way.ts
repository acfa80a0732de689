/** The way of the leg that swings next, from where it stands at the other one's heel strike to the middle of its swing. */
import type { Side } from '../../protocols/supervision.ts';
import type { GaitPlace, ReferencePoint } from './gait-reference.ts';
import type { Way } from './movement-wish.ts';

/** Of its own stride: the middle of the swing, after the toe has left at 60 %. Own value. */
const MIDDLE = 0.78;

interface SteppingJoint {
  readonly index: number;
  /** Fills `out` with where its pattern is at a place of its leg's stride. */
  at(place: Readonly<GaitPlace>, out: ReferencePoint): void;
}

interface SteppingLeg {
  readonly side: Side;
  readonly joints: readonly SteppingJoint[];
}

export class SwingWay implements Way {
  readonly #point: ReferencePoint = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
  readonly #place: GaitPlace = { phase: 0, cyclesPerSec: 0, cyclesPerSec2: 0 };

  constructor(private readonly legs: readonly SteppingLeg[]) {}

  /** @param phase of the left leg's stride, at a heel strike @param torqueNm per joint of the profile @returns what acts along the way, Nm */
  along(phase: number, torqueNm: ArrayLike<number>): number {
    // The right leg swings in the first half of the left one's stride.
    const swinging = phase < 0.5 ? 'right' : 'left';
    let sum = 0;
    let square = 0;
    for (const { side, joints } of this.legs) {
      if (side !== swinging) continue;
      for (const joint of joints) {
        const way = this.#at(joint, MIDDLE) - this.#at(joint, side === 'left' ? phase : phase + 0.5);
        sum += way * (torqueNm[joint.index] ?? Number.NaN);
        square += way * way;
      }
    }
    return sum / Math.sqrt(square);
  }

  #at(joint: SteppingJoint, phase: number): number {
    this.#place.phase = phase;
    joint.at(this.#place, this.#point);
    return this.#point.positionRad;
  }
}
