/**
 * What the profile of a robot that moves two feet on plates says beside what every robot's does. A plate goes forward and up
 * on belts, and turns about the ankle. The joint of a linear axis is the drum of its belt: it has an angle, a torque and all
 * the limits of a joint, and its lead makes metres and newtons of them.
 */
import { z } from 'zod/mini';

const finite = z.number().check(z.refine(Number.isFinite, { error: 'must be a finite number' }));
const positive = finite.check(z.positive());
const nonNegative = finite.check(z.nonnegative());
const between = z.strictObject({ min: positive, max: positive });

/** Forward, up and toes up positive; at 0 the plate is level, its ankle axis under the hip. */
export const plateKinds = ['foreAft', 'vertical', 'pitch'] as const;
export type PlateKind = (typeof plateKinds)[number];

export const plateGeometrySchema = z.strictObject({
  /** Segment lengths of body height (Winter). */
  thighFraction: positive,
  shankFraction: positive,
  footLengthFraction: positive,
  hipSpacingM: positive,
  /** Of a level plate above the floor, at home. */
  plateHeightM: positive,
  /** What goes forward alone, what goes up with the plate, and the plate. */
  carriageKg: positive,
  liftKg: positive,
  plateKg: positive,
  /** About its centre of mass, which lies so far in front of the ankle axis and under it. */
  plateInertiaKgM2: positive,
  plateComForwardM: finite,
  plateComBelowM: nonNegative,
  /** Of the weight of lift and plate, what a counterweight carries. */
  balancedShare: nonNegative,
  /** Load cells and straps, of the foot's length behind and before the ankle. */
  heelBehindFraction: positive,
  forefootBeforeFraction: positive,
  /** Of each strap, at heel and forefoot. */
  cuffStiffnessNPerM: positive,
  cuffDampingNsPerM: positive,
  /** Of the leg's length, hip above ankle: where he is seated first, and where the saddle's travel ends. */
  saddleFraction: positive,
  saddleLowestFraction: positive,
  /** Saddle and clothes while its brake is closed. */
  harnessNPerM: positive,
  harnessNsPerM: nonNegative,
});
export type PlateGeometry = z.infer<typeof plateGeometrySchema>;

export const plateTherapySchema = z.strictObject({
  speedKmh: z.strictObject({ min: positive, max: positive, initial: positive }),
  guidance: z.strictObject({ initial: nonNegative }),
  /** At a scale of 1: from one foot's strike to the other's, and how high a foot is lifted over level ground. */
  stepLengthM: positive,
  stepHeightM: positive,
  /** At a scale of 1: toes up at the strike, toes down when the foot leaves. */
  strikePitchDeg: nonNegative,
  leavePitchDeg: nonNegative,
  /** A stair is as high as a step, but no higher than this, and a foot goes so far over its edge. */
  stairMostM: positive,
  stairClearanceM: positive,
  /** However long and high its steps: the pattern goes no faster, and no foot is thrown harder. */
  cadenceMostPerMin: positive,
  footAccelerationMps2: positive,
  romScale: between,
  offsetDeg: z.strictObject({ min: finite, max: finite }),
  softStartSec: positive,
  softStopSec: positive,
  patient: z.strictObject({ massKg: between, heightM: between }),
});
export type PlateTherapy = z.infer<typeof plateTherapySchema>;

interface Footplates {
  readonly joints: readonly { readonly id: string; readonly kind: PlateKind; readonly side: 'left' | 'right'; readonly leadMPerRad?: number | undefined }[];
  readonly geometry: PlateGeometry;
  readonly therapy: PlateTherapy;
  readonly hub: { readonly footLoads: number };
  readonly treadmill?: unknown;
  readonly bodyWeightSupport?: unknown;
}

interface Issue {
  path: (string | number)[];
  message: string;
}

const FOOT_LOADS = 4;

/** Two whole plates, leads where a belt runs, cells under both feet, and a saddle. */
export function checkFootplates({ joints, geometry, therapy, hub, treadmill, bodyWeightSupport }: Footplates): Issue[] {
  const issues: Issue[] = [];
  const report = (path: (string | number)[], message: string): void => void issues.push({ path, message });
  joints.forEach(({ id, kind, side, leadMPerRad }, j) => {
    if (joints.findIndex((other) => other.kind === kind && other.side === side) !== j) report(['joints', j, 'kind'], `there are two of kind ${kind} on the ${side}`);
    if ((leadMPerRad === undefined) !== (kind === 'pitch')) report(['joints', j, 'leadMPerRad'], `${id}: foreAft and vertical have one, pitch has none`);
  });
  if (hub.footLoads !== FOOT_LOADS) report(['hub', 'footLoads'], `must be ${FOOT_LOADS}: heel and forefoot, left and right`);
  if (treadmill !== undefined) report(['treadmill'], 'does not belong to a robot with footplates');
  if (bodyWeightSupport === undefined) report(['bodyWeightSupport'], 'is missing: nobody sits on a saddle that does not carry');
  if (geometry.saddleLowestFraction >= geometry.saddleFraction || geometry.saddleFraction >= 1) report(['geometry', 'saddleFraction'], 'must lie between saddleLowestFraction and 1');
  if (geometry.balancedShare > 1) report(['geometry', 'balancedShare'], 'must be 0 … 1');
  const { speedKmh } = therapy;
  if (!(speedKmh.min <= speedKmh.initial && speedKmh.initial <= speedKmh.max)) report(['therapy', 'speedKmh'], 'needs min ≤ initial ≤ max');
  return issues;
}
