/** What an operator enters, held against the profile before it comes near the loop. */
import type { AssessmentOrder } from '../../protocols/assessment.ts';
import { DariError } from '../../protocols/errors.ts';
import { armJointsOf, isArm, isDriven, isFootplate, isGait, type RobotProfile } from '../../protocols/profile.ts';
import type { GaitParameters, SessionSetup } from '../../protocols/supervision.ts';
import { sides, springParts } from '../../protocols/supervision.ts';
import { therapyLimits, type ParameterLimit } from '../../protocols/therapy-limits.ts';
import { modesOf, type TrainingMode } from '../../protocols/training-mode.ts';
import { triggerMistake } from '../../protocols/trigger.ts';
import { mpsToKmh, radToDeg } from '../../protocols/units.ts';
import { WALKING_MODE } from '../therapy/assessments/steps.ts';
import { createLimits } from '../safety/limits.ts';
import { assertTrajectoryFits } from './trajectory-fit.ts';

/** One number of the parameters: its name in the log, its limit and how people read it. */
export interface ParameterValue {
  /** `speedMps`, `guidance.left`, `romScale.kneeLeft`, … */
  readonly subject: string;
  readonly value: number;
  readonly limit: ParameterLimit;
  readonly show: (value: number) => string;
}

/** Rounding of a screen's units must not refuse a value that stands exactly on a limit. */
const TOLERANCE = 1e-9;

const asKmh = (mps: number): string => `${mpsToKmh(mps).toFixed(2)} km/h`;
const asPercent = (share: number): string => `${(share * 100).toFixed(0)} %`;
const asKg = (kg: number): string => `${kg.toFixed(1)} kg`;
const asLevel = (level: number): string => `level ${level}`;
const asDegrees = (rad: number): string => `${radToDeg(rad).toFixed(1)}°`;

/** All numbers in a fixed order. @throws DariError `setupInvalid` when they do not fit the robot's joints, or its lack of a support */
export function listParameters(profile: RobotProfile, parameters: GaitParameters): ParameterValue[] {
  const limits = therapyLimits(profile);
  const perJoint = (name: 'romScale' | 'offsetRad' | 'timingShare', show: (value: number) => string): ParameterValue[] => {
    const values = parameters[name] ?? profile.joints.map(() => 0);
    if (values.length !== profile.joints.length)
      throw new DariError('setupInvalid', `${name} has ${values.length} values, but the robot has ${profile.joints.length} joints. Send one per joint.`);
    return profile.joints.map((joint, j) => ({ subject: `${name}.${joint.id}`, value: values[j] ?? Number.NaN, limit: limits[name], show }));
  };
  if (limits.unloadingKg === null && parameters.unloadingKg !== undefined)
    throw new DariError('setupInvalid', 'This robot has no body-weight support, so there is no unloading to set. Leave it out.');
  const { springs } = limits;
  if (springs === null && parameters.springs !== undefined) throw new DariError('setupInvalid', 'This robot has no springs that carry an arm. Leave them out.');
  if (springParts.some((part) => !Number.isInteger(parameters.springs?.[part] ?? 0))) throw new DariError('setupInvalid', 'Springs are set to whole levels. Enter the numbers that stand on them.');
  return [
    { subject: 'speedMps', value: parameters.speedMps, limit: limits.speedMps, show: asKmh },
    ...sides.map((side) => ({ subject: `guidance.${side}`, value: parameters.guidance[side], limit: limits.guidance, show: asPercent })),
    ...perJoint('romScale', asPercent),
    ...perJoint('offsetRad', asDegrees),
    ...perJoint('timingShare', asPercent),
    ...(limits.unloadingKg === null ? [] : [{ subject: 'unloadingKg', value: parameters.unloadingKg ?? 0, limit: limits.unloadingKg, show: asKg }]),
    ...(springs === null ? [] : springParts.map((part) => ({ subject: `springs.${part}`, value: parameters.springs?.[part] ?? 0, limit: springs[part], show: asLevel }))),
  ];
}

/** @param shown somebody has shown the robot a movement @throws DariError `setupInvalid`, naming the modes that this robot has */
export function checkMode(profile: RobotProfile, mode: TrainingMode | undefined, shown: boolean): void {
  if (mode === 'replay' && !shown && modesOf(profile).includes(mode)) throw new DariError('setupInvalid', 'There is nothing to replay. Record a movement first, and open the session with it.');
  if (mode === undefined || modesOf(profile).includes(mode)) return;
  throw new DariError('setupInvalid', `This robot cannot train in the mode ${mode}. Choose ${modesOf(profile).join(', ')}.`);
}

/** @throws DariError `setupInvalid`, naming what this robot can assess */
function checkAssessment(profile: RobotProfile, order: AssessmentOrder | undefined, mode: TrainingMode | undefined): void {
  if (order === undefined) return;
  const refuse = (what: string): never => {
    throw new DariError('setupInvalid', what);
  };
  if (isFootplate(profile)) refuse('This robot leads the feet by plates and assesses nothing. Choose one that holds the limb.');
  if (order.kind === 'walking' || order.kind === 'walk10m' || order.kind === 'walk6min') {
    if (!isGait(profile)) refuse('This robot does not walk with anybody. Choose a gait robot.');
    if (order.kind !== 'walking' && profile.treadmill === undefined) refuse('This robot has no belt that measures how far somebody walks. Choose one that has.');
    if (order.kind === 'walking' && mode !== WALKING_MODE) refuse(`Walking is assessed in the mode ${WALKING_MODE} alone, which helps as far as it is needed. Choose that mode.`);
  } else if (order.kind === 'reach') {
    const arms = isArm(profile) ? armJointsOf(profile).map(({ side }) => side) : [];
    if (!arms.includes(order.side)) refuse(arms.length === 0 ? 'This robot holds no arm that could reach. Choose an arm robot.' : `This robot has no ${order.side} arm. Choose ${[...new Set(arms)].join(' or ')}.`);
  } else if (!isDriven(profile)) refuse(`This robot moves nothing, so it cannot assess ${order.kind}. Choose reach.`);
  else if (!profile.joints.some(({ id }) => id === order.joint)) refuse(`This robot has no joint ${order.joint} to assess. Choose ${profile.joints.map(({ id }) => id).join(', ')}.`);
}

/** @throws DariError `setupInvalid`, naming the parameter and what is allowed */
export function checkParameters(values: readonly ParameterValue[]): void {
  for (const { subject, value, limit, show } of values) {
    if (value >= limit.min - TOLERANCE && value <= limit.max + TOLERANCE) continue;
    throw new DariError('setupInvalid', `${subject} of ${show(value)} is outside ${show(limit.min)} … ${show(limit.max)}. Enter a value in that range.`);
  }
}

/** @throws DariError `notPermittedNow` when one change is too large for a robot that moves */
export function checkMovingStep(values: readonly ParameterValue[], before: readonly ParameterValue[]): void {
  values.forEach(({ subject, value, limit, show }, index) => {
    const old = before[index]?.value ?? Number.NaN;
    if (Math.abs(value - old) <= limit.movingStep + TOLERANCE) return;
    throw new DariError(
      'notPermittedNow',
      `${subject} from ${show(old)} to ${show(value)} is too much at once while the robot moves. Change it by at most ${show(limit.movingStep)}, or pause first.`,
    );
  });
}

/** @throws DariError `setupInvalid`, naming what does not fit the robot */
export function checkSetup(profile: RobotProfile, setup: SessionSetup): void {
  const refuse = (message: string): never => {
    throw new DariError('setupInvalid', message);
  };
  const { massKg, heightM } = profile.therapy.patient;
  if (!(setup.bodyMassKg >= massKg.min && setup.bodyMassKg <= massKg.max))
    refuse(`A body mass of ${setup.bodyMassKg} kg is outside ${massKg.min} … ${massKg.max} kg for this robot. Correct the patient's record.`);
  if (!(setup.heightM >= heightM.min && setup.heightM <= heightM.max))
    refuse(`A height of ${setup.heightM} m is outside ${heightM.min} … ${heightM.max} m for this robot. Correct the patient's record.`);
  if (setup.permittedRangeRad.length !== profile.joints.length)
    refuse(`The permitted range has ${setup.permittedRangeRad.length} joints, but the robot has ${profile.joints.length}. Enter one range per joint.`);
  profile.joints.forEach((joint, j) => {
    const range = setup.permittedRangeRad[j];
    const soft = joint.softRangeDeg;
    const [minDeg, maxDeg] = [radToDeg(range?.min ?? Number.NaN), radToDeg(range?.max ?? Number.NaN)];
    if (minDeg >= soft.min - TOLERANCE && maxDeg <= soft.max + TOLERANCE && minDeg < maxDeg) return;
    refuse(`The permitted range of ${joint.id}, ${minDeg.toFixed(1)}° … ${maxDeg.toFixed(1)}°, must lie inside ${soft.min}° … ${soft.max}°. Correct it.`);
  });
  if (setup.trajectory !== undefined) assertTrajectoryFits(profile, setup.trajectory, createLimits(profile, setup), setup);
  const mistake = setup.trigger === undefined ? null : triggerMistake(setup.trigger, profile);
  if (mistake !== null) refuse(`${mistake}.`);
  checkMode(profile, setup.parameters.mode, setup.trajectory !== undefined);
  checkAssessment(profile, setup.assessment, setup.parameters.mode);
  checkParameters(listParameters(profile, setup.parameters));
}
