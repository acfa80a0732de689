/** A robot with somebody in it, as the scene moves it, whatever its class. Joints by their place in the profile. */
import type { Object3D, Vector3 } from 'three';
import type { RangeRad } from '../../protocols/profile.ts';

export interface JointLook {
  /** null: keep the last one. */
  readonly positionRad: number | null;
  readonly torqueNm: number;
  readonly stale: boolean;
}

/** What must fit into the picture, with a little air: around a place above the middle of the floor, m. */
export interface Picture {
  readonly forwardM: number;
  readonly aboveM: number;
  readonly heightM: number;
  readonly widthM: number;
}

/** The legs and the pelvis frame. */
export const LEGS_PICTURE: Picture = { forwardM: 0.02, aboveM: 0.66, heightM: 1.5, widthM: 1.25 };

export interface RobotFigure {
  readonly root: Object3D;
  /** How far apart the feet of who is in it are, m. */
  readonly stanceM: number;
  readonly picture: Picture;
  setJoint(index: number, look: JointLook): void;
  /** What belongs to no joint. @param stale nothing is known of any */
  setFrame(stale: boolean): void;
  /** Of its shoulder over the floor, m. @returns whether anything changed that can be seen */
  setLift?(heightM: number): boolean;
  setRange(index: number, permitted: RangeRad): void;
  /** Reference pose as a ghost, or null for none. @returns whether anything changed that can be seen */
  setReference(positionsRad: ArrayLike<number> | null): boolean;
  lookFrom(eye: Vector3): void;
  /** Beside it a joint's angle is written. */
  anchor(index: number): Object3D | undefined;
  /** Of the left and the right foot: forward of the hip, and above its lowest place; null: it has none that move. */
  feet(): readonly [{ x: number; y: number }, { x: number; y: number }] | null;
}
