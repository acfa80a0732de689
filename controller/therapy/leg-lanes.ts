/** What guided gait keeps of each joint and of each leg. */
import { inertiaTorques, noLegMotion, noLegTorques, setJointMotion, torqueOf, type LegModel, type LegMotion, type LegTorques } from '../estimation/leg-dynamics.ts';
import { emptyJointCommand, type JointCommand } from '../../protocols/joints.ts';
import { legKinds, toRangeRad, type LegJoint, type LegKind, type RangeRad } from '../../protocols/profile.ts';
import type { Side } from '../../protocols/supervision.ts';
import type { Trajectory } from '../../protocols/trajectory.ts';
import { BrakePath } from './brake.ts';
import { evaluateReference, publishedShape, referenceBounds, shownSeries, type CurveShape, type GaitPlace, type ReferencePoint, type Series } from './gait-reference.ts';
import { noLead, type Lead } from './laws/law.ts';
import { SLOW_RAD_PER_SEC, SmoothValue } from './smooth.ts';
import type { MeasuredJoint } from './therapy.ts';
import type { DeviceInertia } from './laws/transparent.ts';
import { TrainingLaws, type LawTuning } from './training-laws.ts';

export interface JointLane {
  readonly profile: LegJoint;
  readonly index: number;
  readonly bounds: RangeRad;
  readonly permitted: RangeRad;
  readonly romScale: SmoothValue;
  readonly offsetRad: SmoothValue;
  readonly timing: SmoothValue;
  readonly shape: CurveShape;
  readonly reference: ReferencePoint;
  /** What somebody showed it; null: nothing. */
  readonly shown: Series | null;
  readonly shownReference: ReferencePoint;
  readonly plan: ReferencePoint;
  /** Fills `out` with its part of the pattern, as the therapist shaped it. */
  at(place: Readonly<GaitPlace>, out: ReferencePoint): void;
  readonly brake: BrakePath;
  readonly lead: Lead;
  readonly command: JointCommand;
  /** What its drive has to carry and to move; the inertia of the wanted motion without the rotor. */
  gravityNm: number;
  inertiaNm: number;
  limbInertiaKgM2: number;
  /** Posture from which the pattern grows and to which it returns. */
  restRad: number;
  measured: MeasuredJoint;
}

export interface LegLane {
  readonly side: Side;
  readonly hip: JointLane;
  readonly knee: JointLane;
  /** null: no drive moves it. */
  readonly ankle: JointLane | null;
  /** These, from the trunk outward. */
  readonly joints: readonly JointLane[];
  readonly guidance: SmoothValue;
  readonly place: GaitPlace;
  readonly laws: TrainingLaws;
  /** 0 as guided … 1 soft. */
  softness: number;
  /** A person works against it: it is stopped no harder than a limb may be held. */
  yields: boolean;
  /** It is off the ground; in a stop: it was. */
  swings: boolean;
  readonly motion: LegMotion;
  readonly deviceGravity: LegTorques;
  readonly gravity: LegTorques;
  readonly inertia: LegTorques;
}

const emptyPoint = (): ReferencePoint => ({ positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 });

export function createJointLane(profile: LegJoint, index: number, permitted: RangeRad | undefined, kneeMinDeg: number, trajectory: Trajectory | undefined): JointLane {
  const bounds = referenceBounds(profile, permitted ?? toRangeRad(profile.softRangeDeg), kneeMinDeg);
  const shape = publishedShape();
  return {
    profile,
    index,
    bounds,
    permitted: permitted ?? bounds,
    romScale: new SmoothValue(),
    offsetRad: new SmoothValue(),
    timing: new SmoothValue(SLOW_RAD_PER_SEC),
    shape,
    reference: emptyPoint(),
    shown: shownSeries(trajectory, profile.id),
    shownReference: emptyPoint(),
    plan: emptyPoint(),
    at: (place, out) => evaluateReference(profile.kind, place, shape, bounds, out),
    brake: new BrakePath(),
    lead: noLead(),
    command: emptyJointCommand(),
    gravityNm: 0,
    inertiaNm: 0,
    limbInertiaKgM2: 0,
    restRad: bounds.min,
    measured: { positionRad: 0, velocityRadPerSec: 0 },
  };
}

export function createLegLane(side: Side, joints: readonly JointLane[], device: LegModel): LegLane[] {
  const [hip, knee, ankle = null] = legKinds.map((kind) => joints.find((lane) => lane.profile.side === side && lane.profile.kind === kind));
  if (hip === undefined || knee === undefined) return [];
  const chain = ankle === null ? [hip, knee] : [hip, knee, ankle];
  return [{ side, hip, knee, ankle, joints: chain, guidance: new SmoothValue(), place: { phase: 0, cyclesPerSec: 0, cyclesPerSec2: 0 }, laws: new TrainingLaws(chain.length, new LegInertia(device, chain.map(({ profile: { kind } }) => kind)), LEG_TUNING), softness: 0, yields: false, swings: false, motion: noLegMotion(), deviceGravity: noLegTorques(), gravity: noLegTorques(), inertia: noLegTorques() }];
}

/** Own values. The limb's weight is left to the patient: carried, a passive leg floats up. */
export const LEG_TUNING: LawTuning = {
  stiffnessForgettingCycles: 8,
  torqueForgettingCycles: 4,
  learnedNmPerRad: () => 100,
  compensatedShare: 0.9,
  resistDampingShare: 1,
  carriedShare: { guided: 0, pathControl: 0, assistStiffness: 0, assistTorque: 0, resist: 0 },
};

/** One leg of the orthosis alone. */
export class LegInertia implements DeviceInertia {
  readonly #motion = noLegMotion();
  readonly #joint = emptyPoint();
  readonly #torques = noLegTorques();

  constructor(
    private readonly model: LegModel,
    private readonly kinds: readonly LegKind[],
  ) {}

  inertia(anglesRad: ArrayLike<number>, radPerSec: ArrayLike<number>, radPerSec2: ArrayLike<number>, outNm: Float64Array): void {
    for (let j = 0; j < this.kinds.length; j++) {
      this.#joint.positionRad = anglesRad[j] ?? 0;
      this.#joint.velocityRadPerSec = radPerSec[j] ?? 0;
      this.#joint.accelerationRadPerSec2 = radPerSec2[j] ?? 0;
      setJointMotion(this.#motion, this.kinds[j] ?? 'hip', this.#joint);
    }
    inertiaTorques(this.model, this.#motion, this.#torques);
    for (let j = 0; j < this.kinds.length; j++) outNm[j] = torqueOf(this.kinds[j] ?? 'hip', this.#torques);
  }
}
