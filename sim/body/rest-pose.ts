/** Where a relaxed leg hangs in the orthosis: gravity in closed form against the passive torques, friction left out. */
import { cos, sin } from '../../protocols/math.ts';
import { LIFTED_ANKLE_RAD, passiveAnkleTorqueNm, passiveHipTorqueNm, passiveKneeTorqueNm } from './passive.ts';
import type { Leg, Segment } from './human.ts';

export const GRAVITY_MPS2 = 9.81;

export interface LegAngles {
  readonly hipRad: number;
  readonly kneeRad: number;
  /** Of a foot that is lifted: at a right angle. */
  readonly ankleRad: number;
}

interface Chain {
  readonly thighs: readonly Segment[];
  readonly shanks: readonly Segment[];
  /** Empty where no joint moves the foot: its mass then counts under the shank. */
  readonly feet: readonly Segment[];
}

/** Everything that hangs on one hip: limb, foot and orthosis move as one leg. */
export function legChain(limb: Leg, orthosis: { thigh: Segment; shank: Segment; foot: Segment | null }): Chain {
  const thighs = [limb.thigh, orthosis.thigh];
  const shanks = [limb.shank, orthosis.shank];
  if (orthosis.foot !== null) return { thighs, shanks, feet: [limb.foot, orthosis.foot] };
  return { thighs, shanks: [...shanks, { ...limb.foot, comM: limb.shank.lengthM + limb.foot.comM, forwardM: 0 }], feet: [] };
}

const firstMomentKgM = (segments: readonly Segment[]): number => segments.reduce((sum, part) => sum + part.massKg * part.comM, 0);
const forwardMomentKgM = (segments: readonly Segment[]): number => segments.reduce((sum, part) => sum + part.massKg * part.forwardM, 0);
const massKg = (segments: readonly Segment[]): number => segments.reduce((sum, part) => sum + part.massKg, 0);

/** Torque of gravity on hip, knee and ankle, flexion positive. */
export function gravityTorques(chain: Chain, pose: LegAngles): { hipNm: number; kneeNm: number; ankleNm: number } {
  const [thighM, shankM] = [chain.thighs[0]?.lengthM ?? 0, chain.shanks[0]?.lengthM ?? 0];
  const shankRad = pose.hipRad - pose.kneeRad;
  const footRad = shankRad + pose.ankleRad;
  const footNm = GRAVITY_MPS2 * (firstMomentKgM(chain.feet) * sin(footRad) + forwardMomentKgM(chain.feet) * cos(footRad));
  const shankNm = GRAVITY_MPS2 * (firstMomentKgM(chain.shanks) + massKg(chain.feet) * shankM) * sin(shankRad);
  const thighNm = GRAVITY_MPS2 * (firstMomentKgM(chain.thighs) + (massKg(chain.shanks) + massKg(chain.feet)) * thighM) * sin(pose.hipRad);
  return { hipNm: -thighNm - shankNm - footNm, kneeNm: shankNm + footNm, ankleNm: -footNm };
}

/** Softer than any leg here, so that the relaxation below only ever creeps toward the balance. */
const HIP_RELAXATION_NM_PER_RAD = 250;
const KNEE_RELAXATION_NM_PER_RAD = 150;
const ANKLE_RELAXATION_NM_PER_RAD = 100;

export function restPose(chain: Chain): LegAngles {
  let hipRad = 0;
  let kneeRad = 0;
  let ankleRad = LIFTED_ANKLE_RAD;
  for (let i = 0; i < 1_000; i++) {
    const gravity = gravityTorques(chain, { hipRad, kneeRad, ankleRad });
    const ankleNm = passiveAnkleTorqueNm(kneeRad, ankleRad);
    hipRad += (gravity.hipNm + passiveHipTorqueNm(hipRad, kneeRad)) / HIP_RELAXATION_NM_PER_RAD;
    kneeRad += (gravity.kneeNm + passiveKneeTorqueNm(hipRad, kneeRad, ankleRad)) / KNEE_RELAXATION_NM_PER_RAD;
    if (chain.feet.length > 0) ankleRad += (gravity.ankleNm + ankleNm) / ANKLE_RELAXATION_NM_PER_RAD;
  }
  return { hipRad, kneeRad, ankleRad };
}
