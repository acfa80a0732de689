/** The empty robot as its own drives have to carry and to move it, whatever its class. */
export interface DeviceModel {
  /** Torque that it asks of this joint where its joints are, Nm; NaN: it has no such joint. */
  gravityNm(index: number, joints: readonly JointAngle[]): number;
  /** What it has for this joint to accelerate, without the drive's rotor. */
  inertiaKgM2(index: number, joints: readonly JointAngle[]): number;
}

export interface JointAngle {
  readonly positionRad: number;
}

export interface JointMotion extends JointAngle {
  readonly velocityRadPerSec: number;
}

/** Of a robot that only drives, or whose measured joints nobody asks for. */
export const NOTHING_SEEN: readonly JointMotion[] = [];
