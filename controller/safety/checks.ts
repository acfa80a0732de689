/** One small question per line of the failsafe table: is its condition present in this cycle, and at which joint? */
import type { PermittedCommand, RobotInputs } from '../../protocols/joints.ts';
import type { Intent } from '../../protocols/session-log.ts';
import { degToRad } from '../../protocols/units.ts';
import type { InputTrust } from './input-trust.ts';
import type { JointLimits } from './limits.ts';
import { policy, type CheckId } from './policy.ts';

/** Answers of a check; 0 and above name the joint. */
export const ABSENT = -2;
export const PRESENT = -1;

/** Own values, each with the reason why it is not tighter. */
const START_TOLERANCE_RAD = degToRad(1); // a leg at rest against its stop reads a little beyond it
const PERMITTED_TOLERANCE_RAD = degToRad(3); // the wall yields this far when the patient pushes with 15 Nm
const SPEED_TOLERANCE = 1.25; // the patient may run ahead of the reference
const TORQUE_TOLERANCE = 1.2; // the drive closes its loop between two cycles
const TRACKING_RAD = degToRad(15); // beyond what the drives' stiffness allows at the torque limit
const TRACKING_STIFFNESS = 0.5; // of the full one: a soft leg is meant to deviate
const ENABLE_TIMEOUT_US = 500_000; // a drive answers within a few frames; the brake may take longer

export interface CheckContext {
  inputs: RobotInputs;
  intent: Intent;
  readonly trust: InputTrust;
  readonly limits: readonly JointLimits[];
  /** The command of the previous cycle. */
  readonly permitted: PermittedCommand;
  readonly sessionPrepared: boolean;
  readonly inputMaxAgeUs: number;
  readonly leaseUs: number;
  readonly overrunUs: number;
  /** Since the drives were told to enable; 0 when they are not. */
  energisedUs: number;
  stopBreached: boolean;
  stopRequested: boolean;
}

type Check = (context: CheckContext) => number;
type JointTest = (context: CheckContext, joint: number) => boolean;

const when = (present: boolean): number => (present ? PRESENT : ABSENT);

/** The first joint that shows the condition. */
const anyJoint =
  (test: JointTest): Check =>
  (context) => {
    for (let j = 0; j < context.limits.length; j++) if (test(context, j)) return j;
    return ABSENT;
  };

const beyond = (positionRad: number, range: { min: number; max: number }, toleranceRad: number): boolean =>
  positionRad < range.min - toleranceRad || positionRad > range.max + toleranceRad;

/** Both sensors count: either may be the one that is right. */
const jointBeyond = (range: 'permitted' | 'hard', toleranceRad: number): Check =>
  anyJoint(({ trust, limits }, j) => {
    const joint = trust.joints[j];
    const limit = limits[j]?.[range];
    if (joint === undefined || limit === undefined) return false;
    return beyond(joint.encoderRad, limit, toleranceRad) || beyond(joint.positionRad, limit, toleranceRad);
  });

const checks: Record<CheckId, Check> = {
  // The line's state is known only while the hub speaks; its silence is a check of its own.
  estopOpen: ({ inputs: { hub }, inputMaxAgeUs }) => when(hub.ageUs <= inputMaxAgeUs && !hub.estopClosed),
  sessionClosed: ({ sessionPrepared, intent }) => when(!sessionPrepared || !intent.sessionOpen),
  linkDown: ({ inputs: { links } }) => {
    for (let l = 0; l < links.length; l++) if (links[l]?.up === false) return PRESENT;
    return ABSENT;
  },
  driveSilent: anyJoint(({ inputs, inputMaxAgeUs }, j) => {
    const joint = inputs.joints[j];
    return joint === undefined || joint.driveState === 'absent' || !(joint.driveAgeUs <= inputMaxAgeUs);
  }),
  hubSilent: ({ inputs: { hub }, inputMaxAgeUs }) => when(!(hub.ageUs <= inputMaxAgeUs)),
  hubFrozen: ({ trust, inputMaxAgeUs }) => when(trust.hubFrozenUs >= inputMaxAgeUs),
  implausible: anyJoint(({ trust }, j) => trust.joints[j]?.motorImplausible === true || trust.joints[j]?.encoderImplausible === true),
  disagreement: anyJoint(({ trust }, j) => trust.joints[j]?.disagrees === true),
  driveFault: anyJoint(({ inputs }, j) => inputs.joints[j]?.driveState === 'fault'),
  driveNotEnabled: (context) => (context.energisedUs > ENABLE_TIMEOUT_US ? firstNotEnabled(context) : ABSENT),
  driveTooHot: anyJoint(({ inputs, limits }, j) => (inputs.joints[j]?.driveTempC ?? 0) > (limits[j]?.tempLimitC ?? Infinity)),
  driveHot: anyJoint(({ inputs, limits }, j) => (inputs.joints[j]?.driveTempC ?? 0) > (limits[j]?.tempWarnC ?? Infinity)),
  pastHardRange: jointBeyond('hard', 0),
  pastPermittedRange: jointBeyond('permitted', PERMITTED_TOLERANCE_RAD),
  outsideSoftRange: jointBeyond('permitted', START_TOLERANCE_RAD),
  overSpeed: anyJoint(({ trust, limits }, j) => Math.abs(trust.joints[j]?.velocityRadPerSec ?? 0) > (limits[j]?.speedRadPerSec ?? 0) * SPEED_TOLERANCE),
  stopBreached: ({ stopBreached }) => when(stopBreached),
  overTorque: anyJoint(({ trust, limits }, j) => Math.abs(trust.joints[j]?.torqueNm ?? 0) > (limits[j]?.torqueNm ?? 0) * TORQUE_TOLERANCE),
  trackingLost: anyJoint(({ trust, limits, permitted }, j) => {
    const [command, joint, limit] = [permitted.joints[j], trust.joints[j], limits[j]];
    if (command === undefined || joint === undefined || limit === undefined) return false;
    return command.stiffnessNmPerRad > TRACKING_STIFFNESS * limit.stiffnessNmPerRad && Math.abs(command.positionRad - joint.positionRad) > TRACKING_RAD;
  }),
  relayOpen: ({ inputs: { hub } }) => when(!hub.enableRelayClosed),
  brakeEngaged: ({ inputs: { hub } }) => when(hub.brakeEngaged),
  patientButton: ({ inputs: { hub } }) => when(hub.patientButtonPressed),
  stationLost: ({ intent }) => when(!intent.stationConnected),
  operatorLost: ({ intent, leaseUs }) => when(intent.leaseEpoch === 0 || !(intent.leaseAgeUs <= leaseUs)),
  loopOverrun: ({ inputs, overrunUs }) => when(inputs.latenessUs > overrunUs),
  operatorStop: ({ stopRequested }) => when(stopRequested),
  recorderFailed: ({ intent }) => when(!intent.recorderHealthy),
};

const inTableOrder: readonly Check[] = policy.map(({ check }): Check => checks[check]);

/** Fills `findings`, one per line of the table: ABSENT, PRESENT or the joint. */
export function runChecks(context: CheckContext, findings: Int32Array): void {
  for (let i = 0; i < inTableOrder.length; i++) findings[i] = inTableOrder[i]?.(context) ?? PRESENT;
}

export function firstNotEnabled({ inputs }: { readonly inputs: RobotInputs }): number {
  for (let j = 0; j < inputs.joints.length; j++) if (inputs.joints[j]?.driveState !== 'enabled') return j;
  return ABSENT;
}

const linkChecks: readonly CheckId[] = ['linkDown', 'driveSilent', 'hubSilent'];
const linkIndexes: readonly number[] = linkChecks.map((check) => policy.findIndex((rule) => rule.check === check));

/** Every device answers. */
export function allLinked(findings: Int32Array): boolean {
  for (let i = 0; i < linkIndexes.length; i++) if (findings[linkIndexes[i] ?? 0] !== ABSENT) return false;
  return true;
}
