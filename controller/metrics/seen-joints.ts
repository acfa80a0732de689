/** Joints that are only measured, out of a session's rows: where each was last believed to be, and how fast it was seen to move. */
import { fieldOffset, layoutOf } from '../../protocols/session-log.ts';
import { sensedJointsOf, type RobotProfile } from '../../protocols/profile.ts';
import { US_PER_S } from '../../protocols/units.ts';
import type { JointMotion } from '../estimation/device-model.ts';

/** Time constant of the speed, which nobody measures; as the controller has it. */
const SPEED_S = 0.03;

interface Lane {
  readonly joint: { -readonly [K in keyof JointMotion]: JointMotion[K] };
  readonly position: number;
  readonly age: number;
  readonly trusted: number;
  atUs: number;
}

export class SeenJoints {
  /** In the order of the profile; the same objects always. */
  readonly joints: readonly JointMotion[];
  readonly #lanes: readonly Lane[];
  readonly #now: number;

  constructor(profile: RobotProfile) {
    const layout = layoutOf(profile);
    this.#now = fieldOffset(layout, 'nowUs');
    this.#lanes = sensedJointsOf(profile).map((_, i) => ({
      joint: { positionRad: 0, velocityRadPerSec: 0 },
      position: fieldOffset(layout, 'sensedPositionRad', i),
      age: fieldOffset(layout, 'sensedAgeUs', i),
      trusted: fieldOffset(layout, 'sensedTrusted', i),
      atUs: Number.NaN,
    }));
    this.joints = this.#lanes.map(({ joint }) => joint);
  }

  /** @param start index of the row's first number in `rows` */
  row(rows: Float64Array, start: number): void {
    for (const lane of this.#lanes) {
      if (rows[start + lane.trusted] !== 1) continue;
      const { joint } = lane;
      const atUs = (rows[start + this.#now] ?? Number.NaN) - (rows[start + lane.age] ?? Number.NaN);
      const elapsedSec = (atUs - lane.atUs) / US_PER_S;
      if (elapsedSec <= 0) continue;
      const positionRad = rows[start + lane.position] ?? Number.NaN;
      if (elapsedSec > 0) joint.velocityRadPerSec += (positionRad - joint.positionRad - elapsedSec * joint.velocityRadPerSec) / (elapsedSec + SPEED_S);
      joint.positionRad = positionRad;
      lane.atUs = atUs;
    }
  }
}
