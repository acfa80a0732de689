/**
 * Device and arm as a chain of hinges from the shoulder outward. Segment numbers: Winter, Biomechanics and Motor Control of
 * Human Movement (mass and length fractions, centre of mass, radius of gyration across the segment); along it: P. de Leva,
 * J. Biomechanics 29 (1996) 1223-1230, that of the hand scaled to Winter's length of it.
 */
import { armAxis, armLengths, type Vector } from '../../protocols/arm-kinematics.ts';
import { armKinds, type ArmSegment } from '../../protocols/arm-profile.ts';
import type { ArmProfile } from '../../protocols/profile.ts';
import type { DeviceModel, JointAngle } from './device-model.ts';
import { RigidChain, type ChainBody } from './rigid-chain.ts';

/** Of body mass, of segment length from the proximal joint; radii of gyration of segment length, across and along. */
const UPPER_ARM = { mass: 0.028, com: 0.436, gyration: 0.322, axialGyration: 0.158 } as const;
const FOREARM = { mass: 0.016, com: 0.43, gyration: 0.303, axialGyration: 0.121 } as const;
const HAND = { mass: 0.006, com: 0.506, gyration: 0.297, axialGyration: 0.18 } as const;

/** Height of the person a device is taken to be fitted to while nobody is entered. */
const UNKNOWN_HEIGHT_M = 1.75;
/** The joint after which each segment hangs: the last of those that turn it. */
const SEGMENT_JOINTS = { shoulder: 0, upperArm: 2, forearm: 4, hand: 5 } as const;
const NOWHERE: Vector = [0, 0, 0];

/** @param body null: the device alone, fitted to a person of `heightM` */
export function createArmChain(profile: ArmProfile, body: { readonly bodyMassKg: number } | null, heightM = UNKNOWN_HEIGHT_M): RigidChain {
  const { geometry } = profile;
  const side = profile.joints[0]?.side ?? 'right';
  const { upperArmM, forearmM, handM } = armLengths(geometry, heightM);
  const offsetOf = (kind: string): Vector => (kind === 'elbow' ? [0, 0, -upperArmM] : kind === 'wrist' ? [0, 0, -forearmM] : NOWHERE);
  const limb = (joint: number, { mass, com, gyration, axialGyration }: typeof UPPER_ARM | typeof FOREARM | typeof HAND, lengthM: number): ChainBody[] => {
    if (body === null) return [];
    const massKg = mass * body.bodyMassKg;
    const across = massKg * (gyration * lengthM) ** 2;
    return [{ joint, massKg, comM: [0, 0, -com * lengthM], inertiaKgM2: [across, across, massKg * (axialGyration * lengthM) ** 2] }];
  };
  const device = (joint: number, { massKg, comFraction, comForwardM, inertiaKgM2, axialInertiaKgM2 }: ArmSegment, lengthM: number): ChainBody => ({
    joint,
    massKg,
    comM: [comForwardM, 0, -comFraction * lengthM],
    inertiaKgM2: [inertiaKgM2, inertiaKgM2, axialInertiaKgM2],
  });
  const { massKg, inertiaKgM2 } = geometry.deviceShoulder;
  return new RigidChain(
    armKinds.map((kind) => ({ axis: armAxis(kind, side), offsetM: offsetOf(kind) })),
    [
      { joint: SEGMENT_JOINTS.shoulder, massKg, comM: NOWHERE, inertiaKgM2: [inertiaKgM2, inertiaKgM2, inertiaKgM2] },
      device(SEGMENT_JOINTS.upperArm, geometry.deviceUpperArm, upperArmM),
      device(SEGMENT_JOINTS.forearm, geometry.deviceForearm, forearmM),
      device(SEGMENT_JOINTS.hand, geometry.deviceHand, handM),
      ...limb(SEGMENT_JOINTS.upperArm, UPPER_ARM, upperArmM),
      ...limb(SEGMENT_JOINTS.forearm, FOREARM, forearmM),
      ...limb(SEGMENT_JOINTS.hand, HAND, handM),
    ],
  );
}

/** An empty robot for an arm. */
export class ArmDevice implements DeviceModel {
  readonly #chain: RigidChain;
  readonly #anglesRad: Float64Array;
  readonly #torquesNm: Float64Array;

  constructor(profile: ArmProfile) {
    this.#chain = createArmChain(profile, null);
    this.#anglesRad = new Float64Array(this.#chain.count);
    this.#torquesNm = new Float64Array(this.#chain.count);
  }

  gravityNm(index: number, joints: readonly JointAngle[]): number {
    return this.#chain.gravity(this.#take(joints), this.#torquesNm)[index] ?? Number.NaN;
  }

  inertiaKgM2(index: number, joints: readonly JointAngle[]): number {
    return this.#chain.inertiaKgM2(index, this.#take(joints));
  }

  #take(joints: readonly JointAngle[]): Float64Array {
    for (let j = 0; j < this.#anglesRad.length; j++) this.#anglesRad[j] = joints[j]?.positionRad ?? Number.NaN;
    return this.#anglesRad;
  }
}
