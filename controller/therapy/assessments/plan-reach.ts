/**
 * Reaching: the hand goes from the middle to eight targets and back, and afterwards as far as it goes in eight directions. Targets
 * are the corners of a box in the angles of shoulder and elbow, so that an arm of any length can reach them; forearm and wrist
 * stay as they are.
 */
import { armKinds, armsOf } from '../../../protocols/arm-profile.ts';
import { clamp } from '../../../protocols/math.ts';
import { armJointsOf, toRangeRad, type ArmProfile, type RangeRad } from '../../../protocols/profile.ts';
import type { SessionSetup, Side } from '../../../protocols/supervision.ts';
import { degToRad } from '../../../protocols/units.ts';
import { END_RAD } from '../end-of-range.ts';
import { FAMILIARISATION, RELAX_SEC, moveTo, step, trials, type AssessmentPlan, type AssessmentStep } from './steps.ts';

/** Own values. */
const TARGET_RAD = degToRad(12); // of each angle from the middle: some 15 cm of the hand
const REACH_SEC = 3.5;
const EXPLORE_SEC = 3; // and as long as its way takes at so many
const EXPLORE_RAD_PER_SEC = degToRad(50);
const MARGIN_RAD = END_RAD + degToRad(2); // off the ends, where the robot pushes back
/** What leads from corner to corner with one angle changed at a time. */
const CORNERS = [
  [1, 1, 1], [1, 1, -1], [1, -1, -1], [1, -1, 1],
  [-1, -1, 1], [-1, -1, -1], [-1, 1, -1], [-1, 1, 1],
] as const;
const LED = ['shoulderHorizontal', 'shoulderElevation', 'elbow'] as const;

/** @returns null: the robot has no arm on that side */
export function planReach(profile: ArmProfile, { permittedRangeRad }: SessionSetup, side: Side): AssessmentPlan | null {
  const joints = armJointsOf(profile);
  const arm = armsOf(joints).find((candidate) => candidate.side === side);
  if (arm === undefined) return null;
  const rangeOf = (place: number): RangeRad => permittedRangeRad[place] ?? toRangeRad(joints[place]?.softRangeDeg ?? { min: 0, max: 0 });
  const middleRad = armKinds.map((kind) => {
    const place = arm.places[arm.kinds.indexOf(kind)];
    if (place === undefined) return 0;
    const { min, max } = rangeOf(place);
    const away = Math.min(MARGIN_RAD + TARGET_RAD, (max - min) / 2);
    return clamp(degToRad(joints[place]?.homePositionDeg ?? 0), min + away, max - away);
  });
  const corner = (index: number, to: (middle: number, range: RangeRad, sign: number) => number): number[] =>
    middleRad.map((middle, k) => {
      const led = LED.findIndex((kind) => kind === armKinds[k]);
      return led < 0 ? middle : to(middle, rangeOf(arm.places[k] ?? 0), CORNERS[index]?.[led] ?? 0);
    });
  const targets = CORNERS.map((_, i) => corner(i, (middle, _range, sign) => middle + sign * TARGET_RAD));
  const ends = CORNERS.map((_, i) => corner(i, (_middle, { min, max }, sign) => (sign > 0 ? max - MARGIN_RAD : min + MARGIN_RAD)));
  const postureRad = profile.joints.map((joint, j) => (joint.side === side ? (middleRad[arm.places.indexOf(j)] ?? Number.NaN) : Number.NaN));
  return { kind: 'reach', joint: -1, side, postureRad, steps: stepsOf(middleRad, targets, ends) };
}

function stepsOf(middleRad: readonly number[], targets: readonly (readonly number[])[], ends: readonly (readonly number[])[]): readonly AssessmentStep[] {
  const back = step('return', { sec: REACH_SEC, handAtRad: middleRad });
  const reach = (handAtRad: readonly number[], trial: number): AssessmentStep[] => [step('reach', { trial, sec: REACH_SEC, handAtRad }), back];
  const explore = (i: number, trial: number): AssessmentStep => {
    const [from = middleRad, handAtRad = middleRad] = [ends.at(i - 1), ends.at(i)];
    return step('explore', { trial, sec: EXPLORE_SEC + furthestRad(from, handAtRad) / EXPLORE_RAD_PER_SEC, handAtRad });
  };
  return [
    moveTo(Number.NaN),
    back,
    ...targets.slice(0, FAMILIARISATION).flatMap((target) => reach(target, -1)),
    ...trials.flatMap((trial) => targets.flatMap((target) => reach(target, trial))),
    // Each round begins where it ends.
    explore(-1, -1),
    ...trials.flatMap((trial) => ends.map((_, i) => explore(i, trial))),
    back,
    step('relax', { sec: RELAX_SEC }),
  ];
}

const furthestRad = (from: readonly number[], to: readonly number[]): number => to.reduce((most, angle, k) => Math.max(most, Math.abs(angle - (from[k] ?? angle))), 0);
