/** Device with the limb in it, whatever the class of the robot: what holding and moving it asks of every joint, in the profile's order. */
import { armsOf, type OneArm } from '../../protocols/arm-profile.ts';
import { isArm, isFootplate, isGait, type ArmProfile, type GaitProfile, type LegKind, type RobotProfile } from '../../protocols/profile.ts';
import { sides } from '../../protocols/supervision.ts';
import { createArmChain } from './arm-dynamics.ts';
import { NOTHING_SEEN, type JointMotion } from './device-model.ts';
import type { DrivenChain } from './driven-chain.ts';
import { createLegModel, gravityTorques, inertiaTorques, jointInertiaKgM2, noLegMotion, noLegTorques, setJointMotion, torqueOf, type LegModel, type LegMotion, type LegTorques } from './leg-dynamics.ts';
import { PlateModel } from './plate-dynamics.ts';

/** Torques in Nm, flexion positive, drives' rotors and friction left out. Nothing is allocated after construction. */
export interface LimbModel {
  /** Fills `out` with what holds it against gravity. */
  gravity(anglesRad: ArrayLike<number>, out: Float64Array): Float64Array;
  /** Fills `out` with what its motion needs beside that. */
  inertia(anglesRad: ArrayLike<number>, speeds: ArrayLike<number>, accelerations: ArrayLike<number>, out: Float64Array): Float64Array;
  /** What one joint has to accelerate, kg·m². */
  inertiaKgM2(index: number, anglesRad: ArrayLike<number>): number;
}

/** @param body null: the device alone @param seen the joints that the profile only measures, in its order and kept up to date */
export function createLimbModel(profile: RobotProfile, body: { readonly bodyMassKg: number; readonly heightM: number } | null, seen = NOTHING_SEEN): LimbModel {
  if (isGait(profile)) return new Legs(profile, createLegModel(profile, body, body?.heightM));
  if (isArm(profile)) return new Arms(profile, body, seen);
  if (isFootplate(profile)) return new PlateModel(profile, body?.bodyMassKg);
  throw new RangeError(`profile ${profile.id} is of no class that is known here`);
}

interface LegJoints {
  readonly kinds: readonly { readonly kind: LegKind; readonly index: number }[];
  readonly motion: LegMotion;
  readonly torques: LegTorques;
}

class Legs implements LimbModel {
  readonly #legs: readonly LegJoints[];
  readonly #legOf: readonly LegJoints[];
  readonly #point = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
  readonly #kinds: readonly LegKind[];

  constructor(
    { joints }: GaitProfile,
    private readonly model: LegModel,
  ) {
    this.#kinds = joints.map(({ kind }) => kind);
    this.#legs = sides.map((side) => ({ kinds: joints.flatMap((joint, index) => (joint.side === side ? [{ kind: joint.kind, index }] : [])), motion: noLegMotion(), torques: noLegTorques() }));
    this.#legOf = joints.flatMap(({ side }) => this.#legs.filter((_, i) => sides[i] === side));
  }

  gravity(anglesRad: ArrayLike<number>, out: Float64Array): Float64Array {
    for (const leg of this.#legs) {
      this.#take(leg, anglesRad, NOTHING, NOTHING);
      const { hipRad, kneeRad, ankleRad } = leg.motion;
      gravityTorques(this.model, hipRad, kneeRad, ankleRad, leg.torques);
      give(leg, out);
    }
    return out;
  }

  inertia(anglesRad: ArrayLike<number>, speeds: ArrayLike<number>, accelerations: ArrayLike<number>, out: Float64Array): Float64Array {
    for (const leg of this.#legs) {
      this.#take(leg, anglesRad, speeds, accelerations);
      inertiaTorques(this.model, leg.motion, leg.torques);
      give(leg, out);
    }
    return out;
  }

  inertiaKgM2(index: number, anglesRad: ArrayLike<number>): number {
    const [kind, leg] = [this.#kinds[index], this.#legOf[index]];
    if (kind === undefined || leg === undefined) return Number.NaN;
    this.#take(leg, anglesRad, NOTHING, NOTHING);
    return jointInertiaKgM2(this.model, kind, leg.motion.kneeRad, leg.motion.ankleRad);
  }

  #take({ kinds, motion }: LegJoints, anglesRad: ArrayLike<number>, speeds: ArrayLike<number>, accelerations: ArrayLike<number>): void {
    const point = this.#point;
    for (const { kind, index } of kinds) {
      point.positionRad = anglesRad[index] ?? 0;
      point.velocityRadPerSec = speeds[index] ?? 0;
      point.accelerationRadPerSec2 = accelerations[index] ?? 0;
      setJointMotion(motion, kind, point);
    }
  }
}

const NOTHING: ArrayLike<number> = [];

function give({ kinds, torques }: LegJoints, out: Float64Array): void {
  for (const { kind, index } of kinds) out[index] = torqueOf(kind, torques);
}

class Arms implements LimbModel {
  readonly #arms: readonly ArmJoints[];

  constructor(profile: ArmProfile, body: { readonly bodyMassKg: number; readonly heightM: number } | null, seen: readonly JointMotion[]) {
    this.#arms = armsOf(profile.joints).map((arm) => new ArmJoints(arm, createArmChain(profile, arm, body, body?.heightM, seen)));
  }

  gravity(anglesRad: ArrayLike<number>, out: Float64Array): Float64Array {
    for (const arm of this.#arms) arm.gravity(anglesRad, out);
    return out;
  }

  inertia(anglesRad: ArrayLike<number>, speeds: ArrayLike<number>, accelerations: ArrayLike<number>, out: Float64Array): Float64Array {
    for (const arm of this.#arms) arm.inertia(anglesRad, speeds, accelerations, out);
    return out;
  }

  inertiaKgM2(index: number, anglesRad: ArrayLike<number>): number {
    for (const arm of this.#arms) if (arm.places.includes(index)) return arm.inertiaKgM2(index, anglesRad);
    return Number.NaN;
  }
}

/** One arm: what its chain knows by place, by the numbers of the profile. */
class ArmJoints {
  readonly places: readonly number[];
  readonly #anglesRad: Float64Array;
  readonly #speeds: Float64Array;
  readonly #accelerations: Float64Array;
  readonly #torqueNm: Float64Array;

  constructor(
    { places }: OneArm,
    private readonly chain: DrivenChain,
  ) {
    const vector = (): Float64Array => new Float64Array(places.length);
    this.places = places;
    this.#anglesRad = vector();
    this.#speeds = vector();
    this.#accelerations = vector();
    this.#torqueNm = vector();
  }

  gravity(anglesRad: ArrayLike<number>, out: Float64Array): void {
    this.#give(this.chain.gravity(this.#take(anglesRad, this.#anglesRad), this.#torqueNm), out);
  }

  inertia(anglesRad: ArrayLike<number>, speeds: ArrayLike<number>, accelerations: ArrayLike<number>, out: Float64Array): void {
    this.#take(speeds, this.#speeds);
    this.#take(accelerations, this.#accelerations);
    this.#give(this.chain.inertia(this.#take(anglesRad, this.#anglesRad), this.#speeds, this.#accelerations, this.#torqueNm), out);
  }

  inertiaKgM2(index: number, anglesRad: ArrayLike<number>): number {
    return this.chain.inertiaKgM2(this.places.indexOf(index), this.#take(anglesRad, this.#anglesRad));
  }

  #take(from: ArrayLike<number>, to: Float64Array): Float64Array {
    for (let i = 0; i < to.length; i++) to[i] = from[this.places[i] ?? -1] ?? Number.NaN;
    return to;
  }

  #give(from: Float64Array, to: Float64Array): void {
    for (let i = 0; i < from.length; i++) to[this.places[i] ?? -1] = from[i] ?? Number.NaN;
  }
}
