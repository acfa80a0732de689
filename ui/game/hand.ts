/** Where the hand is, from the joints that are measured: as the game in the controller has it. */
import { armLengths, armPoints, noArmPoints } from '../../protocols/arm-kinematics.ts';
import { isArm, sensedJointsOf, type RobotProfile } from '../../protocols/profile.ts';
import type { LiveTelemetry } from '../state/live-telemetry.ts';

export interface Hand {
  readonly armLengthM: number;
  /** From the shoulder: forward, left, up; null: a joint is not believed. */
  at(telemetry: LiveTelemetry): readonly [number, number, number] | null;
}

/** @returns null: this robot has no arm that moves by itself */
export function createHand(profile: RobotProfile, heightM: number): Hand | null {
  const sensed = sensedJointsOf(profile);
  const side = sensed[0]?.side;
  if (!isArm(profile) || side === undefined) return null;
  const lengths = armLengths(profile.geometry, heightM);
  const points = noArmPoints();
  const anglesRad = new Float64Array(sensed.length);
  return {
    armLengthM: lengths.upperArmM + lengths.forearmM + lengths.handM,
    at(telemetry) {
      for (const [i, { id }] of sensed.entries()) {
        if (telemetry.value(`sensedTrusted.${id}`) !== 1) return null;
        anglesRad[i] = telemetry.value(`sensedPositionRad.${id}`);
      }
      const { tipM } = armPoints(lengths, side, anglesRad, points);
      return [tipM[0] ?? 0, tipM[1] ?? 0, tipM[2] ?? 0];
    },
  };
}
