/** The muscles around one joint. */
export interface JointMuscles {
  /** Torque on the human joint for the coming physics step, flexion positive; once per `STEP_US`. */
  torqueNm(velocityRadPerSec: number, positionRad: number): number;
  /** Beside a wrist: of the hand around a handle. */
  readonly gripN?: number;
}
