/**
 * What the person adds to the joints of a leg: the torque that orthosis and relaxed limb need for the motion that is seen,
 * compared with the joint torque sensors. Found by a momentum observer, which needs no acceleration (A. De Luca, A.
 * Albu-Schäffer, S. Haddadin, G. Hirzinger, Collision detection and safe control with the DLR-III lightweight arm, IROS
 * 2006). The sensors sit between gear and segment, so the drives' friction and rotors do not enter.
 */
import { cos, sin } from '../../protocols/math.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { sides, type SessionSetup } from '../../protocols/supervision.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { createLegModel, type LegModel } from './leg-dynamics.ts';

/** Own value: faster follows the noise of the drives' speeds (0.2 Nm at the hip), slower gives time away. */
const OBSERVER_PER_SEC = 100;

export interface SensedJoint {
  /** Motor side. */
  readonly positionRad: number;
  readonly velocityRadPerSec: number;
  /** Between gear and segment. */
  readonly jointTorqueNm: number;
}

interface LegObserver {
  readonly hip: number;
  readonly knee: number;
  /** What the momenta of thigh and shank would be with the torques known so far, N·m·s; NaN: not begun. */
  thighNms: number;
  shankNms: number;
}

export class InteractionTorque {
  /** Per joint in the profile's order, Nm, flexion positive: what muscles, tissue and others add. NaN: unknown. */
  readonly torqueNm: Float64Array;
  readonly #model: LegModel;
  readonly #legs: readonly LegObserver[];

  constructor(profile: RobotProfile, setup: SessionSetup | null) {
    this.#model = createLegModel(profile, setup, setup?.heightM);
    this.torqueNm = new Float64Array(profile.joints.length);
    this.#legs = sides.map((side) => {
      const place = (kind: 'hip' | 'knee'): number => profile.joints.findIndex((joint) => joint.side === side && joint.kind === kind);
      return { hip: place('hip'), knee: place('knee'), thighNms: Number.NaN, shankNms: Number.NaN };
    });
  }

  /** Once per cycle. */
  update(joints: readonly SensedJoint[], elapsedUs: number): void {
    for (const leg of this.#legs) {
      const hip = joints[leg.hip];
      const knee = joints[leg.knee];
      if (hip !== undefined && knee !== undefined) this.#observe(leg, hip, knee, elapsedUs / US_PER_S);
    }
  }

  #observe(leg: LegObserver, hip: SensedJoint, knee: SensedJoint, elapsedSec: number): void {
    const { thighInertiaKgM2, shankInertiaKgM2, couplingKgM2, thighGravityNm, shankGravityNm } = this.#model;
    const thighSpeed = hip.velocityRadPerSec;
    const shankSpeed = hip.velocityRadPerSec - knee.velocityRadPerSec;
    const along = couplingKgM2 * cos(knee.positionRad);
    const across = couplingKgM2 * sin(knee.positionRad) * thighSpeed * shankSpeed;
    const thighNms = thighInertiaKgM2 * thighSpeed + along * shankSpeed;
    const shankNms = shankInertiaKgM2 * shankSpeed + along * thighSpeed;
    if (!Number.isFinite(leg.thighNms + leg.shankNms)) {
      leg.thighNms = thighNms;
      leg.shankNms = shankNms;
    }
    const thighNm = OBSERVER_PER_SEC * (thighNms - leg.thighNms);
    const shankNm = OBSERVER_PER_SEC * (shankNms - leg.shankNms);
    leg.thighNms += (hip.jointTorqueNm + knee.jointTorqueNm - across - thighGravityNm * sin(hip.positionRad) + thighNm) * elapsedSec;
    leg.shankNms += (-knee.jointTorqueNm + across - shankGravityNm * sin(hip.positionRad - knee.positionRad) + shankNm) * elapsedSec;
    this.torqueNm[leg.hip] = thighNm + shankNm;
    this.torqueNm[leg.knee] = -shankNm;
  }
}
