/** What a robot is put through with nobody in it, before a patient is fitted: its steps, and why one of them failed. */
import { z } from 'zod/mini';
import { causes, type Cause } from './supervision.ts';

/** In their order. */
export const preparationSteps = ['sensors', 'estop', 'brakes', 'relay', 'watchdogs', 'signs', 'homing'] as const;
export type PreparationStep = (typeof preparationSteps)[number];

/** `waiting`: for the person named by `ask`. `none`: nothing has been tried since the controller started. */
export const preparationStatuses = ['none', 'waiting', 'running', 'passed', 'failed'] as const;
export type PreparationStatus = (typeof preparationStatuses)[number];

/** What the person at the robot is asked to do now. */
export const preparationAsks = ['none', 'pressEstop', 'releaseEstop', 'acknowledge', 'home'] as const;
export type PreparationAsk = (typeof preparationAsks)[number];

/** Why a step failed; `guard`: one of the checks that always watch, named by the cause. The screens translate it. */
export const preparationReasons = [
  'none',
  'guard',
  'sensorsDisagree',
  'torqueImplausible',
  'estopNotPressed',
  'estopPowerStays',
  'estopNotReleased',
  'notAcknowledged',
  'brakeDoesNotEngage',
  'brakeDoesNotRelease',
  'relayStaysClosed',
  'powerStays',
  'powerDoesNotReturn',
  'driveNotEnabled',
  'watchdogKeptPushing',
  'watchdogNotHeld',
  'watchdogNoAnswer',
  'watchdogNotReady',
  'jointDoesNotMove',
  'motorSign',
  'encoderSign',
  'torqueSign',
  'movesTooFar',
  'holdReleased',
  'homeNotReached',
  'notTested',
  'takesTooLong',
] as const;
export type PreparationReason = (typeof preparationReasons)[number];

/** How the preparation stands; told to people on every change. */
export interface PreparationNews {
  readonly step: PreparationStep;
  readonly status: PreparationStatus;
  readonly ask: PreparationAsk;
  readonly reason: PreparationReason;
  /** With reason `guard`: what the guard saw. */
  readonly cause: Cause;
  /** Joint that the step is at or that failed, or null. */
  readonly joint: string | null;
  /** The self-test has been passed; homing may follow. */
  readonly tested: boolean;
  /** Self-test and homing have been passed, and nothing has made them void. */
  readonly prepared: boolean;
}

export const preparationNewsSchema = z.strictObject({
  step: z.enum(preparationSteps),
  status: z.enum(preparationStatuses),
  ask: z.enum(preparationAsks),
  reason: z.enum(preparationReasons),
  cause: z.enum(causes),
  joint: z.nullable(z.string()),
  tested: z.boolean(),
  prepared: z.boolean(),
});
