/** Where a hand is, from the joints of its arm: as the game in the controller, and who evaluates an assessment, have it. */
import { armLengths, armPoints, noArmPoints } from '../../protocols/arm-kinematics.ts';
import { armsOf } from '../../protocols/arm-profile.ts';
import { armJointsOf, isArm, isDriven, sensedJointsOf, type RobotProfile } from '../../protocols/profile.ts';
import type { Side } from '../../protocols/supervision.ts';
import type { LiveTelemetry } from '../state/live-telemetry.ts';

/** From the shoulder: forward, left, up. */
export type HandPlace = readonly [number, number, number];

export interface Hand {
  readonly armLengthM: number;
  /** null: a joint is not believed. */
  at(telemetry: LiveTelemetry): HandPlace | null;
  /** With such angles of its joints, from the trunk outward. */
  placeOf(anglesRad: ArrayLike<number>): HandPlace;
}

/** @returns null: this robot has no arm on that side */
export function handOfArm(profile: RobotProfile, heightM: number, side: Side): Hand | null {
  if (!isArm(profile)) return null;
  const joints = armJointsOf(profile);
  const arm = armsOf(joints).find((candidate) => candidate.side === side);
  if (arm === undefined) return null;
  const ids = arm.places.map((place) => joints[place]?.id ?? '');
  const driven = new Set(profile.joints.map(({ id }) => id));
  const lengths = armLengths(profile.geometry, heightM);
  const points = noArmPoints();
  const anglesRad = new Float64Array(ids.length);
  const placeOf = (angles: ArrayLike<number>): HandPlace => {
    const { tipM } = armPoints(lengths, side, angles, points);
    return [tipM[0] ?? 0, tipM[1] ?? 0, tipM[2] ?? 0];
  };
  return {
    armLengthM: lengths.upperArmM + lengths.forearmM + lengths.handM,
    placeOf,
    at(telemetry) {
      for (const [i, id] of ids.entries()) {
        const own = driven.has(id);
        if (!own && telemetry.value(`sensedTrusted.${id}`) !== 1) return null;
        anglesRad[i] = telemetry.value(`${own ? 'encoderPositionRad' : 'sensedPositionRad'}.${id}`);
      }
      return anglesRad.every((angle) => Number.isFinite(angle)) ? placeOf(anglesRad) : null;
    },
  };
}

/** @returns null: this robot has no arm that moves by itself */
export function createHand(profile: RobotProfile, heightM: number): Hand | null {
  const [first] = sensedJointsOf(profile);
  return first === undefined || isDriven(profile) ? null : handOfArm(profile, heightM, first.side);
}
