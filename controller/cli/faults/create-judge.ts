/** Whoever judges a robot: one that drives by its motion, one that only measures by what is believed of its readings. */
import { isDriven, type RobotProfile } from '../../../protocols/profile.ts';
import type { Course } from './course.ts';
import type { CourseRun } from './course-run.ts';
import type { Judge } from './judge.ts';
import { Oracle, type Demand, type Injection } from './oracle.ts';
import { SensedJudge } from './sensed-judge.ts';

/** @param walked the session has been going on, so that it is known what its cuffs usually carry */
export const createJudge = ({ rig, cuffs, angles }: Pick<CourseRun, 'rig' | 'cuffs' | 'angles'>, profile: RobotProfile, course: Course, injections: readonly Injection[], demand: Demand, walked = true): Judge =>
  isDriven(profile) ? new Oracle(rig, profile, course.setup, injections, demand, walked ? cuffs : null) : new SensedJudge(rig, profile, injections, angles);
