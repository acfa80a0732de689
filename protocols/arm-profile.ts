/** What the profile of a robot that moves an arm, or both, says beside what every robot's does: the arm, the device around it, its exercise. */
import { z } from 'zod/mini';

const finite = z.number().check(z.refine(Number.isFinite, { error: 'must be a finite number' }));
const positive = finite.check(z.positive());
const nonNegative = finite.check(z.nonnegative());
const between = z.strictObject({ min: positive, max: positive });

/**
 * From the trunk outward, in the order of the chain (`arm-kinematics.ts`): away from the body, lifting, outward rotation,
 * flexion, supination and palmar flexion positive.
 */
export const armKinds = ['shoulderHorizontal', 'shoulderElevation', 'shoulderRotation', 'elbow', 'forearm', 'wrist'] as const;
export type ArmKind = (typeof armKinds)[number];
/** The upper arm's and the elbow: the least that moves an arm. The others are straight where a robot does not have them. */
export const LEAST_ARM_JOINTS = 4;

/** One part of the device. Its weights may be balanced behind the joint: the centre of mass then lies on its other side. */
const segmentSchema = z.strictObject({
  massKg: positive,
  /** Centre of mass from the proximal joint, of the segment's length; and in front of that line. */
  comFraction: finite,
  comForwardM: finite,
  /** About the centre of mass, across and along the segment. */
  inertiaKgM2: positive,
  axialInertiaKgM2: positive,
});
export type ArmSegment = z.infer<typeof segmentSchema>;

export const armGeometrySchema = z.strictObject({
  /** Segment lengths of body height (Winter): used when a patient's own are not entered. */
  upperArmFraction: positive,
  forearmFraction: positive,
  handFraction: positive,
  /** Of the patient's shoulder over the ground, seated. */
  shoulderHeightM: positive,
  shoulderSpacingM: positive,
  /** What turns about the vertical with the shoulder, and what lies along each segment of the arm. */
  deviceShoulder: z.strictObject({ massKg: positive, inertiaKgM2: positive }),
  deviceUpperArm: segmentSchema,
  deviceForearm: segmentSchema,
  deviceHand: segmentSchema,
  /** Of each cuff; its two pads lie so far to the sides of the limb's axis. */
  cuffStiffnessNPerM: positive,
  cuffDampingNsPerM: positive,
  cuffRadiusM: positive,
});

/** Springs that carry the arm, set by hand: what each level lifts, kg; the device carries itself at all of them. */
export const armSpringsSchema = z.strictObject({
  upperArmKg: z.array(nonNegative).check(z.minLength(2), z.maxLength(32)),
  forearmKg: z.array(nonNegative).check(z.minLength(2), z.maxLength(32)),
});

export const armTherapySchema = z.strictObject({
  /** Mean speed of the hand along its way. */
  handSpeedMps: z.strictObject({ min: positive, max: positive, initial: positive }),
  /** The postures of one repetition, angles in the order of an arm's joints, of both arms the same; from the last one it goes back to the first. */
  posturesDeg: z.array(z.array(finite)).check(z.minLength(2), z.maxLength(32)),
  guidance: z.strictObject({ initial: nonNegative }),
  romScale: between,
  offsetDeg: z.strictObject({ min: finite, max: finite }),
  softStartSec: positive,
  softStopSec: positive,
  patient: z.strictObject({ massKg: between, heightM: between }),
});

interface ChainJoint {
  readonly id: string;
  readonly kind: ArmKind;
  readonly side: 'left' | 'right';
  readonly softRangeDeg: { readonly min: number; readonly max: number };
}

interface Arm {
  readonly joints: readonly ChainJoint[];
  readonly sensedJoints?: readonly ChainJoint[] | undefined;
  readonly therapy: z.infer<typeof armTherapySchema>;
  readonly springs?: z.infer<typeof armSpringsSchema> | undefined;
  readonly treadmill?: unknown;
  readonly bodyWeightSupport?: unknown;
}

interface Issue {
  path: (string | number)[];
  message: string;
}

/** One arm or two, each whole and in order: driven, measured from some joint outward, or one only measured; and postures that they can take. */
export function checkArm({ joints: driven, sensedJoints = [], springs, therapy, treadmill, bodyWeightSupport }: Arm): Issue[] {
  const issues: Issue[] = [];
  const report = (path: (string | number)[], message: string): void => void issues.push({ path, message });
  const { handSpeedMps, posturesDeg } = therapy;
  const [key, joints] = driven.length > 0 ? (['joints', driven] as const) : (['sensedJoints', sensedJoints] as const);
  if (driven.length > 0 && springs !== undefined) report(['springs'], 'belong to a robot that only measures: drives carry the arm themselves');
  for (const [part, levelsKg] of Object.entries(springs ?? {}))
    levelsKg.forEach((kg, level) => {
      if (level === 0 ? kg !== 0 : kg <= (levelsKg[level - 1] ?? 0)) report(['springs', part, level], 'levels begin with 0 kg and rise');
    });
  if (driven.length === 0 && joints.length !== armKinds.length) report([key], `a robot that only measures has the ${armKinds.length} joints of one arm: ${armKinds.join(', ')}`);
  checkOrder(joints, key, report);
  if (driven.length > 0 && sensedJoints.length > 0) checkOutward(driven, sensedJoints, report);
  if (treadmill !== undefined) report(['treadmill'], 'does not belong to a robot that moves an arm');
  if (bodyWeightSupport !== undefined) report(['bodyWeightSupport'], 'does not belong to a robot that moves an arm');
  if (!(handSpeedMps.min <= handSpeedMps.initial && handSpeedMps.initial <= handSpeedMps.max)) report(['therapy', 'handSpeedMps'], 'needs min ≤ initial ≤ max');
  const arms = armsOf(joints);
  posturesDeg.forEach((posture, i) => {
    const path = ['therapy', 'posturesDeg', i];
    for (const { places } of arms) {
      if (posture.length !== places.length) report(path, `has ${posture.length} angles, but the arm has ${places.length} joints`);
      places.forEach((j, place) => {
        const [deg, joint] = [posture[place], joints[j]];
        if (deg !== undefined && joint !== undefined && !(deg > joint.softRangeDeg.min && deg < joint.softRangeDeg.max)) report([...path, place], `${deg}° of ${joint.id} must lie inside its softRangeDeg`);
      });
    }
    if (posture.every((deg, j) => deg === (posturesDeg[i + 1] ?? posturesDeg[0])?.[j])) report(path, 'is the same as the next one: there is no movement between them');
  });
  return issues;
}

/** From the trunk outward, one arm after the other. */
function checkOrder(joints: Arm['joints'], key: 'joints' | 'sensedJoints', report: (path: (string | number)[], message: string) => void): void {
  let place = -1;
  joints.forEach(({ kind, side }, j) => {
    const before = joints[j - 1];
    const begins = before === undefined || (kind === armKinds[0] && side !== before.side);
    place = begins ? 0 : place + 1;
    if (kind !== armKinds[place]) report([key, j, 'kind'], `must be ${armKinds[place] ?? 'of the other arm'}: the joints of an arm stand in the order ${armKinds.join(', ')}`);
    if (!begins && side !== before.side) report([key, j, 'side'], 'must be that of the joint before: the joints of an arm stand together');
  });
  const arms = armsOf(joints);
  for (const { places } of arms)
    if (places.length !== LEAST_ARM_JOINTS && places.length !== armKinds.length) report([key], `an arm has ${LEAST_ARM_JOINTS} of them, up to the elbow, or all ${armKinds.length}; here it has ${places.length}`);
  if (arms[1] !== undefined && arms[1].places.length !== arms[0]?.places.length) report([key], 'both arms must have the same: they are trained together');
}

/**
 * What an arm measures lies outward of all that it drives: a joint that nothing moves would have to carry what is driven behind it, and where that
 * then goes nobody could command.
 */
function checkOutward(driven: Arm['joints'], sensed: readonly ChainJoint[], report: (path: (string | number)[], message: string) => void): void {
  for (const { side, kinds } of armsOf(driven)) {
    const outward = armKinds.slice(kinds.length);
    const own = sensed.filter((joint) => joint.side === side);
    const met = own.length === outward.length && own.every(({ kind }, i) => kind === outward[i]);
    if (!met) report(['sensedJoints'], `beside its driven joints the ${side} arm measures ${outward.length === 0 ? 'none: it drives them all' : `those outward of them, and all: ${outward.join(', ')}`}`);
  }
  sensed.forEach(({ side, id }, i) => {
    if (!driven.some((joint) => joint.side === side)) report(['sensedJoints', i, 'side'], `${id}: this robot drives no ${side} arm, and only the arms that it drives are measured further out`);
  });
}

/** The joints of one arm, from the trunk outward: their places in the profile. */
export interface OneArm {
  readonly side: 'left' | 'right';
  readonly kinds: readonly ArmKind[];
  readonly places: readonly number[];
}

/** In the order of the profile: one arm, or both. */
export function armsOf(joints: readonly { readonly kind: ArmKind; readonly side: 'left' | 'right' }[]): readonly OneArm[] {
  const sides = [...new Set(joints.map(({ side }) => side))];
  return sides.map((side) => {
    const places = [...joints.keys()].filter((j) => joints[j]?.side === side);
    return { side, places, kinds: places.flatMap((j) => joints[j]?.kind ?? []) };
  });
}
