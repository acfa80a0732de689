/** Where a relaxed leg hangs in the orthosis: gravity in closed form against the passive torques, friction left out. */
import { sin } from '../../protocols/math.ts';
import { passiveHipTorqueNm, passiveKneeTorqueNm } from './passive.ts';
import type { Leg, Segment } from './human.ts';

export const GRAVITY_MPS2 = 9.81;

export interface LegAngles {
  readonly hipRad: number;
  readonly kneeRad: number;
}

interface Chain {
  readonly thighs: readonly Segment[];
  readonly shanks: readonly Segment[];
}

/** Everything that hangs on one hip: limb, foot and orthosis move as one leg. */
export const legChain = (limb: Leg, orthosis: { thigh: Segment; shank: Segment }): Chain => ({
  thighs: [limb.thigh, orthosis.thigh],
  shanks: [limb.shank, limb.foot, orthosis.shank],
});

const firstMomentKgM = (segments: readonly Segment[]): number => segments.reduce((sum, part) => sum + part.massKg * part.comM, 0);
const massKg = (segments: readonly Segment[]): number => segments.reduce((sum, part) => sum + part.massKg, 0);

/** Torque of gravity on hip and knee, flexion positive. */
export function gravityTorques(chain: Chain, pose: LegAngles): { hipNm: number; kneeNm: number } {
  const thighM = chain.thighs[0]?.lengthM ?? 0;
  const shankNm = GRAVITY_MPS2 * firstMomentKgM(chain.shanks) * sin(pose.hipRad - pose.kneeRad);
  const thighNm = GRAVITY_MPS2 * (firstMomentKgM(chain.thighs) + massKg(chain.shanks) * thighM) * sin(pose.hipRad);
  return { hipNm: -thighNm - shankNm, kneeNm: shankNm };
}

/** Softer than any leg here, so that the relaxation below only ever creeps toward the balance. */
const HIP_RELAXATION_NM_PER_RAD = 250;
const KNEE_RELAXATION_NM_PER_RAD = 150;

export function restPose(chain: Chain): LegAngles {
  let hipRad = 0;
  let kneeRad = 0;
  for (let i = 0; i < 1_000; i++) {
    const gravity = gravityTorques(chain, { hipRad, kneeRad });
    hipRad += (gravity.hipNm + passiveHipTorqueNm(hipRad, kneeRad)) / HIP_RELAXATION_NM_PER_RAD;
    kneeRad += (gravity.kneeNm + passiveKneeTorqueNm(hipRad, kneeRad)) / KNEE_RELAXATION_NM_PER_RAD;
  }
  return { hipRad, kneeRad };
}
