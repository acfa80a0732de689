/** Of belt, support and lift, each question of `checks.ts`: is the condition of that line of the failsafe table present? */
import type { RobotInputs } from '../../protocols/joints.ts';
import type { BeltWatch } from './belt-watch.ts';
import { silent, type HostStall } from './host-stall.ts';
import type { LiftWatch } from './lift-watch.ts';
import type { CheckId } from './policy.ts';
import type { SupportWatch } from './support.ts';

/** null: this robot drives no such thing. */
export interface ActuatorContext {
  readonly inputs: Pick<RobotInputs, 'treadmill' | 'support' | 'lift'>;
  readonly inputMaxAgeUs: number;
  readonly stall: HostStall;
  readonly belt: Pick<BeltWatch, 'runaway' | 'desync'> | null;
  readonly support: Pick<SupportWatch, 'dropped' | 'unlocked'> | null;
  readonly lift: Pick<LiftWatch, 'standing' | 'moved' | 'runsOn' | 'blocked'> | null;
}

export const actuatorChecks = {
  treadmillSilent: (context) => context.belt !== null && silent(context.inputs.treadmill.ageUs, context),
  treadmillFault: ({ belt, inputs: { treadmill } }) => belt !== null && (treadmill.fault || !treadmill.ready),
  beltRunaway: ({ belt }) => belt !== null && belt.runaway,
  treadmillDesync: ({ belt }) => belt !== null && belt.desync,
  stopRope: ({ belt, inputs: { treadmill } }) => belt !== null && treadmill.stopRopePulled,
  supportSilent: (context) => context.support !== null && silent(context.inputs.support.ageUs, context),
  supportFault: ({ support, inputs }) => support !== null && inputs.support.fault,
  supportDrop: ({ support }) => support !== null && support.dropped,
  supportUnlocked: ({ support }) => support !== null && support.unlocked,
  liftSilent: (context) => context.lift !== null && silent(context.inputs.lift.ageUs, context),
  liftFault: ({ lift, inputs }) => lift !== null && inputs.lift.fault,
  liftMoved: ({ lift }) => lift !== null && lift.moved,
  liftRunsOn: ({ lift }) => lift !== null && lift.runsOn,
  liftBlocked: ({ lift }) => lift !== null && lift.blocked,
  liftMoving: ({ lift }) => lift !== null && !lift.standing,
} satisfies Partial<Record<CheckId, (context: ActuatorContext) => boolean>>;

export type ActuatorCheckId = keyof typeof actuatorChecks;
