/** Where the hand was in each cycle of an assessment of reaching, from the rows of its session. */
import { armLengths, armPoints, noArmPoints, type ArmLengths } from '../../../protocols/arm-kinematics.ts';
import { armKinds, armsOf } from '../../../protocols/arm-profile.ts';
import { armJointsOf, isDriven, type ArmProfile } from '../../../protocols/profile.ts';
import { fieldOffset, layoutOf } from '../../../protocols/session-log.ts';
import { supervisorStates, type SessionSetup, type SpringPart } from '../../../protocols/supervision.ts';
import { US_PER_S } from '../../../protocols/units.ts';
import type { AssessmentPlan } from '../../therapy/assessments/steps.ts';

/** From the shoulder, m; NaN where it is not known. */
export interface HandSample {
  readonly sec: number;
  /** Place in the plan. */
  readonly step: number;
  readonly handM: readonly [number, number, number];
}

type SpringLevels = Readonly<Record<SpringPart, number>>;

/** From the angles of an arm's joints, in their order, to its hand. */
export function handOf({ geometry }: ArmProfile, heightM: number, side: 'left' | 'right'): (anglesRad: ArrayLike<number>) => [number, number, number] {
  const lengths: ArmLengths = armLengths(geometry, heightM);
  const points = noArmPoints();
  return (anglesRad) => {
    const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = armPoints(lengths, side, anglesRad, points).tipM;
    return [x, y, z];
  };
}

/** Places of an arm's joints among all of the profile. */
export function placesOf(profile: ArmProfile, { side }: AssessmentPlan): readonly number[] {
  return armsOf(armJointsOf(profile)).find((arm) => arm.side === side)?.places ?? [];
}

export class HandRecord {
  /** Every step of the plan is done. */
  complete = false;
  /** Of the springs that carry the arm, in the trials; null: it has none, or no trial began. */
  springs: SpringLevels | null = null;
  springsChanged = false;
  readonly #samples: HandSample[] = [];
  readonly #hasSprings: boolean;
  readonly #goesOn: number;
  readonly #columns: readonly { readonly angle: number; readonly trusted: number | null }[];
  readonly #at: { readonly nowUs: number; readonly state: number; readonly step: number; readonly upperArm: number; readonly forearm: number };
  readonly #hand: (anglesRad: ArrayLike<number>) => [number, number, number];
  readonly #anglesRad = new Float64Array(armKinds.length);
  #step = -1;

  constructor(
    profile: ArmProfile,
    { heightM }: SessionSetup,
    readonly plan: AssessmentPlan,
  ) {
    const layout = layoutOf(profile);
    const driven = profile.joints.length;
    // A robot that only measures is never more than ready.
    this.#goesOn = supervisorStates.indexOf(isDriven(profile) ? 'running' : 'ready');
    this.#columns = placesOf(profile, plan).map((place) =>
      place < driven
        ? { angle: fieldOffset(layout, 'encoderPositionRad', place), trusted: null }
        : { angle: fieldOffset(layout, 'sensedPositionRad', place - driven), trusted: fieldOffset(layout, 'sensedTrusted', place - driven) },
    );
    this.#at = { nowUs: fieldOffset(layout, 'nowUs'), state: fieldOffset(layout, 'state'), step: fieldOffset(layout, 'assessmentStep'), upperArm: fieldOffset(layout, 'springUpperArm'), forearm: fieldOffset(layout, 'springForearm') };
    this.#hasSprings = profile.springs !== undefined;
    this.#hand = handOf(profile, heightM, plan.side ?? 'right');
  }

  row(rows: Float64Array, start: number): void {
    const take = (offset: number): number => rows[start + offset] ?? Number.NaN;
    const step = take(this.#at.step);
    if (take(this.#at.state) !== this.#goesOn || step < 0) return;
    // Begun anew: what was broken off before does not count.
    if (step < this.#step) {
      this.#samples.length = 0;
      this.springs = null;
      this.springsChanged = false;
    }
    this.#step = step;
    this.complete = step >= this.plan.steps.length;
    if (this.complete) return;
    if (this.#hasSprings && (this.plan.steps[step]?.trial ?? -1) >= 0) this.#lookAtSprings({ upperArm: take(this.#at.upperArm), forearm: take(this.#at.forearm) });
    this.#columns.forEach(({ angle, trusted }, i) => (this.#anglesRad[i] = trusted !== null && take(trusted) !== 1 ? Number.NaN : take(angle)));
    this.#samples.push({ sec: take(this.#at.nowUs) / US_PER_S, step, handM: this.#hand(this.#anglesRad) });
  }

  #lookAtSprings(now: SpringLevels): void {
    this.springs ??= now;
    this.springsChanged ||= now.upperArm !== this.springs.upperArm || now.forearm !== this.springs.forearm;
  }

  /** Of the steps that were done to their end. */
  get samples(): readonly HandSample[] {
    return this.#samples.filter(({ step }) => step < this.#step);
  }
}
