/**
 * Length of the steps on footplates, from the joint-side encoders of the plates: how far apart the feet are along the way when both
 * stand, a twentieth of a stride after each strike. It knows nothing of what was asked for, so speed = step length · cadence / 60
 * can be held against the way that the robot counts.
 */
import { travelM } from '../../protocols/footplate-kinematics.ts';
import { isFootplate, type RobotProfile } from '../../protocols/profile.ts';
import { fieldOffset, type CycleLayout } from '../../protocols/session-log.ts';
import { sides, supervisorStates, type Side } from '../../protocols/supervision.ts';
import { Mean } from './joint-statistics.ts';

const RUNNING = supervisorStates.indexOf('running');
const FULL_AMPLITUDE = 0.999;
/** Of the stride, from the left strike: both feet stand then. */
const SEEN_AT: Readonly<Record<Side, number>> = { left: 0.05, right: 0.55 };

export class PlateSteps {
  readonly #means: Readonly<Record<Side, Mean>> = { left: new Mean(), right: new Mean() };
  readonly #state: number;
  readonly #phase: number;
  readonly #blend: number;
  readonly #feet: readonly { readonly at: number; readonly leadMPerRad: number | undefined }[];
  /** NaN: the robot did not walk in full steps in the row before. */
  #before = Number.NaN;

  private constructor(profile: RobotProfile, layout: CycleLayout) {
    this.#state = fieldOffset(layout, 'state');
    this.#phase = fieldOffset(layout, 'phase');
    this.#blend = fieldOffset(layout, 'blend');
    this.#feet = sides.map((side) => {
      const place = profile.joints.findIndex((joint) => joint.side === side && joint.kind === 'foreAft');
      return { at: fieldOffset(layout, 'encoderPositionRad', place), leadMPerRad: profile.joints[place]?.leadMPerRad };
    });
  }

  /** @returns null for a robot without plates */
  static of(profile: RobotProfile, layout: CycleLayout): PlateSteps | null {
    return isFootplate(profile) ? new PlateSteps(profile, layout) : null;
  }

  /** @param start index of the row's first number in `rows` */
  row(rows: Float64Array, start: number): void {
    const walks = rows[start + this.#state] === RUNNING && (rows[start + this.#blend] ?? 0) >= FULL_AMPLITUDE;
    const phase = walks ? (rows[start + this.#phase] ?? Number.NaN) : Number.NaN;
    for (const side of sides) if (this.#before < SEEN_AT[side] && phase >= SEEN_AT[side]) this.#means[side].add(this.#apartM(rows, start, side));
    this.#before = phase;
  }

  /** m; null: not one whole step of that foot was seen. */
  get lengthM(): Record<Side, number | null> {
    return { left: this.#means.left.value, right: this.#means.right.value };
  }

  #apartM(rows: Float64Array, start: number, ahead: Side): number {
    const [left = Number.NaN, right = Number.NaN] = this.#feet.map(({ at, leadMPerRad }) => travelM({ leadMPerRad }, rows[start + at] ?? Number.NaN));
    return ahead === 'left' ? left - right : right - left;
  }
}
