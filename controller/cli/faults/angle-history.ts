/** Where the joints that are only measured truly were in the last moments, once per step of the physics. */
import { sensedJointsOf, type RobotProfile } from '../../../protocols/profile.ts';
import { radToDeg } from '../../../protocols/units.ts';
import type { LockstepRig } from '../lockstep-rig.ts';

/** Steps of a millisecond; own value: more than any reading may be late. */
const STEPS = 256;

export class AngleHistory {
  readonly #deg: Float64Array;
  readonly #first: number;
  readonly #joints: number;
  #count = 0;

  constructor(
    private readonly rig: Pick<LockstepRig, 'robot'>,
    profile: RobotProfile,
  ) {
    this.#first = profile.joints.length;
    this.#joints = sensedJointsOf(profile).length;
    this.#deg = new Float64Array(STEPS * this.#joints);
  }

  /** After every physics step. */
  note(): void {
    const at = (this.#count++ % STEPS) * this.#joints;
    const { body } = this.rig.robot.robot;
    for (let j = 0; j < this.#joints; j++) this.#deg[at + j] = radToDeg(body.positionRad(this.#first + j));
  }

  /** Where it is now. */
  nowDeg(joint: number): number {
    return this.#at(1, joint);
  }

  /** How far this angle is from where the joint was at any time within so many milliseconds. */
  offDeg(joint: number, deg: number, withinMs: number): number {
    let [least, most] = [Infinity, -Infinity];
    for (let back = 1; back <= Math.min(withinMs, this.#count, STEPS); back++) {
      const wasDeg = this.#at(back, joint);
      least = Math.min(least, wasDeg);
      most = Math.max(most, wasDeg);
    }
    return Math.max(0, least - deg, deg - most);
  }

  #at(back: number, joint: number): number {
    return this.#deg[((this.#count - back) % STEPS) * this.#joints + joint] ?? Number.NaN;
  }
}
