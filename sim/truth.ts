/** What really happened in the robot, for those who judge: no device shows it. */
import type { JointPort } from './drives/device.ts';

export interface JointTruth {
  readonly positionRad: number;
  readonly velocityRadPerSec: number;
  readonly energised: boolean;
  /** When the drive last pushed or pulled; −1: it never has. */
  readonly lastTorqueUs: number;
}

export interface RobotTruth {
  readonly nowUs: number;
  /** In the order of the profile's joints. */
  readonly joints: readonly JointTruth[];
  /** When each cable was last pulled, by link; those that never were are not there. */
  readonly pulledUs: Readonly<Record<string, number>>;
}

/** Less than the friction of any joint. */
const NO_TORQUE_NM = 1e-3;

export class TruthKeeper {
  readonly #lastTorqueUs: Float64Array;
  readonly #pulledUs: Record<string, number> = {};

  constructor(
    joints: number,
    private readonly nowUs: () => number,
  ) {
    this.#lastTorqueUs = new Float64Array(joints).fill(-1);
  }

  /** The same joint, with an eye on what the drive does to it. */
  watched(joint: number, port: JointPort): JointPort {
    return {
      positionRad: () => port.positionRad(),
      velocityRadPerSec: () => port.velocityRadPerSec(),
      applyTorqueNm: (torqueNm) => {
        if (Math.abs(torqueNm) > NO_TORQUE_NM) this.#lastTorqueUs[joint] = this.nowUs();
        port.applyTorqueNm(torqueNm);
      },
    };
  }

  pulled(linkId: string): void {
    this.#pulledUs[linkId] = this.nowUs();
  }

  lastTorqueUs(joint: number): number {
    return this.#lastTorqueUs[joint] ?? -1;
  }

  get pulledUs(): Readonly<Record<string, number>> {
    return { ...this.#pulledUs };
  }
}
