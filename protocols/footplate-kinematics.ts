/**
 * How footplates and legs stand to each other, shared by controller, simulator and screen. x forward of the hips, z up from the
 * ankles of a person whose plates are at home.
 */
import { atan, cos, sin } from './math.ts';
import type { LegGeometry } from './kinematics.ts';

/** Where a plate's ankle axis is, and how the plate is tilted, toes up positive. */
export interface PlatePose {
  forwardM: number;
  upM: number;
  pitchRad: number;
}

export interface LegPose {
  hipRad: number;
  kneeRad: number;
  ankleRad: number;
}

/** m and N of a belt axis from its drum's rad and Nm; of a hinge they stay what they are. */
export const travelM = ({ leadMPerRad = 1 }: { readonly leadMPerRad?: number | undefined }, angleRad: number): number => leadMPerRad * angleRad;

/** Of a leg that is pulled farther than it is long. */
const STRAIGHT = 1 - 1e-9;

/**
 * The leg of who sits with his hips so high above the level of the ankles at home: knee forward, foot on its plate. Where the
 * plate is out of reach the leg is straight and points there. Fills `out`.
 */
export function legOnPlate({ thighM, shankM }: LegGeometry, hipM: number, { forwardM, upM, pitchRad }: Readonly<PlatePose>, out: LegPose): LegPose {
  const downM = hipM - upM;
  const bent = Math.min(STRAIGHT, Math.max(-STRAIGHT, (forwardM * forwardM + downM * downM - thighM * thighM - shankM * shankM) / (2 * thighM * shankM)));
  const kneeRad = 2 * atan(Math.sqrt((1 - bent) / (1 + bent)));
  const ahead = atan((shankM * sin(kneeRad)) / (thighM + shankM * cos(kneeRad)));
  out.hipRad = atan(forwardM / downM) + ahead;
  out.kneeRad = kneeRad;
  out.ankleRad = pitchRad - (out.hipRad - kneeRad);
  return out;
}
