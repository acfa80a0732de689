/** One joint of an arm that trains: where it should be, and where it stops. */
import { emptyJointCommand, type JointCommand } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import type { ArmJoint, RangeRad } from '../../protocols/profile.ts';
import { degToRad } from '../../protocols/units.ts';
import { armBounds, UNSCALED, type JointScale } from './arm-program.ts';
import { turnsSideways } from './arm-roles.ts';
import { BrakePath } from './brake.ts';
import type { ReferencePoint } from './gait-reference.ts';
import { SLOW_RAD_PER_SEC, SmoothValue } from './smooth.ts';
import type { MeasuredJoint } from './therapy.ts';
import { Tracker } from './tracker.ts';

/** Of a joint's speed limit, for what goes after a person. */
const TRACKING_SHARE = 0.9;

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
  /** Along the program. */
  readonly reference: ReferencePoint;
  /** After the other arm. */
  readonly following: Tracker;
  /** Where the person has it, or left it. */
  readonly own: Tracker;
  /** How it moves. */
  readonly seen: Tracker;
  readonly plan: ReferencePoint;
  readonly stop: BrakePath;
  readonly command: JointCommand;
  /** Posture from which the pattern grows. */
  restRad: number;
  measured: MeasuredJoint;
}

const emptyPoint = (): ReferencePoint => ({ positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 });

export function createArmLane(profile: ArmJoint, index: number, permitted: RangeRad | undefined): ArmLane {
  const bounds = armBounds(profile, permitted);
  const tracker = (): Tracker => new Tracker(TRACKING_SHARE * degToRad(profile.speedLimitDegPerSec), degToRad(profile.accelerationLimitDegPerSec2));
  return {
    profile,
    index,
    homeRad: degToRad(profile.homePositionDeg),
    bounds,
    permitted: permitted ?? bounds,
    romScale: new SmoothValue(),
    offsetRad: new SmoothValue(),
    timing: new SmoothValue(SLOW_RAD_PER_SEC),
    scale: { ...UNSCALED },
    reference: emptyPoint(),
    following: tracker(),
    own: tracker(),
    seen: tracker(),
    plan: emptyPoint(),
    stop: new BrakePath(),
    command: emptyJointCommand(),
    restRad: bounds.min,
    measured: { positionRad: 0, velocityRadPerSec: 0 },
  };
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
