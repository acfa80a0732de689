/**
 * What the person adds to the joints of a leg: the torque that orthosis and relaxed limb need for the motion that is seen,
 * compared with the joint torque sensors. Found by a momentum observer, which needs no acceleration (A. De Luca, A.
 * Albu-Schäffer, S. Haddadin, G. Hirzinger, Collision detection and safe control with the DLR-III lightweight arm, IROS
 * 2006). The sensors sit between gear and segment, so the drives' friction and rotors do not enter.
 */
import { cos, sin } from '../../protocols/math.ts';
import type { FootLoads } from '../../protocols/joints.ts';
import type { GaitProfile, LegKind } from '../../protocols/profile.ts';
import { sides, type SessionSetup } from '../../protocols/supervision.ts';
import { GroundTorque } from './ground-torque.ts';
import { createLegModel, type LegModel } from './leg-dynamics.ts';
import { follow, unknownMomentum, type Momentum } from './momentum.ts';
import { CycleTimes, ReadingTime, type Reading } from './reading-time.ts';

export interface SensedJoint extends Reading {
  /** Motor side. */
  readonly positionRad: number;
  readonly velocityRadPerSec: number;
  /** Between gear and segment. */
  readonly jointTorqueNm: number;
}

/** What presses on the feet of who stands in the robot. */
export interface GroundLoad {
  /** Per joint, Nm: how far what is known of it may be wrong. */
  readonly unknownNm: Float64Array;
  /** What the drives have to add to carry it. */
  readonly carryingNm: Float64Array;
}

/** What a robot of any class tells of who is in it. */
export interface InteractionEstimate {
  /** Per joint in the profile's order, Nm, flexion positive: what muscles, tissue and others add. NaN: unknown. */
  readonly torqueNm: Float64Array;
  /** Per joint: 1 when this cycle brought a new estimate. */
  readonly isNew: Uint8Array;
  /** null: no feet stand on anything. */
  readonly ground: GroundLoad | null;
  /** Once per cycle. */
  update(joints: readonly SensedJoint[], nowUs: number, feet: FootLoads): void;
}

interface LegObserver {
  readonly hip: number;
  readonly knee: number;
  /** −1: no drive moves it. */
  readonly ankle: number;
  readonly thigh: Momentum;
  readonly shank: Momentum;
  readonly foot: Momentum;
  readonly time: ReadingTime;
}

/** Stands for the ankle of a foot that is fixed to its shank: it never moves, and its readings are always there. */
const FIXED: SensedJoint = { positionRad: 0, velocityRadPerSec: 0, motorAtUs: Infinity, motorSequence: Infinity, jointTorqueNm: 0 };

export class InteractionTorque implements InteractionEstimate {
  readonly torqueNm: Float64Array;
  readonly isNew: Uint8Array;
  readonly ground: GroundTorque | null;
  readonly #model: LegModel;
  readonly #cycles = new CycleTimes();
  readonly #legs: readonly LegObserver[];

  constructor(profile: GaitProfile, setup: SessionSetup | null) {
    this.#model = createLegModel(profile, setup, setup?.heightM);
    this.ground = GroundTorque.of(profile, setup);
    this.torqueNm = new Float64Array(profile.joints.length);
    this.isNew = new Uint8Array(profile.joints.length);
    this.#legs = sides.map((side) => {
      const place = (kind: LegKind): number => profile.joints.findIndex((joint) => joint.side === side && joint.kind === kind);
      const [hip, knee, ankle] = [place('hip'), place('knee'), place('ankle')];
      const time = new ReadingTime(this.#cycles, ankle < 0 ? [hip, knee] : [hip, knee, ankle]);
      return { hip, knee, ankle, thigh: unknownMomentum(), shank: unknownMomentum(), foot: unknownMomentum(), time };
    });
  }

  update(joints: readonly SensedJoint[], nowUs: number, feet: FootLoads): void {
    this.isNew.fill(0);
    this.ground?.update(joints, feet);
    this.#cycles.note(nowUs);
    for (const leg of this.#legs) {
      const hip = joints[leg.hip];
      const knee = joints[leg.knee];
      // A foot that no drive moves is part of the shank.
      if (hip !== undefined && knee !== undefined && leg.time.take(joints)) this.#observe(leg, hip, knee, leg.ankle < 0 ? FIXED : joints[leg.ankle]);
    }
  }

  #observe(leg: LegObserver, hip: SensedJoint, knee: SensedJoint, ankle: SensedJoint = FIXED): void {
    const { seconds } = leg.time;
    const model = this.#model;
    const shankRad = hip.positionRad - knee.positionRad;
    const footRad = shankRad + ankle.positionRad;
    const thighSpeed = hip.velocityRadPerSec;
    const shankSpeed = hip.velocityRadPerSec - knee.velocityRadPerSec;
    const footSpeed = shankSpeed + ankle.velocityRadPerSec;
    const thighFootRad = hip.positionRad - footRad;
    const shankFootRad = shankRad - footRad;
    const h12 = model.couplingKgM2 * cos(knee.positionRad);
    const h13 = model.thighFootKgM2 * cos(thighFootRad) + model.thighFootAcrossKgM2 * sin(thighFootRad);
    const h23 = model.shankFootKgM2 * cos(shankFootRad) + model.shankFootAcrossKgM2 * sin(shankFootRad);
    const x12 = model.couplingKgM2 * sin(knee.positionRad) * thighSpeed * shankSpeed;
    const x13 = (model.thighFootKgM2 * sin(thighFootRad) - model.thighFootAcrossKgM2 * cos(thighFootRad)) * thighSpeed * footSpeed;
    const x23 = (model.shankFootKgM2 * sin(shankFootRad) - model.shankFootAcrossKgM2 * cos(shankFootRad)) * shankSpeed * footSpeed;
    const thighNms = model.thighInertiaKgM2 * thighSpeed + h12 * shankSpeed + h13 * footSpeed;
    const shankNms = model.shankInertiaKgM2 * shankSpeed + h12 * thighSpeed + h23 * footSpeed;
    const footNms = model.footInertiaKgM2 * footSpeed + h13 * thighSpeed + h23 * shankSpeed;
    const hipNm = hip.jointTorqueNm + (this.ground?.torqueNm[leg.hip] ?? 0);
    const kneeNm = knee.jointTorqueNm + (this.ground?.torqueNm[leg.knee] ?? 0);
    follow(leg.thigh, thighNms, hipNm + kneeNm - x12 - x13 - model.thighGravityNm * sin(hip.positionRad), seconds);
    follow(leg.shank, shankNms, -kneeNm - ankle.jointTorqueNm + x12 - x23 - model.shankGravityNm * sin(shankRad), seconds);
    follow(leg.foot, footNms, ankle.jointTorqueNm + x13 + x23 - model.footGravityNm * sin(footRad) - model.footForwardNm * cos(footRad), seconds);
    const isNew = Number.isNaN(seconds) ? 0 : 1;
    this.torqueNm[leg.hip] = leg.thigh.unknownNm + (leg.shank.unknownNm + leg.foot.unknownNm);
    this.torqueNm[leg.knee] = -(leg.shank.unknownNm + leg.foot.unknownNm);
    this.isNew[leg.hip] = this.isNew[leg.knee] = isNew;
    if (leg.ankle < 0) return;
    this.torqueNm[leg.ankle] = leg.foot.unknownNm;
    this.isNew[leg.ankle] = isNew;
  }
}
