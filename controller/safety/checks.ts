/** One small question per line of the failsafe table: is its condition present in this cycle, and at which joint? */
import type { JointCommand, JointInputs, LinkInputs, MonitorInputs, RobotInputs } from '../../protocols/joints.ts';
import type { Intent } from '../../protocols/session-log.ts';
import { degToRad } from '../../protocols/units.ts';
import { actuatorChecks, type ActuatorCheckId, type ActuatorContext } from './actuator-checks.ts';
import { jointIsBeyond } from './beyond.ts';
import { silent } from './host-stall.ts';
import type { HubClock } from './hub-clock.ts';
import type { InteractionFinding } from './interaction-lane.ts';
import type { JointLimits } from './limits.ts';
import type { LinkNoise } from './link-noise.ts';
import type { JointLoad } from './loads.ts';
import type { LostDrive } from './lost-drive.ts';
import type { Obedience } from './obedience.ts';
import { personMoves } from './person-moves.ts';
import { policy, type CheckId } from './policy.ts';
import { firstSensed, type TrustedSensed } from './sensed-trust.ts';
import type { StopVerdict } from './stop-monitor.ts';
import type { TrustedJoint } from './trusted-joint.ts';

/** Answers of a check; 0 and above name the joint, after the driven ones those that are only measured. */
export const ABSENT = -2;
export const PRESENT = -1;

/** Own values, each with the reason why it is not tighter. */
const START_TOLERANCE_RAD = degToRad(1); // a leg at rest against its stop reads a little beyond it
const PERMITTED_TOLERANCE_RAD = degToRad(3); // the wall yields this far when the patient pushes with 15 Nm
const SPEED_TOLERANCE = 1.25; // the patient may run ahead of the reference
const TORQUE_TOLERANCE = 1.2; // the drive closes its loop between two cycles
const TRACKING_RAD = degToRad(15); // beyond what the drives' stiffness allows at the torque limit
const TRACKING_STIFFNESS = 0.5; // of the full one: a soft leg is meant to deviate
const HUB_REPEATS = 6; // 24 ms of frames with an old time; a line that doubles frames shows one
const ENABLE_TIMEOUT_US = 500_000; // a drive answers within a few frames; the brake may take longer

/** All that is known of one joint. */
export interface JointView {
  readonly limits: JointLimits;
  readonly trusted: TrustedJoint;
  /** The command of the previous cycle. */
  readonly command: JointCommand;
  readonly obedience: Obedience;
  readonly load: JointLoad;
  readonly lost: LostDrive;
  /** This cycle's record. */
  input: JointInputs;
}

export interface CheckContext extends ActuatorContext {
  inputs: RobotInputs;
  intent: Intent;
  readonly joints: readonly JointView[];
  /** Joints that are only measured. */
  readonly sensed: readonly TrustedSensed[];
  readonly sessionPrepared: boolean;
  /** Everything that a person has to have seen is confirmed for this session. */
  readonly confirmed: boolean;
  /** Of the patient; and per joint what its drive can carry of that. */
  readonly bodyMassKg: number;
  readonly carriedKg: readonly number[];
  /** Per joint, what the person does beyond what is usual. */
  readonly interaction: readonly InteractionFinding[];
  readonly leaseUs: number;
  readonly overrunUs: number;
  readonly linkNoise: Pick<LinkNoise, 'noisy'>;
  readonly hubClock: Pick<HubClock, 'standsUs' | 'repeats'>;
  /** Since the drives were told to enable; 0 when they are not. */
  energisedUs: number;
  stop: StopVerdict;
  readonly brakes: { readonly missed: boolean; readonly brakesExpected: boolean };
  stopRequested: boolean;
}

type Check = (context: CheckContext) => number;
type JointTest = (joint: JointView, context: CheckContext, index: number) => boolean;

const when = (present: boolean): number => (present ? PRESENT : ABSENT);

/** The first joint that shows the condition. */
const anyJoint =
  (test: JointTest): Check =>
  (context) => {
    let index = 0;
    for (const joint of context.joints) if (test(joint, context, index++)) return index - 1;
    return ABSENT;
  };

/** The first joint that is only measured and shows the condition. */
const anySensed =
  (test: (sensed: TrustedSensed, context: CheckContext) => boolean): Check =>
  (context) => {
    const at = firstSensed(context.sensed, test, context);
    return at < 0 ? ABSENT : context.joints.length + at;
  };

const permittedBeyond = (toleranceRad: number): Check => anyJoint((joint) => jointIsBeyond(joint, 'permitted', toleranceRad));
const pushedOut = (side: number, { trusted, limits }: JointView): boolean => (side > 0 ? trusted.encoderRad > limits.permitted.max : side < 0 && trusted.encoderRad < limits.permitted.min);

const notEnabled = anyJoint(({ input }) => input.driveState !== 'enabled');
// Brakes that close or open carry what the motor then does not give.
const torqueDoubted = anyJoint(({ trusted }, { brakes }) => trusted.torqueDoubted && !brakes.brakesExpected);
const onceEnabled = (check: Check): Check => (context) => (context.energisedUs > ENABLE_TIMEOUT_US ? check(context) : ABSENT);

/** A monitor that gives no sign of life has not agreed. */
const monitorVerdict = ({ reason, joint }: MonitorInputs, gone: boolean): number => (reason !== 'none' && joint >= 0 ? joint : when(gone || reason !== 'none'));

export const hubSilent = (context: CheckContext): boolean => silent(context.inputs.hub.ageUs, context);
const hubFrozen = ({ hubClock: { standsUs, repeats }, stall, inputMaxAgeUs }: CheckContext): boolean => !(repeats < HUB_REPEATS) || !(standsUs - stall.excusedUs(standsUs) < inputMaxAgeUs);
export const hubStale = (context: CheckContext): boolean => hubSilent(context) || hubFrozen(context);
const isDown = ({ up }: LinkInputs): boolean => !up;
const unheard: JointTest = ({ input }, context) => input.driveState === 'absent' || silent(input.driveAgeUs, context);

const checks: Record<Exclude<CheckId, ActuatorCheckId>, Check> = {
  // A silent hub leaves the line as it was last seen; before its first frame the line is unknown, and nothing can be armed.
  estopOpen: ({ inputs: { hub } }) => when(hub.ageUs !== Infinity && !hub.estopClosed),
  nothingDriven: ({ joints }) => when(joints.length === 0),
  sessionClosed: ({ sessionPrepared, intent }) => when(!sessionPrepared || !intent.sessionOpen),
  notPrepared: ({ intent }) => when(!intent.prepared),
  notConfirmed: ({ confirmed }) => when(!confirmed),
  stanceTooHeavy: anyJoint((_, { bodyMassKg, carriedKg, intent }, index) => !(bodyMassKg - intent.unloadingKg <= (carriedKg[index] ?? 0))),
  linkDown: ({ inputs: { links } }) => when(links.some(isDown)),
  // Negated comparisons: an age that is no number counts as silence.
  driveSilent: anyJoint(unheard),
  driveUnattended: anyJoint((joint, context, index) => joint.lost.runsOn || (joint.limits.releasedByRelayOnly && unheard(joint, context, index))),
  hubSilent: (context) => when(hubSilent(context)),
  hubFrozen: (context) => when(hubFrozen(context)),
  monitorDisagrees: (context) => monitorVerdict(context.inputs.monitor, silent(context.inputs.monitor.ageUs, context)),
  sensorSilent: anySensed(({ ageUs }, context) => silent(ageUs, context)),
  sensedImplausible: anySensed(({ implausible, stuck }) => implausible || stuck),
  sensorServoOn: anySensed(({ energised }) => energised),
  implausible: anyJoint(({ trusted }) => trusted.motorImplausible || trusted.encoderImplausible),
  motorLost: anyJoint(({ trusted }) => trusted.motorImplausible),
  disagreement: anyJoint(({ trusted }) => trusted.disagrees),
  encodersApart: anyJoint(({ trusted }) => trusted.apart),
  encoderWrong: anyJoint(({ trusted }) => trusted.encoderDoubted),
  sensorStuck: anyJoint(({ trusted }) => trusted.stuck),
  torqueSensorDoubted: torqueDoubted,
  torqueSensorFault: torqueDoubted,
  driveFault: anyJoint(({ input }) => input.driveState === 'fault'),
  driveNotEnabled: onceEnabled(notEnabled),
  driveDisobeys: onceEnabled(anyJoint(({ obedience }) => obedience.astray)),
  driveOutOfControl: onceEnabled(anyJoint(({ obedience }) => obedience.outOfControl)),
  driveTooHot: anyJoint(({ input, limits }) => !(input.driveTempC <= limits.tempLimitC)),
  driveHot: anyJoint(({ load }) => load.hot),
  overloaded: anyJoint(({ load }) => load.overload >= 1),
  overloadNear: anyJoint(({ load }) => load.overloadNear),
  powerTooHigh: anyJoint(({ load, limits }) => Math.abs(load.powerW) > limits.powerLimitW),
  linkNoisy: ({ linkNoise }) => when(linkNoise.noisy),
  interactionTooStrong: anyJoint((_, { interaction }, index) => interaction[index]?.tooStrong !== false),
  spasmLasted: anyJoint((_, { interaction }, index) => interaction[index]?.lasted !== false),
  spasmSuspected: anyJoint((_, { interaction }, index) => interaction[index]?.suspected !== false),
  // Pushed there, the wall holds it off the stop as far as its torque reaches.
  pastHardRange: anyJoint((joint, context, index) => jointIsBeyond(joint, 'hard', 0) && !pushedOut(personMoves(context.interaction[index], joint.trusted, hubStale(context)), joint)),
  pastPermittedRange: permittedBeyond(PERMITTED_TOLERANCE_RAD),
  outsideSoftRange: permittedBeyond(START_TOLERANCE_RAD),
  overSpeed: anyJoint(({ trusted, limits }) => trusted.motorFresh && Math.abs(trusted.velocityRadPerSec) > limits.speedRadPerSec * SPEED_TOLERANCE),
  stopBreached: ({ stop }) => when(stop === 'moving'),
  stopUnconfirmed: ({ stop }) => when(stop === 'unknown'),
  overTorque: anyJoint(({ trusted, limits }) => trusted.motorFresh && Math.abs(trusted.torqueNm) > limits.torqueNm * TORQUE_TOLERANCE),
  trackingLost: anyJoint(
    ({ trusted, limits, command }) =>
      command.stiffnessNmPerRad > TRACKING_STIFFNESS * limits.stiffnessNmPerRad && Math.abs(command.positionRad - trusted.positionRad) > TRACKING_RAD,
  ),
  relayOpen: ({ inputs: { hub } }) => when(!hub.enableRelayClosed),
  brakesMissed: ({ brakes }) => when(brakes.missed),
  brakeEngaged: ({ inputs: { hub }, brakes }) => when(hub.brakeEngaged && !brakes.brakesExpected),
  patientButton: ({ inputs: { hub } }) => when(hub.patientButtonPressed),
  stationLost: ({ intent }) => when(!intent.stationConnected),
  operatorLost: ({ intent, leaseUs }) => when(intent.leaseEpoch === 0 || !(intent.leaseAgeUs <= leaseUs)),
  loopOverrun: ({ stall, overrunUs }) => when(!(stall.lostUs <= overrunUs)),
  operatorStop: ({ stopRequested }) => when(stopRequested),
  recorderFailed: ({ intent }) => when(!intent.recorderHealthy),
};

const isActuators = (check: CheckId): check is ActuatorCheckId => Object.hasOwn(actuatorChecks, check);

function checkOf(check: CheckId): Check {
  if (!isActuators(check)) return checks[check];
  const test = actuatorChecks[check];
  return (context) => when(test(context));
}

const inTableOrder: readonly Check[] = policy.map(({ check }) => checkOf(check));

/** Fills `findings`, one per line of the table: ABSENT, PRESENT or the joint. */
export function runChecks(context: CheckContext, findings: Int32Array): void {
  let line = 0;
  for (const check of inTableOrder) findings[line++] = check(context);
}

export const allEnabled = (context: CheckContext): boolean => notEnabled(context) === ABSENT;
