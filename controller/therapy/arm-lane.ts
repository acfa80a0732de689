/** One joint of an arm that trains: where it should be, and where it stops. */
import { emptyJointCommand, type JointCommand } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import type { ArmJoint, RangeRad } from '../../protocols/profile.ts';
import { degToRad } from '../../protocols/units.ts';
import { armBounds, UNSCALED, type ArmProgram, type JointScale } from './arm-program.ts';
import { turnsSideways, type ArmRole } from './arm-roles.ts';
import { BrakePath } from './brake.ts';
import type { GaitPlace, ReferencePoint } from './gait-reference.ts';
import { noLead, type Lead } from './laws/law.ts';
import { SLOW_RAD_PER_SEC, SmoothValue } from './smooth.ts';
import type { MeasuredJoint } from './therapy.ts';
import { Tracker } from './tracker.ts';
import type { LawTuning } from './training-laws.ts';

/** Of a joint's speed limit, for what goes after a person. */
const TRACKING_SHARE = 0.9;
/**
 * Own values. A repetition takes as long as three to ten strides. An arm that is led has its weight carried, and half of it however little
 * it is helped: the whole of a heavy one is more than a cuff may learn to lift.
 */
export const ARM_TUNING: LawTuning = {
  stiffnessForgettingCycles: 3,
  torqueForgettingCycles: 2,
  learnedNmPerRad: ({ stiffnessNmPerRad }) => stiffnessNmPerRad,
  compensatedShare: 0.95, // its counterweights are heavier than an arm
  resistDampingShare: 0.5,
  carriedShare: { guided: 1, pathControl: 1, assistStiffness: 0.5, assistTorque: 0.5, resist: 1 },
};

export interface ArmLane {
  readonly profile: ArmJoint;
  /** In the profile. */
  readonly index: number;
  readonly homeRad: number;
  readonly bounds: RangeRad;
  readonly permitted: RangeRad;
  readonly romScale: SmoothValue;
  readonly offsetRad: SmoothValue;
  readonly timing: SmoothValue;
  readonly scale: { -readonly [K in keyof JointScale]: JointScale[K] };
  /** Along the program, or along what somebody showed. */
  readonly reference: ReferencePoint;
  readonly shownReference: ReferencePoint;
  /** Where the program alone has it. */
  programRad: number;
  /** After the other arm. */
  readonly following: Tracker;
  /** Where the person has it, or left it. */
  readonly own: Tracker;
  readonly plan: ReferencePoint;
  /** Fills `out` with where its arm's role wants it at a place of the program. */
  at(place: Readonly<GaitPlace>, out: ReferencePoint): void;
  readonly lead: Lead;
  readonly stop: BrakePath;
  readonly command: JointCommand;
  /** Of the weight of device and arm, what its drive carries, and what is left to the person. */
  gravityNm: number;
  uncarriedNm: number;
  /** Posture from which the pattern grows. */
  restRad: number;
  measured: MeasuredJoint;
}

const emptyPoint = (): ReferencePoint => ({ positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 });

export function createArmLane(profile: ArmJoint, index: number, permitted: RangeRad | undefined, program: ArmProgram, role: ArmRole): ArmLane {
  const bounds = armBounds(profile, permitted);
  const tracker = (): Tracker => new Tracker(TRACKING_SHARE * degToRad(profile.speedLimitDegPerSec), degToRad(profile.accelerationLimitDegPerSec2));
  const [following, own, scale] = [tracker(), tracker(), { ...UNSCALED }];
  const pace = { perSec: 0, perSec2: 0 };
  return {
    profile,
    index,
    homeRad: degToRad(profile.homePositionDeg),
    bounds,
    permitted: permitted ?? bounds,
    romScale: new SmoothValue(),
    offsetRad: new SmoothValue(),
    timing: new SmoothValue(SLOW_RAD_PER_SEC),
    scale,
    reference: emptyPoint(),
    shownReference: emptyPoint(),
    programRad: 0,
    following,
    own,
    plan: emptyPoint(),
    at: (place, out) => {
      pace.perSec = place.cyclesPerSec;
      weighRoles(program.at(index, place.phase, pace, scale, bounds, out), following, own, role);
    },
    lead: noLead(),
    stop: new BrakePath(),
    command: emptyJointCommand(),
    gravityNm: 0,
    uncarriedNm: 0,
    restRad: bounds.min,
    measured: { positionRad: 0, velocityRadPerSec: 0 },
  };
}

/** Makes of a point of the program the one that an arm's role wants: along it, after the other arm, or where the person has it. */
export function weighRoles(point: ReferencePoint, following: ReferencePoint, own: ReferencePoint, { led, leads, follows }: ArmRole): void {
  if (led.value === 1) return;
  // What the person does needs no torque ahead of it.
  point.accelerationRadPerSec2 =
    led.value * point.accelerationRadPerSec2 + follows.value * following.accelerationRadPerSec2 +
    2 * (led.perSec * point.velocityRadPerSec + follows.perSec * following.velocityRadPerSec + leads.perSec * own.velocityRadPerSec) +
    led.perSec2 * point.positionRad + follows.perSec2 * following.positionRad + leads.perSec2 * own.positionRad;
  point.velocityRadPerSec =
    led.value * point.velocityRadPerSec + follows.value * following.velocityRadPerSec + leads.value * own.velocityRadPerSec +
    led.perSec * point.positionRad + follows.perSec * following.positionRad + leads.perSec * own.positionRad;
  point.positionRad = led.value * point.positionRad + follows.value * following.positionRad + leads.value * own.positionRad;
}

/** +1: the image of the other arm's joint in a mirror; −1: the same way in space; between them while one fades into the other. */
const senseOf = ({ profile: { kind } }: ArmLane, parallel: number): number => (turnsSideways(kind) ? 1 - 2 * parallel : 1);

/** Where the other arm wants the joint, within its range. */
export const wishedRad = (lane: ArmLane, { measured, homeRad }: ArmLane, parallel: number): number =>
  clamp(wishRad(lane, senseOf(lane, parallel) * (measured.positionRad - homeRad)), lane.bounds.min, lane.bounds.max);

const wishRad = ({ homeRad, scale: { scale, offsetRad } }: ArmLane, wayRad: number): number => homeRad + scale * wayRad + offsetRad;

/** Goes on after the other arm. */
export function followTwin(lane: ArmLane, twin: ArmLane, parallel: { readonly value: number; readonly perSec: number }, elapsedSec: number): void {
  const { scale, scalePerSec, offsetRadPerSec } = lane.scale;
  const sense = senseOf(lane, parallel.value);
  const turnedRad = twin.measured.positionRad - twin.homeRad;
  const wayRad = sense * turnedRad;
  const wayRadPerSec = sense * twin.measured.velocityRadPerSec + (senseOf(lane, parallel.perSec) - 1) * turnedRad;
  const positionRad = wishedRad(lane, twin, parallel.value);
  const within = positionRad === wishRad(lane, wayRad);
  lane.following.follow(positionRad, within ? scale * wayRadPerSec + scalePerSec * wayRad + offsetRadPerSec : 0, elapsedSec);
}
