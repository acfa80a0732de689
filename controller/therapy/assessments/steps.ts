/** What an assessment does, step by step, as data: the robot follows it, and whoever evaluates the record cuts it by the same steps. */
import type { AssessmentKind, PromptKind, WalkTestKind } from '../../../protocols/assessment.ts';
import type { Side } from '../../../protocols/supervision.ts';
import type { TrainingMode } from '../../../protocols/training-mode.ts';
import { degToRad } from '../../../protocols/units.ts';

/**
 * `move`: all joints to a posture; `rest`: the posture is held and the person is relaxed; `push`: he pushes against the posture;
 * `relax`: he lets go; `sweep`: the joint is moved at a constant speed; `press`: slowly, until he resists; `free`: he moves it;
 * `reach`: he brings his hand to a target; `return`: back to the middle; `explore`: as far as it goes, in one direction after the
 * other; `walk`: he walks, helped as far as he needs it.
 */
export type StepKind = 'move' | 'rest' | 'push' | 'relax' | 'sweep' | 'press' | 'free' | 'reach' | 'return' | 'explore' | 'walk';

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
  /** Of a step in which the hand goes somewhere: angles of the arm's joints there, from the trunk outward. */
  readonly handAtRad?: readonly number[];
  /** Of walking: it lasts for so many, or so much of the belt's way; neither: for its time. */
  readonly strides?: number;
  readonly wayM?: number;
}

export interface AssessmentPlan {
  readonly kind: AssessmentKind;
  /** Place of the assessed joint in the profile; −1: not one alone. */
  readonly joint: number;
  /** Of the limb; null: both. */
  readonly side: Side | null;
  /** Of all joints; NaN: it stays where it is. */
  readonly postureRad: readonly number[];
  readonly steps: readonly AssessmentStep[];
}

/** Own values. */
export const TRIALS = 3;
const MOVE_RAD_PER_SEC = degToRad(20);
export const RELAX_SEC = 2;
export const MARGIN_RAD = degToRad(5);

export const step = (kind: StepKind, own: Partial<AssessmentStep> = {}): AssessmentStep => ({ kind, trial: -1, direction: 0, sec: Infinity, targetRad: Number.NaN, radPerSec: 0, ...own });
export const moveTo = (targetRad: number): AssessmentStep => step('move', { targetRad, radPerSec: MOVE_RAD_PER_SEC });
export const trials = Array.from({ length: TRIALS }, (_, trial) => trial);

/** Trials that are no measurement yet: learning was over after six (N. Brihmat et al., J NeuroEng Rehabil 17:130, 2020). */
export const FAMILIARISATION = 6;
/** The robot learns, too: its help comes e times nearer to what is needed with every four strides. Own values. */
const LEARNING_STRIDES = 2 * FAMILIARISATION;
const TRIAL_STRIDES = 6;

/** In which walking is assessed: a torque that is learned and forgotten, so that what is left is what the person lacks. */
export const WALKING_MODE = 'assistTorque' satisfies TrainingMode;

export const planWalking = (): AssessmentPlan => ({
  kind: 'walking',
  joint: -1,
  side: null,
  postureRad: [],
  steps: [step('walk', { strides: LEARNING_STRIDES }), ...trials.map((trial) => step('walk', { trial, strides: TRIAL_STRIDES }))],
});

/** The lengths that give these tests their names. */
export const WALK_M = 10;
export const WALK_SEC = 360;
const WALKED: Readonly<Record<WalkTestKind, readonly AssessmentStep[]>> = {
  walk10m: trials.map((trial) => step('walk', { trial, wayM: WALK_M })),
  // Once: six minutes tire a patient, and a second walk would measure that.
  walk6min: [step('walk', { trial: 0, sec: WALK_SEC })],
};

/** The belt is up to its speed, and the patient used to it, before the first metre counts. */
export const planWalkTest = (kind: WalkTestKind): AssessmentPlan => ({ kind, joint: -1, side: null, postureRad: [], steps: [step('walk', { strides: FAMILIARISATION }), ...WALKED[kind]] });

const promptOf: Readonly<Record<StepKind, PromptKind>> = { move: 'relax', rest: 'relax', push: 'push', relax: 'relax', sweep: 'relax', press: 'relax', free: 'move', reach: 'reach', return: 'reach', explore: 'reach', walk: 'walk' };

/** What the person is asked for in a step; −1 and the end of all: nothing. */
export function promptAt(plan: AssessmentPlan, stepIndex: number): PromptKind {
  const current = plan.steps[stepIndex];
  return current === undefined ? 'none' : promptOf[current.kind];
}
