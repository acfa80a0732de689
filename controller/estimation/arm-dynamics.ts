/**
 * Device and arm as a chain of hinges from the shoulder outward. Segment numbers: Winter, Biomechanics and Motor Control of
 * Human Movement (mass and length fractions, centre of mass, radius of gyration across the segment); along it: P. de Leva,
 * J. Biomechanics 29 (1996) 1223-1230, that of the hand scaled to Winter's length of it.
 */
import { armAxis, armLengths, type Vector } from '../../protocols/arm-kinematics.ts';
import { armsOf, type ArmKind, type ArmSegment, type OneArm } from '../../protocols/arm-profile.ts';
import type { ArmProfile } from '../../protocols/profile.ts';
import { NOTHING_SEEN, type DeviceModel, type JointAngle, type JointMotion } from './device-model.ts';
import { DrivenChain } from './driven-chain.ts';
import { RigidChain, type ChainBody } from './rigid-chain.ts';

/** Of body mass, of segment length from the proximal joint; radii of gyration of segment length, across and along. */
const UPPER_ARM = { mass: 0.028, com: 0.436, gyration: 0.322, axialGyration: 0.158 } as const;
const FOREARM = { mass: 0.016, com: 0.43, gyration: 0.303, axialGyration: 0.121 } as const;
const HAND = { mass: 0.006, com: 0.506, gyration: 0.297, axialGyration: 0.18 } as const;

/** Height of the person a device is taken to be fitted to while nobody is entered. */
const UNKNOWN_HEIGHT_M = 1.75;
const NOWHERE: Vector = [0, 0, 0];

/** A segment hangs after the last of the joints that turn it; where a robot has none of them, it goes on from the segment before. */
interface Hung {
  readonly joint: number;
  readonly fromM: number;
  readonly lengthM: number;
}

/**
 * @param arm of the driven joints
 * @param body null: the device alone, fitted to a person of `heightM`
 * @param seen the joints that the profile only measures, in its order and kept up to date
 */
export function createArmChain(profile: ArmProfile, arm: OneArm, body: { readonly bodyMassKg: number } | null, heightM = UNKNOWN_HEIGHT_M, seen = NOTHING_SEEN): DrivenChain {
  const outward = (profile.sensedJoints ?? []).flatMap(({ id, kind, side }, i) => {
    if (side !== arm.side || arm.kinds.includes(kind)) return [];
    const joint = seen[i];
    if (joint === undefined) throw new RangeError(`${id} of profile ${profile.id} is measured: without its angle nobody knows what hangs on the arm`);
    return [{ kind, joint }];
  });
  const kinds = [...arm.kinds, ...outward.map(({ kind }) => kind)];
  return new DrivenChain(wholeChain(profile, arm.side, kinds, body, heightM), arm.kinds.length, outward.map(({ joint }) => joint));
}

function wholeChain({ geometry }: ArmProfile, side: OneArm['side'], kinds: readonly ArmKind[], body: { readonly bodyMassKg: number } | null, heightM: number): RigidChain {
  const { upperArmM, forearmM, handM } = armLengths(geometry, heightM);
  const offsetOf = (kind: ArmKind): Vector => (kind === 'elbow' ? [0, 0, -upperArmM] : kind === 'wrist' ? [0, 0, -forearmM] : NOWHERE);
  const last = (...turnedBy: readonly ArmKind[]): number => Math.max(...turnedBy.map((kind) => kinds.indexOf(kind)));
  const upperArm: Hung = { joint: last('shoulderRotation'), fromM: 0, lengthM: upperArmM };
  const forearm: Hung = { joint: last('elbow', 'forearm'), fromM: 0, lengthM: forearmM };
  const hand: Hung = kinds.includes('wrist') ? { joint: last('wrist'), fromM: 0, lengthM: handM } : { joint: forearm.joint, fromM: forearmM, lengthM: handM };
  const limb = ({ joint, fromM, lengthM }: Hung, { mass, com, gyration, axialGyration }: typeof UPPER_ARM | typeof FOREARM | typeof HAND): ChainBody[] => {
    if (body === null) return [];
    const massKg = mass * body.bodyMassKg;
    const across = massKg * (gyration * lengthM) ** 2;
    return [{ joint, massKg, comM: [0, 0, -fromM - com * lengthM], inertiaKgM2: [across, across, massKg * (axialGyration * lengthM) ** 2] }];
  };
  const device = ({ joint, fromM, lengthM }: Hung, { massKg, comFraction, comForwardM, inertiaKgM2, axialInertiaKgM2 }: ArmSegment): ChainBody => ({
    joint,
    massKg,
    comM: [comForwardM, 0, -fromM - comFraction * lengthM],
    inertiaKgM2: [inertiaKgM2, inertiaKgM2, axialInertiaKgM2],
  });
  const { massKg, inertiaKgM2 } = geometry.deviceShoulder;
  return new RigidChain(
    kinds.map((kind) => ({ axis: armAxis(kind, side), offsetM: offsetOf(kind) })),
    [
      { joint: last('shoulderHorizontal'), massKg, comM: NOWHERE, inertiaKgM2: [inertiaKgM2, inertiaKgM2, inertiaKgM2] },
      device(upperArm, geometry.deviceUpperArm),
      device(forearm, geometry.deviceForearm),
      device(hand, geometry.deviceHand),
      ...limb(upperArm, UPPER_ARM),
      ...limb(forearm, FOREARM),
      ...limb(hand, HAND),
    ],
  );
}

/** One arm of an empty robot. */
class OneArmDevice {
  readonly #chain: DrivenChain;
  readonly #anglesRad: Float64Array;
  readonly #torquesNm: Float64Array;

  constructor(
    profile: ArmProfile,
    private readonly arm: OneArm,
    seen: readonly JointMotion[],
  ) {
    this.#chain = createArmChain(profile, arm, null, UNKNOWN_HEIGHT_M, seen);
    this.#anglesRad = new Float64Array(this.#chain.count);
    this.#torquesNm = new Float64Array(this.#chain.count);
  }

  gravityNm(place: number, joints: readonly JointAngle[]): number {
    return this.#chain.gravity(this.#take(joints), this.#torquesNm)[place] ?? Number.NaN;
  }

  inertiaKgM2(place: number, joints: readonly JointAngle[]): number {
    return this.#chain.inertiaKgM2(place, this.#take(joints));
  }

  #take(joints: readonly JointAngle[]): Float64Array {
    for (let i = 0; i < this.#anglesRad.length; i++) this.#anglesRad[i] = joints[this.arm.places[i] ?? Number.NaN]?.positionRad ?? Number.NaN;
    return this.#anglesRad;
  }
}

/** An empty robot for an arm, or for both. */
export class ArmDevice implements DeviceModel {
  /** By the joint of the profile: its arm, and its place there. */
  readonly #joints: readonly { readonly device: OneArmDevice; readonly place: number }[];

  /** @param seen the joints that the profile only measures, in its order and kept up to date */
  constructor(profile: ArmProfile, seen = NOTHING_SEEN) {
    const joints = armsOf(profile.joints).flatMap((arm) => {
      const device = new OneArmDevice(profile, arm, seen);
      return arm.places.map((index, place) => ({ index, device, place }));
    });
    this.#joints = joints.sort((a, b) => a.index - b.index);
  }

  gravityNm(index: number, joints: readonly JointAngle[]): number {
    const joint = this.#joints[index];
    return joint === undefined ? Number.NaN : joint.device.gravityNm(joint.place, joints);
  }

  inertiaKgM2(index: number, joints: readonly JointAngle[]): number {
    const joint = this.#joints[index];
    return joint === undefined ? Number.NaN : joint.device.inertiaKgM2(joint.place, joints);
  }
}
