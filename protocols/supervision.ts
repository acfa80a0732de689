/** Names that the controller, the log, the station and the screens share for what the robot is doing and why. */
import type { AssessmentOrder } from './assessment.ts';
import type { TrainingMode } from './training-mode.ts';
import type { Trajectory } from './trajectory.ts';
import type { Trigger } from './trigger.ts';

export const supervisorStates = [
  'connecting',
  'ready',
  'armed',
  'running',
  'paused',
  'stopping',
  'stopped',
  'emergency',
  'idle',
  'selfTest',
  'homing',
  'recovering',
] as const;
/**
 * connecting → idle → selfTest → homing → ready → armed → running ⇄ paused → stopping → ready; `idle` is linked and not
 * prepared. From anywhere `stopped` (latched protective stop, acknowledged by a person) and `emergency` (E-stop line
 * open: two-step reset, release then acknowledge). `recovering`: from ready, a joint outside its range is led inward.
 */
export type SupervisorState = (typeof supervisorStates)[number];

/** In which nothing is driven and nothing is about to be, so that a lift may move. */
export const liftStates: readonly SupervisorState[] = ['idle', 'ready'];

/** Ordered by severity: of the active ones the worst wins (safety.md, action ladder). */
export const actions = [
  'none',
  'warn',
  'limit',
  'soften',
  'hold',
  'protectiveStop',
  'torqueOff',
  'emergencyStop',
] as const;
export type Action = (typeof actions)[number];

/** Why the robot is limited, stopped or not ready. The screens translate the code; logs keep it. */
export const causes = [
  'none',
  'operatorStop',
  'operatorLost',
  'stationLost',
  'patientButton',
  'estopOpen',
  'linkDown',
  'driveSilent',
  'driveFault',
  'driveNotEnabled',
  'driveOverTemperature',
  'hubSilent',
  'hubFrozen',
  'enableRelayOpen',
  'brakeEngaged',
  'implausibleInput',
  'sensorDisagreement',
  'positionOutOfRange',
  'speedOutOfRange',
  'torqueOutOfRange',
  'trackingLost',
  'loopOverrun',
  'recorderFailed',
  'noSession',
  'outsideSoftRange',
  'shutdown',
  'standstillUnconfirmed',
  'notPrepared',
  'notConfirmed',
  'sensorStuck',
  'torqueSensorFault',
  'overload',
  'powerTooHigh',
  'interactionTooStrong',
  'spasm',
  'monitorDisagrees',
  'treadmillFault',
  'treadmillDesync',
  'supportFault',
  'holdReleased',
  'linkNoisy',
  'stanceTooHeavy',
  'brakesOpen',
  'sensorSilent',
  'sensorServoOn',
  'nothingDriven',
  'liftFault',
  'liftMoving',
] as const;
export type Cause = (typeof causes)[number];

/**
 * What an operator may ask for. `stop` needs no lease. `prepare` begins the self-test of an empty robot; `home` and
 * `recover` move only while a person holds a button (hold-to-run).
 */
export const operatorCommands = ['arm', 'disarm', 'start', 'pause', 'resume', 'stop', 'acknowledge', 'prepare', 'home', 'recover'] as const;
export type OperatorCommand = (typeof operatorCommands)[number];

/**
 * While a hold-to-run button is pressed, its renewals leave the page this often. Short beside `HOLD_MAX_AGE_MS`: a page
 * that draws in software stands still for 130 to 244 ms now and then (measured in Chromium). A press outlives what the
 * age leaves after one interval, about 165 ms; a longer standstill ends it, as it must.
 */
export const HOLD_RENEW_MS = 33;
/** Own value: a press that is not renewed for longer is over; the bar of 250 ms less the way to the drives (safety design, F14). */
export const HOLD_MAX_AGE_MS = 200;

/** What springs of an arm support carry. */
export const springParts = ['upperArm', 'forearm'] as const;
export type SpringPart = (typeof springParts)[number];

export const sides = ['left', 'right'] as const;
export type Side = (typeof sides)[number];

/** What a therapist may change while the patient trains; every change is an event in the log. */
export interface GaitParameters {
  /** Absent: it stays; at the beginning the first one of the robot. */
  mode?: TrainingMode | undefined;
  /** Walking speed that the reference imitates. */
  speedMps: number;
  /** Per side 0 … 1: how firmly the mode acts; of one that guides: guidance force, 0 transparent, 1 stiff. */
  guidance: Record<Side, number>;
  /** Per joint of the profile, in its order: scale of the reference's range of motion, 1 = as published. */
  romScale: number[];
  /** Per joint: constant added to the reference. */
  offsetRad: number[];
  /** Per joint: how much later than the others it does its part of the pattern, as a share of the cycle. Absent: it stays; at the beginning none. */
  timingShare?: number[] | undefined;
  /** Body weight that the support carries; absent where a robot has none, and where it is to stay as it is. */
  unloadingKg?: number | undefined;
  /** Levels at which a person set the springs that carry an arm; absent where a robot has none, and where they are as they were. */
  springs?: Record<SpringPart, number> | undefined;
}

/** What a person has to have seen before somebody is trained; who it was stands in the event that opens the session. */
export const confirmations = ['identity', 'side', 'consent', 'geometry', 'alarms'] as const;
export type Confirmation = (typeof confirmations)[number];

/** Fixed for a session: who trains and how far each joint may go (inside the profile's soft range). */
export interface SessionSetup {
  /** A pseudonymous record key, never a name. */
  patientRef: string;
  bodyMassKg: number;
  heightM: number;
  /** Permitted range per joint of the profile, in its order. */
  permittedRangeRad: { min: number; max: number }[];
  parameters: GaitParameters;
  /** What is missing is not confirmed, and the robot is not armed. */
  confirmed?: Record<Confirmation, boolean> | undefined;
  /** What somebody showed the robot; without it there is nothing to replay. */
  trajectory?: Trajectory | undefined;
  /** What starts a movement in the mode `triggered`; absent: a push. */
  trigger?: Trigger | undefined;
  /** The session is this assessment and no training. */
  assessment?: AssessmentOrder | undefined;
}
