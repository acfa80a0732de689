/** Forward kinematics of a leg in the sagittal plane, shared by controller, simulator and screen. */
import { cos, sin } from './math.ts';

export interface LegGeometry {
  readonly thighM: number;
  readonly shankM: number;
}

export interface LegPoints {
  kneeXM: number;
  kneeZM: number;
  ankleXM: number;
  ankleZM: number;
}

export const emptyLegPoints = (): LegPoints => ({ kneeXM: 0, kneeZM: 0, ankleXM: 0, ankleZM: 0 });

/**
 * Knee and ankle relative to the hip: x forward, z up. Hip flexion swings the thigh forward, knee flexion swings the
 * shank back; both zero is a straight hanging leg. Fills `out` in place.
 */
export function legPoints(geometry: LegGeometry, hipRad: number, kneeRad: number, out: LegPoints): LegPoints {
  const shankRad = hipRad - kneeRad;
  out.kneeXM = geometry.thighM * sin(hipRad);
  out.kneeZM = -geometry.thighM * cos(hipRad);
  out.ankleXM = out.kneeXM + geometry.shankM * sin(shankRad);
  out.ankleZM = out.kneeZM - geometry.shankM * cos(shankRad);
  return out;
}
