/** What a session may be on a robot, and what a choice begins with. Pure. */
import { assessableJoints, assessmentsOf, isJointKind, type AssessmentKind, type AssessmentOrder } from '../../protocols/assessment.ts';
import { armJointsOf, isArm, isGait, type RobotProfile } from '../../protocols/profile.ts';
import type { SessionPlan } from '../../protocols/session-plan.ts';
import type { Side } from '../../protocols/supervision.ts';
import { modesOf } from '../../protocols/training-mode.ts';
import { DEFAULT_TRIGGER, TRIGGER_SHARE, TRIGGER_TORQUE_NM, type Trigger } from '../../protocols/trigger.ts';

export const planKinds = ['training', 'triggered', 'replay', 'assessment'] as const;
export type PlanKind = (typeof planKinds)[number];

/** Feet that stand on a belt cannot replay. */
const canReplay = (profile: RobotProfile): boolean => modesOf(profile).includes('replay') && !(isGait(profile) && profile.geometry.ground !== undefined);

export function plansOf(profile: RobotProfile): PlanKind[] {
  const can: Record<PlanKind, boolean> = {
    training: true,
    triggered: modesOf(profile).includes('triggered'),
    replay: canReplay(profile),
    assessment: assessmentsOf(profile).length > 0,
  };
  return planKinds.filter((kind) => can[kind]);
}

/** @returns null: a training, or something has to be chosen first */
export function firstPlan(kind: PlanKind, profile: RobotProfile): SessionPlan | null {
  if (kind === 'triggered') return { kind, trigger: DEFAULT_TRIGGER };
  const [first] = assessmentsOf(profile);
  const order = kind === 'assessment' && first !== undefined ? orderOf(first, profile, null) : null;
  return order === null ? null : { kind: 'assessment', order };
}

export const armSides = (profile: RobotProfile): readonly Side[] => (isArm(profile) ? [...new Set(armJointsOf(profile).map(({ side }) => side))] : []);

/** What an assessment is asked for with at first. @param before what was chosen until now: its joint or arm is kept @returns null: the robot has nothing to assess so */
export function orderOf(kind: AssessmentKind, profile: RobotProfile, before: AssessmentOrder | null): AssessmentOrder | null {
  if (isJointKind(kind)) {
    const joint = before !== null && 'joint' in before ? before.joint : assessableJoints(profile)[0]?.id;
    return joint === undefined ? null : { kind, joint };
  }
  if (kind !== 'reach') return { kind };
  const [side] = armSides(profile);
  return side === undefined ? null : { kind, side: before !== null && 'side' in before ? before.side : side };
}

export const emgChannels = ({ hub }: RobotProfile): number => hub.inputs?.emg?.channels ?? 0;

/** Nothing is measured yet. The threshold is an own value. */
const FIRST_EMG: Extract<Trigger, { source: 'emg' }> = { source: 'emg', channel: 0, restUv: 0, mvcUv: 0, thresholdShare: 0.2 };

export const firstTrigger = (source: Trigger['source']): Trigger => (source === 'torque' ? DEFAULT_TRIGGER : FIRST_EMG);

const TORQUE_STEP_NM = 0.5;
const SHARE_STEP = 0.05;

const within = (value: number, { min, max }: { readonly min: number; readonly max: number }): number => Math.min(max, Math.max(min, value));

/** One press of − or + of its threshold. */
export function stepThreshold(trigger: Trigger, steps: 1 | -1): Trigger {
  if (trigger.source === 'torque') return { ...trigger, thresholdNm: within(trigger.thresholdNm + steps * TORQUE_STEP_NM, TRIGGER_TORQUE_NM) };
  return { ...trigger, thresholdShare: within(Math.round((trigger.thresholdShare + steps * SHARE_STEP) / SHARE_STEP) * SHARE_STEP, TRIGGER_SHARE) };
}
