/** A robot with somebody in it, as the scene moves it, whatever its class. Joints by their place in the profile. */
import type { Object3D, Vector3 } from 'three';
import type { RangeRad } from '../../protocols/profile.ts';

export interface JointLook {
  /** null: keep the last one. */
  readonly positionRad: number | null;
  readonly torqueNm: number;
  readonly stale: boolean;
}

export interface RobotFigure {
  readonly root: Object3D;
  /** How far apart the feet of who is in it are, m. */
  readonly stanceM: number;
  setJoint(index: number, look: JointLook): void;
  /** What belongs to no joint. @param stale nothing is known of any */
  setFrame(stale: boolean): void;
  setRange(index: number, permitted: RangeRad): void;
  /** Reference pose as a ghost, or null for none. @returns whether anything changed that can be seen */
  setReference(positionsRad: ArrayLike<number> | null): boolean;
  lookFrom(eye: Vector3): void;
  /** Beside it a joint's angle is written. */
  anchor(index: number): Object3D | undefined;
  /** Of the left and the right foot: forward of the hip, and above its lowest place; null: it has none that move. */
  feet(): readonly [{ x: number; y: number }, { x: number; y: number }] | null;
}
