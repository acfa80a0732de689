/** Which steps an assessment has, by what is assessed. */
import { assessmentsOf, type AssessmentOrder, type JointAssessmentKind } from '../../../protocols/assessment.ts';
import { clamp } from '../../../protocols/math.ts';
import { isArm, type JointProfile, type RangeRad, type RobotProfile } from '../../../protocols/profile.ts';
import type { SessionSetup } from '../../../protocols/supervision.ts';
import type { TrainingMode } from '../../../protocols/training-mode.ts';
import { degToRad } from '../../../protocols/units.ts';
import { planReach } from './plan-reach.ts';
import { MARGIN_RAD, moveTo, planWalking, planWalkTest, RELAX_SEC, step, trials, WALKING_MODE, type AssessmentPlan, type AssessmentStep } from './steps.ts';

/** Own values, unless a source is named. */
const REST_SEC = 2;
/** Build up over a second, hold for two to three: the usual make test (R. Bohannon, Phys Ther 68 (1988) 206-209). */
const PUSH_SEC = 4.5;
const SETTLE_SEC = 1;
/** As gait robots are used to test hips and knees (L. Lünenburger et al., ICORR 2005). */
export const STIFFNESS_SPEEDS_DEG_PER_SEC = [30, 60, 120] as const;
const SPEED_SHARE = 0.8; // of the joint's limit: who is moved by a spasm must not make it trip
/** The faster a light joint goes, the less torque the envelope lets it have that way: faster than this, friction and weight leave nothing for a stiff limb. */
const LIGHT_SPEED_SHARE = 0.5;
const LIGHT: readonly JointProfile['kind'][] = ['forearm', 'wrist'];
const SWEEP_RAD = degToRad(60);
const PRESS_RAD_PER_SEC = degToRad(10);
const PRESS_MARGIN_RAD = degToRad(1);
const FREE_SEC = 6;
/** Hip 30 and knee 45 degrees of flexion, as L-FORCE has it; an arm at the profile's own home. */
const POSTURE_DEG: Readonly<Partial<Record<JointProfile['kind'], number>>> = { hip: 30, knee: 45, ankle: 0 };

/** @returns null: the session is no assessment */
export function planAssessment(profile: RobotProfile, setup: SessionSetup | null): AssessmentPlan | null {
  const order = setup?.assessment;
  if (order === undefined || setup === null) return null;
  if (!assessmentsOf(profile).includes(order.kind)) return null;
  if (order.kind === 'walking') return planWalking();
  if (order.kind === 'walk10m' || order.kind === 'walk6min') return planWalkTest(order.kind);
  if (order.kind === 'reach') return isArm(profile) ? planReach(profile, setup, order.side) : null;
  const joint = profile.joints.findIndex(({ id }) => id === order.joint);
  const own = profile.joints[joint];
  const range = setup.permittedRangeRad[joint];
  if (own === undefined || range === undefined) return null;
  const postureRad = profile.joints.map((other, j) => (other.side === own.side ? within(degToRad(POSTURE_DEG[other.kind] ?? other.homePositionDeg), setup.permittedRangeRad[j]) : Number.NaN));
  const homeRad = postureRad[joint] ?? 0;
  return { kind: order.kind, joint, side: own.side, postureRad, steps: stepsOf[order.kind](own, range, homeRad) };
}

/** What the robot has to be set to for an assessment. */
export const settingsFor = ({ kind }: AssessmentOrder): { readonly mode?: TrainingMode; readonly guidance?: number } => (kind === 'walking' ? { mode: WALKING_MODE, guidance: 1 } : {});

const within = (angleRad: number, range: RangeRad | undefined): number => (range === undefined ? angleRad : clamp(angleRad, range.min + MARGIN_RAD, range.max - MARGIN_RAD));

const directions = [1, -1] as const;

const stepsOf: Readonly<Record<JointAssessmentKind, (joint: JointProfile, range: RangeRad, homeRad: number) => readonly AssessmentStep[]>> = {
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

/** Of this joint, which must stay below its own limit; three different ones. */
export function stiffnessSpeeds({ kind, speedLimitDegPerSec }: JointProfile): readonly number[] {
  const mostDegPerSec = (LIGHT.includes(kind) ? LIGHT_SPEED_SHARE : SPEED_SHARE) * speedLimitDegPerSec;
  const count = STIFFNESS_SPEEDS_DEG_PER_SEC.length;
  return STIFFNESS_SPEEDS_DEG_PER_SEC.map((speed, i) => degToRad(Math.min(speed, (mostDegPerSec * (i + 1)) / count)));
}

/** Around the posture, as far as the range allows. */
function sweepRange({ min, max }: RangeRad, homeRad: number): readonly [number, number] {
  const [lowest, highest] = [min + MARGIN_RAD, max - MARGIN_RAD];
  const lowRad = clamp(homeRad - SWEEP_RAD / 2, lowest, Math.max(lowest, highest - SWEEP_RAD));
  return [lowRad, Math.min(lowRad + SWEEP_RAD, highest)];
}
