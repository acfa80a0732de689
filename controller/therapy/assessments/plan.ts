/** What an assessment does, step by step, as data: the robot follows it, and whoever evaluates the record cuts it by the same steps. */
import type { AssessmentKind, PromptKind } from '../../../protocols/assessment.ts';
import { clamp } from '../../../protocols/math.ts';
import type { JointProfile, RangeRad, RobotProfile } from '../../../protocols/profile.ts';
import type { SessionSetup } from '../../../protocols/supervision.ts';
import { degToRad } from '../../../protocols/units.ts';

/**
 * `move`: all joints to a posture; `rest`: the posture is held and the person is relaxed; `push`: he pushes against the posture;
 * `relax`: he lets go; `sweep`: the joint is moved at a constant speed; `press`: slowly, until he resists; `free`: he moves it.
 */
export type StepKind = 'move' | 'rest' | 'push' | 'relax' | 'sweep' | 'press' | 'free';

export interface AssessmentStep {
  readonly kind: StepKind;
  /** Of the same measurement, from 0; −1: between trials. */
  readonly trial: number;
  /** 1 flexion, −1 extension, 0 neither. */
  readonly direction: 1 | -1 | 0;
  /** How long it lasts; a `press` lasts no longer. Infinity: until it is there. */
  readonly sec: number;
  /** Of the assessed joint, where it goes. */
  readonly targetRad: number;
  readonly radPerSec: number;
}

export interface AssessmentPlan {
  readonly kind: AssessmentKind;
  /** Place of the assessed joint in the profile. */
  readonly joint: number;
  /** Of all joints; NaN: it stays where it is. */
  readonly postureRad: readonly number[];
  readonly steps: readonly AssessmentStep[];
}

/** Own values, unless a source is named. */
export const TRIALS = 3;
const MOVE_RAD_PER_SEC = degToRad(20);
const REST_SEC = 2;
/** Build up over a second, hold for two to three: the usual make test (R. Bohannon, Phys Ther 68 (1988) 206-209). */
const PUSH_SEC = 4.5;
const RELAX_SEC = 2;
const SETTLE_SEC = 1;
/** As gait robots are used to test hips and knees (L. Lünenburger et al., ICORR 2005). */
export const STIFFNESS_SPEEDS_DEG_PER_SEC = [30, 60, 120] as const;
const SPEED_SHARE = 0.8; // of the joint's limit: who is moved by a spasm must not make it trip
const SWEEP_RAD = degToRad(60);
const MARGIN_RAD = degToRad(5);
const PRESS_RAD_PER_SEC = degToRad(10);
const PRESS_MARGIN_RAD = degToRad(1);
const FREE_SEC = 6;
/** Hip 30 and knee 45 degrees of flexion, as L-FORCE has it; an arm at the profile's own home. */
const POSTURE_DEG: Readonly<Partial<Record<JointProfile['kind'], number>>> = { hip: 30, knee: 45, ankle: 0 };

/** @returns null: the session is no assessment */
export function planAssessment(profile: RobotProfile, setup: SessionSetup | null): AssessmentPlan | null {
  const order = setup?.assessment;
  if (order === undefined || setup === null) return null;
  const joint = profile.joints.findIndex(({ id }) => id === order.joint);
  const own = profile.joints[joint];
  const range = setup.permittedRangeRad[joint];
  if (own === undefined || range === undefined) return null;
  const postureRad = profile.joints.map((other, j) => (other.side === own.side ? within(degToRad(POSTURE_DEG[other.kind] ?? other.homePositionDeg), setup.permittedRangeRad[j]) : Number.NaN));
  const homeRad = postureRad[joint] ?? 0;
  return { kind: order.kind, joint, postureRad, steps: stepsOf[order.kind](own, range, homeRad) };
}

const within = (angleRad: number, range: RangeRad | undefined): number => (range === undefined ? angleRad : clamp(angleRad, range.min + MARGIN_RAD, range.max - MARGIN_RAD));

const step = (kind: StepKind, own: Partial<AssessmentStep> = {}): AssessmentStep => ({ kind, trial: -1, direction: 0, sec: Infinity, targetRad: Number.NaN, radPerSec: 0, ...own });
const moveTo = (targetRad: number): AssessmentStep => step('move', { targetRad, radPerSec: MOVE_RAD_PER_SEC });
const directions = [1, -1] as const;
const trials = Array.from({ length: TRIALS }, (_, trial) => trial);

const stepsOf: Readonly<Record<AssessmentKind, (joint: JointProfile, range: RangeRad, homeRad: number) => readonly AssessmentStep[]>> = {
  strength: (_, __, homeRad) => [
    moveTo(homeRad),
    ...trials.flatMap((trial) => directions.flatMap((direction) => [step('rest', { sec: REST_SEC }), step('push', { trial, direction, sec: PUSH_SEC }), step('relax', { sec: RELAX_SEC })])),
  ],
  stiffness: (joint, range, homeRad) => {
    const [lowRad, highRad] = sweepRange(range, homeRad);
    const sweeps = stiffnessSpeeds(joint).flatMap((radPerSec) =>
      trials.flatMap((trial) => directions.flatMap((direction) => [step('rest', { sec: SETTLE_SEC }), step('sweep', { trial, direction, targetRad: direction > 0 ? highRad : lowRad, radPerSec })])),
    );
    return [moveTo(lowRad), ...sweeps, step('rest', { sec: SETTLE_SEC }), moveTo(homeRad)];
  },
  rom: (_, range, homeRad) => {
    const ends = (direction: 1 | -1): number => (direction > 0 ? range.max - PRESS_MARGIN_RAD : range.min + PRESS_MARGIN_RAD);
    const passive = trials.flatMap((trial) => directions.flatMap((direction) => [step('rest', { sec: REST_SEC }), step('press', { trial, direction, targetRad: ends(direction), radPerSec: PRESS_RAD_PER_SEC }), moveTo(homeRad)]));
    const active = trials.flatMap((trial) => directions.flatMap((direction) => [step('rest', { sec: REST_SEC }), step('free', { trial, direction, sec: FREE_SEC }), step('relax', { sec: RELAX_SEC }), moveTo(homeRad)]));
    return [moveTo(homeRad), ...passive, ...active];
  },
};

/** Of this joint, which must stay below its own limit. */
export const stiffnessSpeeds = ({ speedLimitDegPerSec }: JointProfile): readonly number[] => STIFFNESS_SPEEDS_DEG_PER_SEC.map((speed) => degToRad(Math.min(speed, SPEED_SHARE * speedLimitDegPerSec)));

/** Around the posture, as far as the range allows. */
function sweepRange({ min, max }: RangeRad, homeRad: number): readonly [number, number] {
  const [lowest, highest] = [min + MARGIN_RAD, max - MARGIN_RAD];
  const lowRad = clamp(homeRad - SWEEP_RAD / 2, lowest, Math.max(lowest, highest - SWEEP_RAD));
  return [lowRad, Math.min(lowRad + SWEEP_RAD, highest)];
}

const promptOf: Readonly<Record<StepKind, PromptKind>> = { move: 'relax', rest: 'relax', push: 'push', relax: 'relax', sweep: 'relax', press: 'relax', free: 'move' };

/** What the person is asked for in a step; −1 and the end of all: nothing. */
export function promptAt(plan: AssessmentPlan, stepIndex: number): PromptKind {
  const current = plan.steps[stepIndex];
  return current === undefined ? 'none' : promptOf[current.kind];
}
