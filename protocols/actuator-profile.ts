/** What a robot drives beside its joints: the sections of its profile, and what must fit together in them. */
import { z } from 'zod/mini';
import { kmhToMps } from './units.ts';

const finite = z.number().check(z.refine(Number.isFinite, { error: 'must be a finite number' }));
const positive = finite.check(z.positive());
const nonNegative = finite.check(z.nonnegative());

/** Own design values: a belt that starts faster, or stops harder, makes a person stumble; one that stops slower drags held legs. */
const START_RAMP_MAX_MPS2 = 0.25;
const STOP_RAMP_MPS2 = { min: 1, max: 2 };
/** Own design values, after what gait trainers of this class lift: more slowly than a person notices as a jerk. */
const UNLOADING_MAX_KG = 85;
const RATE_MAX_KG_PER_SEC = 5;
const MS_PER_S = 1_000;
/** Own design values: slow enough to be followed by eye and let go of in time. */
const LIFT_MAX_MPS = 0.05;
const LIFT_STOPS_WITHIN_M = 0.01;
/** Steepest part of a minimum-jerk blend over its mean. */
const BLEND_STEEPEST = 1.875;

export const treadmillSchema = z.strictObject({
  speedMaxKmh: positive,
  startRampMps2: positive,
  stopRampMps2: positive,
  /** Time constant with which the belt follows its set-point, as measured when it was installed. */
  lagMs: positive,
  /** A belt faster than it is told by more than this runs away. */
  runawayToleranceMps: positive,
  /** Belt and stepping may differ by this much, feet slipping; for longer than a moment it stops. */
  syncToleranceMps: positive,
  /** The treadmill's own: without a set-point for this long it stops the belt. */
  watchdogMs: positive,
});

export const supportSchema = z.strictObject({
  unloadingMaxKg: positive,
  /** At the start of a session. */
  initialKg: nonNegative,
  rateKgPerSec: positive,
  /** Less unloading than told by more than this is a drop. */
  dropKg: positive,
  /** Until the brake of the rope is seen to be closed. */
  lockMs: positive,
  /** The support's own: without a set-point for this long it locks. */
  watchdogMs: positive,
});

/** The motorised column that carries the robot's shoulder. */
export const liftSchema = z.strictObject({
  /** Of the robot's shoulder over the ground. */
  heightM: z.strictObject({ min: positive, max: positive }),
  speedMps: positive,
  accelerationMps2: positive,
  /** Further than this from where it stood, or from where it was told to be, it has moved without being asked. */
  driftM: positive,
  /** The lift's own: without a set-point for this long it stops. */
  watchdogMs: positive,
});

export type TreadmillProfile = z.infer<typeof treadmillSchema>;
export type SupportProfile = z.infer<typeof supportSchema>;
export type LiftProfile = z.infer<typeof liftSchema>;

/** Of a robot profile what belt and support depend on. */
interface Surroundings {
  readonly treadmill?: TreadmillProfile | undefined;
  readonly bodyWeightSupport?: SupportProfile | undefined;
  readonly armLift?: LiftProfile | undefined;
  readonly hub: { readonly inputs?: { readonly treadmill?: object | undefined; readonly bodyWeightSupport?: object | undefined } | undefined };
  readonly stop: { readonly maxTimeMs: number };
  readonly therapy: { readonly speedKmh: { readonly max: number }; readonly softStopSec: number };
  readonly watchdogs: { readonly inputMaxAgeMs: number };
}

interface Issue {
  readonly path: readonly string[];
  readonly message: string;
}

export function checkActuators(profile: Surroundings): Issue[] {
  const lifts = profile.armLift === undefined ? [] : [{ path: ['armLift'], message: 'belongs to a robot that moves an arm' }];
  return [...checkTreadmill(profile), ...checkSupport(profile), ...lifts];
}

/** Of a robot that moves an arm, what its lift depends on. */
interface LiftSurroundings {
  readonly armLift?: LiftProfile | undefined;
  readonly joints: readonly unknown[];
  readonly geometry: { readonly shoulderHeightM: number };
  readonly hub: { readonly inputs?: { readonly armLift?: object | undefined } | undefined };
  readonly watchdogs: { readonly inputMaxAgeMs: number };
}

export function checkLift({ armLift, joints, geometry, hub, watchdogs }: LiftSurroundings): Issue[] {
  if (armLift === undefined) return [];
  const issues: Issue[] = [];
  const report = (key: string, message: string): void => void issues.push({ path: ['armLift', key], message });
  const { heightM, speedMps, accelerationMps2, driftM, watchdogMs } = armLift;
  if (joints.length === 0) report('heightM', 'belongs to a robot that moves an arm: where nothing is driven nothing can be stopped');
  if (hub.inputs?.armLift === undefined) report('heightM', 'a lift that nobody sees cannot be driven: hub.inputs.armLift is missing');
  if (!(heightM.min < heightM.max)) report('heightM', 'min must be below max');
  if (geometry.shoulderHeightM < heightM.min || geometry.shoulderHeightM > heightM.max) report('heightM', 'must contain geometry.shoulderHeightM');
  if (speedMps > LIFT_MAX_MPS) report('speedMps', `must be at most ${LIFT_MAX_MPS} m/s`);
  if (speedMps ** 2 / (2 * accelerationMps2) > LIFT_STOPS_WITHIN_M) report('accelerationMps2', `must stop it within ${LIFT_STOPS_WITHIN_M} m`);
  if (driftM >= heightM.max - heightM.min) report('driftM', 'a drift beyond its range could not be seen');
  if (watchdogMs <= watchdogs.inputMaxAgeMs) report('watchdogMs', 'must be longer than watchdogs.inputMaxAgeMs, which the host tolerates');
  return issues;
}

function checkTreadmill({ treadmill, hub, stop, therapy, watchdogs }: Surroundings): Issue[] {
  if (treadmill === undefined) return [];
  const issues: Issue[] = [];
  const report = (key: string, message: string): void => void issues.push({ path: ['treadmill', key], message });
  const { speedMaxKmh, startRampMps2, stopRampMps2, watchdogMs } = treadmill;
  const speedMaxMps = kmhToMps(speedMaxKmh);
  if (hub.inputs?.treadmill === undefined) report('speedMaxKmh', 'a belt that nobody sees cannot be driven: hub.inputs.treadmill is missing');
  if (speedMaxKmh < therapy.speedKmh.max) report('speedMaxKmh', 'must not be below therapy.speedKmh.max');
  if (startRampMps2 > START_RAMP_MAX_MPS2) report('startRampMps2', `must be at most ${START_RAMP_MAX_MPS2} m/s²`);
  if (stopRampMps2 < STOP_RAMP_MPS2.min || stopRampMps2 > STOP_RAMP_MPS2.max) report('stopRampMps2', `must be ${STOP_RAMP_MPS2.min} … ${STOP_RAMP_MPS2.max} m/s²`);
  if ((speedMaxMps / stopRampMps2) * MS_PER_S > stop.maxTimeMs) report('stopRampMps2', `from ${speedMaxKmh} km/h the belt would still run when the legs must stand (stop.maxTimeMs ${stop.maxTimeMs})`);
  if ((BLEND_STEEPEST * kmhToMps(therapy.speedKmh.max)) / therapy.softStopSec > stopRampMps2) report('stopRampMps2', 'the belt could not follow the legs in therapy.softStopSec');
  if (watchdogMs <= watchdogs.inputMaxAgeMs) report('watchdogMs', 'must be longer than watchdogs.inputMaxAgeMs, which the host tolerates');
  return issues;
}

function checkSupport({ bodyWeightSupport, hub, watchdogs }: Surroundings): Issue[] {
  if (bodyWeightSupport === undefined) return [];
  const issues: Issue[] = [];
  const report = (key: string, message: string): void => void issues.push({ path: ['bodyWeightSupport', key], message });
  const { unloadingMaxKg, initialKg, rateKgPerSec, dropKg, watchdogMs } = bodyWeightSupport;
  if (hub.inputs?.bodyWeightSupport === undefined) report('unloadingMaxKg', 'a support that nobody sees cannot be driven: hub.inputs.bodyWeightSupport is missing');
  if (unloadingMaxKg > UNLOADING_MAX_KG) report('unloadingMaxKg', `must be at most ${UNLOADING_MAX_KG} kg`);
  if (initialKg > unloadingMaxKg) report('initialKg', 'must not exceed unloadingMaxKg');
  if (rateKgPerSec > RATE_MAX_KG_PER_SEC) report('rateKgPerSec', `must be at most ${RATE_MAX_KG_PER_SEC} kg/s`);
  if (dropKg > unloadingMaxKg) report('dropKg', 'a drop beyond unloadingMaxKg could not be seen');
  if (watchdogMs <= watchdogs.inputMaxAgeMs) report('watchdogMs', 'must be longer than watchdogs.inputMaxAgeMs, which the host tolerates');
  return issues;
}
