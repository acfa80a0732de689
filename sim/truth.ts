/** What really happened in the robot, for those who judge: no device shows it. */
import type { Footing, FootTruth } from './body/footing.ts';
import type { JointPort } from './drives/device.ts';
import type { Side } from '../protocols/supervision.ts';

export interface JointTruth {
  readonly positionRad: number;
  readonly velocityRadPerSec: number;
  /** What its motor makes, at the joint, before friction. */
  readonly motorTorqueNm: number;
  /** What the limb exerts on it through its cuffs. */
  readonly cuffTorqueNm: number;
  readonly energised: boolean;
  /** When the drive last pushed or pulled; −1: it never has. */
  readonly lastTorqueUs: number;
}

export interface RobotTruth {
  readonly nowUs: number;
  /** In the order of the profile's joints, those that are only measured behind the driven ones. */
  readonly joints: readonly JointTruth[];
  /** When each cable was last pulled, by link; those that never were are not there. */
  readonly pulledUs: Readonly<Record<string, number>>;
  /** Belt, unloading and rope brake; 0 and false where the robot drives none. */
  readonly beltMps: number;
  readonly unloadingN: number;
  readonly supportLocked: boolean;
  /** Of the robot's shoulder over the ground; null: it has no lift. */
  readonly liftM: number | null;
  /** null: his feet swing free. */
  readonly ground: GroundTruth | null;
}

export interface GroundTruth {
  /** Of the hips above the belt. */
  readonly pelvisHeightM: number;
  readonly feet: Readonly<Record<Side, FootTruth>>;
}

/** As it is now. */
export const groundTruth = ({ pelvisHeightM, feet }: Footing): GroundTruth => ({ pelvisHeightM, feet: { left: footTruth(feet.left), right: footTruth(feet.right) } });

const footTruth = ({ heel, forefoot }: FootTruth): FootTruth => ({ heel: { ...heel }, forefoot: { ...forefoot } });

/** The same to be filled again and again: judges look after every physics step. Arrays in the order of the profile's joints. */
export interface TruthRecord {
  nowUs: number;
  beltMps: number;
  unloadingN: number;
  supportLocked: boolean;
  readonly positionRad: Float64Array;
  readonly velocityRadPerSec: Float64Array;
  readonly motorTorqueNm: Float64Array;
  readonly cuffTorqueNm: Float64Array;
  /** 1: energised */
  readonly energised: Uint8Array;
  /** −1: never */
  readonly lastTorqueUs: Float64Array;
}

export const emptyTruthRecord = (joints: number): TruthRecord => ({
  nowUs: 0,
  beltMps: 0,
  unloadingN: 0,
  supportLocked: false,
  positionRad: new Float64Array(joints),
  velocityRadPerSec: new Float64Array(joints),
  motorTorqueNm: new Float64Array(joints),
  cuffTorqueNm: new Float64Array(joints),
  energised: new Uint8Array(joints),
  lastTorqueUs: new Float64Array(joints),
});

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
