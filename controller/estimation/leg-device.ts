/** An empty gait robot: two legs of orthosis. */
import type { GaitProfile, LegJoint, LegKind } from '../../protocols/profile.ts';
import type { DeviceModel, JointAngle } from './device-model.ts';
import { createLegModel, gravityTorques, jointInertiaKgM2, noLegTorques, torqueOf, type LegModel, type LegTorques } from './leg-dynamics.ts';

interface Lane {
  readonly kind: LegKind;
  /** Places of the joints of the same leg; −1: it has none. */
  readonly hip: number;
  readonly knee: number;
  readonly ankle: number;
  readonly gravity: LegTorques;
}

export class LegDevice implements DeviceModel {
  readonly #model: LegModel;
  readonly #lanes: readonly Lane[];

  constructor(profile: GaitProfile) {
    const place = ({ side }: LegJoint, kind: LegKind): number => profile.joints.findIndex((joint) => joint.side === side && joint.kind === kind);
    this.#model = createLegModel(profile, null);
    this.#lanes = profile.joints.map((joint) => ({ kind: joint.kind, hip: place(joint, 'hip'), knee: place(joint, 'knee'), ankle: place(joint, 'ankle'), gravity: noLegTorques() }));
  }

  gravityNm(index: number, joints: readonly JointAngle[]): number {
    const lane = this.#lanes[index];
    if (lane === undefined) return Number.NaN;
    gravityTorques(this.#model, joints[lane.hip]?.positionRad ?? 0, joints[lane.knee]?.positionRad ?? 0, joints[lane.ankle]?.positionRad ?? 0, lane.gravity);
    return torqueOf(lane.kind, lane.gravity);
  }

  inertiaKgM2(index: number, joints: readonly JointAngle[]): number {
    const lane = this.#lanes[index];
    return lane === undefined ? Number.NaN : jointInertiaKgM2(this.#model, lane.kind, joints[lane.knee]?.positionRad ?? 0, joints[lane.ankle]?.positionRad ?? 0);
  }
}
