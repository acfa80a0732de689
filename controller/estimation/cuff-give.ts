/**
 * Where a limb stands that its robot holds by cuffs, and what they exert on it: cuffs give like springs, so limb and robot differ
 * in their angles, and the same forces turn them a little differently. Of a leg, thigh and shank with a cuff each, found for both
 * angles at once; of an arm, joint by joint by the cuff behind it, which is coarser.
 */
import { armLengths } from '../../protocols/arm-kinematics.ts';
import { cos, sin } from '../../protocols/math.ts';
import { isArm, isGait, type ArmProfile, type GaitProfile, type LimbKind, type RobotProfile } from '../../protocols/profile.ts';
import { sides } from '../../protocols/supervision.ts';

/** Per joint of the profile. */
export interface CuffGive {
  /** Of the limb's own joints. */
  readonly limbRad: Float64Array;
  /** What the cuffs exert on them, flexion positive. */
  readonly onLimbNm: Float64Array;
  /** How long a spring takes against its damper. */
  readonly lagSec: number;
  /** @param cuffNm per joint: what the limb exerts on the robot */
  solve(anglesRad: ArrayLike<number>, cuffNm: ArrayLike<number>): void;
}

/** Where along its segment a cuff sits; own value, as the devices are built. */
const CUFF_FRACTION = 0.6;
/** The forces turn by as little as the angles do: each round leaves a tenth of the error. */
const ROUNDS = 4;

export function createCuffGive(profile: RobotProfile, heightM: number): CuffGive {
  if (isGait(profile)) return new LegCuffs(profile, heightM);
  if (isArm(profile)) return new ArmCuffs(profile, heightM);
  throw new RangeError(`profile ${profile.id} is of no class that is known here`);
}

class LegCuffs implements CuffGive {
  readonly limbRad: Float64Array;
  readonly onLimbNm: Float64Array;
  readonly lagSec: number;
  readonly #legs: readonly { hip: number; knee: number }[];
  readonly #thighM: number;
  readonly #thighCuffM: number;
  readonly #shankCuffM: number;
  readonly #nPerM: number;
  /** Torques of thigh and shank in the round just made: on the robot, and on the limb. */
  readonly #robotNm = { thigh: 0, shank: 0 };
  readonly #limbNm = { thigh: 0, shank: 0 };

  constructor({ geometry, joints }: GaitProfile, heightM: number) {
    this.limbRad = new Float64Array(joints.length);
    this.onLimbNm = new Float64Array(joints.length);
    const place = (side: string, kind: string): number => joints.findIndex((joint) => joint.side === side && joint.kind === kind);
    this.#legs = sides.map((side) => ({ hip: place(side, 'hip'), knee: place(side, 'knee') }));
    this.#thighM = geometry.thighFraction * heightM;
    this.#thighCuffM = CUFF_FRACTION * this.#thighM;
    this.#shankCuffM = CUFF_FRACTION * geometry.shankFraction * heightM;
    this.#nPerM = geometry.cuffStiffnessNPerM;
    this.lagSec = geometry.cuffDampingNsPerM / geometry.cuffStiffnessNPerM;
  }

  solve(anglesRad: ArrayLike<number>, cuffNm: ArrayLike<number>): void {
    for (let j = 0; j < this.limbRad.length; j++) {
      this.limbRad[j] = anglesRad[j] ?? Number.NaN;
      this.onLimbNm[j] = -(cuffNm[j] ?? Number.NaN);
    }
    for (const leg of this.#legs) this.#solveLeg(leg, anglesRad, cuffNm);
  }

  #solveLeg({ hip, knee }: { hip: number; knee: number }, anglesRad: ArrayLike<number>, cuffNm: ArrayLike<number>): void {
    const [hipRad = Number.NaN, kneeRad = Number.NaN, hipNm = Number.NaN, kneeNm = Number.NaN] = [anglesRad[hip], anglesRad[knee], cuffNm[hip], cuffNm[knee]];
    const [thighRad, shankRad] = [hipRad, hipRad - kneeRad];
    const [a1, a2, length] = [this.#thighCuffM, this.#shankCuffM, this.#thighM];
    const [k11, k12, k22] = [this.#nPerM * (a1 * a1 + length * length), this.#nPerM * length * a2 * cos(kneeRad), this.#nPerM * a2 * a2];
    let [limbThighRad, limbShankRad] = [thighRad, shankRad];
    for (let round = 0; round < ROUNDS; round++) {
      this.#pull(thighRad, shankRad, limbThighRad, limbShankRad);
      const [offThigh, offShank] = [hipNm + kneeNm - this.#robotNm.thigh, -kneeNm - this.#robotNm.shank];
      limbThighRad += (k22 * offThigh - k12 * offShank) / (k11 * k22 - k12 * k12);
      limbShankRad += (k11 * offShank - k12 * offThigh) / (k11 * k22 - k12 * k12);
    }
    this.#pull(thighRad, shankRad, limbThighRad, limbShankRad);
    this.limbRad[hip] = limbThighRad;
    this.limbRad[knee] = limbThighRad - limbShankRad;
    this.onLimbNm[hip] = this.#limbNm.thigh + this.#limbNm.shank;
    this.onLimbNm[knee] = -this.#limbNm.shank;
  }

  /** Forces of both springs by where their ends are; segments in their own angles, from the vertical. */
  #pull(thighRad: number, shankRad: number, limbThighRad: number, limbShankRad: number): void {
    const [a1, a2, length, n] = [this.#thighCuffM, this.#shankCuffM, this.#thighM, this.#nPerM];
    const [ts, tc, ss, sc] = [sin(thighRad), cos(thighRad), sin(shankRad), cos(shankRad)];
    const [lts, ltc, lss, lsc] = [sin(limbThighRad), cos(limbThighRad), sin(limbShankRad), cos(limbShankRad)];
    const [x1, z1] = [n * a1 * (lts - ts), n * a1 * (tc - ltc)];
    const [x2, z2] = [n * (length * (lts - ts) + a2 * (lss - ss)), n * (length * (tc - ltc) + a2 * (sc - lsc))];
    this.#robotNm.thigh = a1 * (x1 * tc + z1 * ts) + length * (x2 * tc + z2 * ts);
    this.#robotNm.shank = a2 * (x2 * sc + z2 * ss);
    this.#limbNm.thigh = -a1 * (x1 * ltc + z1 * lts) - length * (x2 * ltc + z2 * lts);
    this.#limbNm.shank = -a2 * (x2 * lsc + z2 * lss);
  }
}

class ArmCuffs implements CuffGive {
  readonly limbRad: Float64Array;
  readonly onLimbNm: Float64Array;
  readonly lagSec: number;
  readonly #nmPerRad: readonly number[];

  constructor({ geometry, joints }: ArmProfile, heightM: number) {
    const { upperArmM, forearmM, handM } = armLengths(geometry, heightM);
    // Turns about a segment's own axis are held by its pads' breadth.
    const leverM: Readonly<Record<LimbKind, number>> = { shoulderHorizontal: CUFF_FRACTION * upperArmM, shoulderElevation: CUFF_FRACTION * upperArmM, shoulderRotation: geometry.cuffRadiusM, elbow: CUFF_FRACTION * forearmM, forearm: geometry.cuffRadiusM, wrist: CUFF_FRACTION * handM, hip: Number.NaN, knee: Number.NaN, ankle: Number.NaN };
    this.limbRad = new Float64Array(joints.length);
    this.onLimbNm = new Float64Array(joints.length);
    this.lagSec = geometry.cuffDampingNsPerM / geometry.cuffStiffnessNPerM;
    this.#nmPerRad = joints.map(({ kind }) => geometry.cuffStiffnessNPerM * leverM[kind] * leverM[kind]);
  }

  solve(anglesRad: ArrayLike<number>, cuffNm: ArrayLike<number>): void {
    for (let j = 0; j < this.limbRad.length; j++) {
      this.limbRad[j] = (anglesRad[j] ?? Number.NaN) + (cuffNm[j] ?? Number.NaN) / (this.#nmPerRad[j] ?? Number.NaN);
      this.onLimbNm[j] = -(cuffNm[j] ?? Number.NaN);
    }
  }
}
