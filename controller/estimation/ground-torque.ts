/**
 * What the ground does to the joints of a leg, from the load cells under heel and forefoot: each vertical force times how far
 * in front of the joint it acts. The foot is taken to lie flat, and the drag of the belt, which no cell feels, is left out.
 */
import type { FootLoads } from '../../protocols/joints.ts';
import { emptyLegPoints, legPoints } from '../../protocols/kinematics.ts';
import { clamp } from '../../protocols/math.ts';
import type { JointKind, GaitProfile } from '../../protocols/profile.ts';
import { sides, type SessionSetup, type Side } from '../../protocols/supervision.ts';
import { kgToNewton } from '../../protocols/units.ts';

/** Drives carry the load with this time constant: the noise and the rattle of a foot that comes down are no load. Own value. */
const CARRY_SEC = 0.02;
/** What nobody knows of a foot that stands: the drag of the belt, as far as friction and springs go, and where under it the load is. Own values, found on the simulator. */
const DRAG_N = 40;
const LEVER_M = 0.03;
const FORGET_SEC = 0.2;
/** Of a joint's torque limit: what a wrong load cell may ask for; the rest is for the spring that leads the leg. Own value. */
const CARRY_SHARE = 0.6;

interface LegPlace {
  readonly side: Side;
  readonly hip: number;
  readonly knee: number;
  readonly hipMostNm: number;
  readonly kneeMostNm: number;
}

export class GroundTorque {
  /** Per joint in the profile's order, Nm, flexion positive: of the ground on the leg. */
  readonly torqueNm: Float64Array;
  /** How far that may be wrong. */
  readonly unknownNm: Float64Array;
  /** What the drives have to add to carry it. */
  readonly carryingNm: Float64Array;
  readonly #legs: readonly LegPlace[];
  readonly #geometry: { readonly thighM: number; readonly shankM: number };
  readonly #heelM: number;
  readonly #forefootM: number;
  readonly #mostN: number;
  readonly #points = emptyLegPoints();
  readonly #share: number;
  readonly #forgets: number;
  readonly #friction: number;

  private constructor({ joints, geometry, controlRateHz }: GaitProfile, { heelBehindFraction, forefootBeforeFraction, friction }: NonNullable<GaitProfile['geometry']['ground']>, { heightM, bodyMassKg }: SessionSetup) {
    const footM = geometry.footLengthFraction * heightM;
    this.torqueNm = new Float64Array(joints.length);
    this.unknownNm = new Float64Array(joints.length);
    this.carryingNm = new Float64Array(joints.length);
    this.#geometry = { thighM: geometry.thighFraction * heightM, shankM: geometry.shankFraction * heightM };
    this.#heelM = -heelBehindFraction * footM;
    this.#forefootM = forefootBeforeFraction * footM;
    this.#mostN = kgToNewton(bodyMassKg);
    this.#share = Math.min(1, 1 / (controlRateHz * CARRY_SEC));
    this.#friction = friction;
    this.#forgets = Math.min(1, 1 / (controlRateHz * FORGET_SEC));
    const place = (side: Side, kind: JointKind): number => joints.findIndex((joint) => joint.side === side && joint.kind === kind);
    const mostNm = (joint: number): number => CARRY_SHARE * (joints[joint]?.torqueLimitNm ?? 0);
    this.#legs = sides.map((side) => {
      const [hip, knee] = [place(side, 'hip'), place(side, 'knee')];
      return { side, hip, knee, hipMostNm: mostNm(hip), kneeMostNm: mostNm(knee) };
    });
  }

  /** @returns null where feet stand on nothing, or nobody knows whose */
  static of(profile: GaitProfile, setup: SessionSetup | null): GroundTorque | null {
    const { ground } = profile.geometry;
    return ground === undefined || setup === null ? null : new GroundTorque(profile, ground, setup);
  }

  /** Once per cycle. */
  update(joints: readonly { readonly positionRad: number }[], loads: FootLoads): void {
    for (const { side, hip, knee, hipMostNm, kneeMostNm } of this.#legs) {
      const left = side === 'left';
      const { kneeXM, kneeZM, ankleXM, ankleZM } = legPoints(this.#geometry, joints[hip]?.positionRad ?? 0, joints[knee]?.positionRad ?? 0, this.#points);
      const heelN = clamp(left ? loads.leftHeelN : loads.rightHeelN, 0, this.#mostN);
      const forefootN = clamp(left ? loads.leftForefootN : loads.rightForefootN, 0, this.#mostN);
      const ankleNm = heelN * this.#heelM + forefootN * this.#forefootM;
      const standsN = heelN + forefootN;
      const dragN = Math.min(DRAG_N, this.#friction * standsN);
      this.#doubt(hip, LEVER_M * standsN - dragN * ankleZM);
      this.#doubt(knee, LEVER_M * standsN + dragN * (kneeZM - ankleZM));
      this.#set(hip, standsN * ankleXM + ankleNm, hipMostNm);
      this.#set(knee, standsN * (kneeXM - ankleXM) - ankleNm, kneeMostNm);
    }
  }

  /** A foot that leaves the ground lets go of what it had stretched. */
  #doubt(joint: number, unknownNm: number): void {
    const before = this.unknownNm[joint] ?? 0;
    this.unknownNm[joint] = Math.max(unknownNm, before - this.#forgets * before);
  }

  #set(joint: number, torqueNm: number, mostNm: number): void {
    const before = this.carryingNm[joint] ?? 0;
    this.torqueNm[joint] = torqueNm;
    this.carryingNm[joint] = before + this.#share * (clamp(-torqueNm, -mostNm, mostNm) - before);
  }
}
