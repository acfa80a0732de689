/** Bars around zero for the last strides' biofeedback, all to one scale, so that joints and phases compare. */
import type { JointProfile, RobotProfile } from '../../protocols/profile.ts';
import type { StrideFigures } from '../../protocols/stride-figures.ts';

export const phases = ['stance', 'swing'] as const;
export type Phase = (typeof phases)[number];

export interface JointBars {
  readonly joint: JointProfile;
  /** One per stride, oldest first, Nm; null: not known. */
  readonly valuesNm: Readonly<Record<Phase, readonly (number | null)[]>>;
}

/** Own values: steps of two, so that the scale seldom changes. */
const SCALES_NM = [5, 10, 20, 40, 80, 160];

/** Joints of which strides are known, in the profile's order. */
export function jointBars(profile: RobotProfile, strides: readonly StrideFigures[]): JointBars[] {
  return profile.joints.flatMap((joint) => {
    const own = strides.flatMap(({ joints }) => joints.find(({ jointId }) => jointId === joint.id) ?? []);
    return own.length === 0 ? [] : [{ joint, valuesNm: { stance: own.map(({ stanceNm }) => stanceNm), swing: own.map(({ swingNm }) => swingNm) } }];
  });
}

/** What half of a bar's height stands for: the least that holds every bar, Nm. */
export function barScaleNm(bars: readonly JointBars[]): number {
  const most = Math.max(0, ...bars.flatMap(({ valuesNm }) => phases.flatMap((phase) => valuesNm[phase].map((value) => Math.abs(value ?? 0)))));
  return SCALES_NM.find((scale) => scale >= most) ?? most;
}
