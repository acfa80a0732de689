/** What differs between the classes of robots, chosen in one place. */
import type { DeviceModel, JointMotion } from '../estimation/device-model.ts';
import { ArmDevice } from '../estimation/arm-dynamics.ts';
import { LegDevice } from '../estimation/leg-device.ts';
import { PlateDevice } from '../estimation/plate-dynamics.ts';
import { outwardMostNm } from '../safety/edge.ts';
import type { JointLimits } from '../safety/limits.ts';
import { ArmTherapy } from '../therapy/arm-therapy.ts';
import { AssessmentMotion } from '../therapy/assessments/assessment-motion.ts';
import { planAssessment } from '../therapy/assessments/plan.ts';
import { Procedure, type HoldsNm } from '../therapy/assessments/procedure.ts';
import { WalkCourse } from '../therapy/assessments/walk-course.ts';
import { FreeMovement } from '../therapy/free-movement.ts';
import { GuidedGait } from '../therapy/guided-gait.ts';
import { PlateWalk } from '../therapy/plate-walk.ts';
import type { Therapy } from '../therapy/therapy.ts';
import { isWalked } from '../../protocols/assessment.ts';
import { isArm, isDriven, isFootplate, isGait, type RangeRad, type RobotProfile } from '../../protocols/profile.ts';
import type { SessionSetup } from '../../protocols/supervision.ts';
import { assertGaitFits, assertProgramFits, assertStepsFit } from './robot-step-fit.ts';

const unknown = ({ id }: RobotProfile): RangeError => new RangeError(`profile ${id} is of no class that is known here`);

/** What therapy sees beside the joints that it drives; kept up to date. */
export interface Surroundings {
  /** What carries the weight that stands on it; null: nothing stands on anything. */
  readonly groundNm: ArrayLike<number> | null;
  /** The joints that the profile only measures, in its order. */
  readonly seen: readonly JointMotion[];
}

/** @param limits of each joint */
export function createTherapy(profile: RobotProfile, setup: SessionSetup | null, limits: readonly JointLimits[], around: Surroundings): Therapy {
  const permitted = limits.map((limit) => limit.permitted);
  const plan = planAssessment(profile, setup);
  if (plan === null || setup === null) return createTraining(profile, setup, permitted, around);
  if (!isDriven(profile)) return new FreeMovement(new Procedure(profile, plan));
  if (isGait(profile) && isWalked(plan.kind)) return new GuidedGait(profile, setup, permitted, around.groundNm, new WalkCourse(plan));
  return new AssessmentMotion(profile, setup, plan, permitted, createTraining(profile, setup, permitted, around), holdsOf(limits), around.seen);
}

/** A push upward is held by torque downward, toward the lower end, and the other way round. */
const holdsOf =
  (limits: readonly JointLimits[]): HoldsNm =>
  (joint, direction, positionRad) => {
    const limit = limits[joint];
    if (limit === undefined) return 0;
    const { edge, permitted, torqueNm } = limit;
    return Math.min(torqueNm, outwardMostNm(edge, direction > 0 ? positionRad - permitted.min : permitted.max - positionRad, 0));
  };

function createTraining(profile: RobotProfile, setup: SessionSetup | null, permitted: readonly RangeRad[], { groundNm, seen }: Surroundings): Therapy {
  if (isGait(profile)) return new GuidedGait(profile, setup, permitted, groundNm);
  if (isArm(profile) && !isDriven(profile)) return new FreeMovement();
  if (isArm(profile)) return new ArmTherapy(profile, setup, permitted, seen);
  if (isFootplate(profile)) return new PlateWalk(profile, setup, permitted, groundNm);
  throw unknown(profile);
}

/** @param seen the joints that the profile only measures, in its order and kept up to date */
export function createDevice(profile: RobotProfile, seen: readonly JointMotion[]): DeviceModel {
  if (isGait(profile)) return new LegDevice(profile);
  if (isArm(profile)) return new ArmDevice(profile, seen);
  if (isFootplate(profile)) return new PlateDevice(profile);
  throw unknown(profile);
}

/** @throws DariError `profileInvalid`: the profile's limits would clip its own therapy */
export function assertTherapyFits(profile: RobotProfile, limits: readonly JointLimits[]): void {
  if (!isDriven(profile)) return;
  if (isGait(profile)) assertGaitFits(profile, limits);
  else if (isArm(profile)) assertProgramFits(profile, limits);
  else if (isFootplate(profile)) assertStepsFit(profile, limits);
  else throw unknown(profile);
}
