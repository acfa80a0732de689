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
