/** A leg for laws to act on, that is where a test says. */
import { createLegModel } from '../../../../controller/estimation/leg-dynamics.ts';
import { evaluateReference, publishedShape, type GaitPlace, type ReferencePoint } from '../../../../controller/therapy/gait-reference.ts';
import { LegInertia } from '../../../../controller/therapy/leg-lanes.ts';
import { noLead, type LawJoint } from '../../../../controller/therapy/laws/law.ts';
import { degToRad } from '../../../../protocols/units.ts';
import { limits, profile } from '../../safety/fixtures.ts';

export const STRIDES_PER_SEC = 0.5;
export const PERIOD_SEC = 1 / profile.controlRateHz;
export const CYCLES_PER_STRIDE = Math.round(1 / (STRIDES_PER_SEC * PERIOD_SEC));
export const deviceOfLeg = createLegModel(profile, null, 1.8);
export const inertiaOfLeg = new LegInertia(deviceOfLeg, ['hip', 'knee']);

export class LawTestLeg {
  readonly place: GaitPlace = { phase: 0, cyclesPerSec: STRIDES_PER_SEC };
  readonly joints = [0, 1].map((j) => {
    const shape = publishedShape();
    const bounds = limits[j]!.permitted;
    return {
      profile: profile.joints[j]!,
      measured: { positionRad: 0, velocityRadPerSec: 0 },
      plan: { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 },
      restRad: degToRad(5),
      at: (place: GaitPlace, out: ReferencePoint) => evaluateReference(profile.joints[j]!.kind, place, shape, bounds, out),
      lead: noLead(),
    };
  }) satisfies LawJoint[];

  constructor() {
    this.goOn(0);
  }

  /** The belt goes on, and the pattern with it. */
  goOn(cycles = 1): void {
    this.place.phase += cycles * STRIDES_PER_SEC * PERIOD_SEC;
    for (const { at, plan } of this.joints) at(this.place, plan);
  }

  /** The leg is on its path, so many strides before the belt. */
  follow(ahead = 0): void {
    const there = { phase: this.place.phase + ahead, cyclesPerSec: STRIDES_PER_SEC };
    const point = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
    for (const { at, measured } of this.joints) {
      at(there, point);
      measured.positionRad = point.positionRad;
      measured.velocityRadPerSec = point.velocityRadPerSec;
    }
  }
}

/** What a lead does to the limb where it is, Nm. */
export function leadTorqueNm({ lead, measured, profile: joint }: LawJoint): number {
  return lead.stiffnessShare * joint.stiffnessNmPerRad * (lead.positionRad - measured.positionRad) + lead.dampingShare * joint.dampingNmsPerRad * (lead.velocityRadPerSec - measured.velocityRadPerSec) + lead.torqueNm;
}
