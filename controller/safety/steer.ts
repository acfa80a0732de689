/** How a command is changed so that the drive gives the torque that the envelope allows, now and until the next command acts. */
import type { JointCommand } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import type { JointLimits } from './limits.ts';

/** Of the torque limit; own value: half of what R1 lets a drive exceed it by, the other half is for a limb that is made faster still. */
const SPRING_OVER = 1.05;

/** Moves the feed-forward so that the drive gives `allowedNm`; gains shrink where the feed-forward alone would leave its range. */
export function steerTo(allowedNm: number, predictedNm: number, limits: JointLimits, out: JointCommand): void {
  const wanted = out.torqueNm + (allowedNm - predictedNm);
  out.torqueNm = clamp(wanted, -limits.torqueNm, limits.torqueNm);
  if (out.torqueNm === wanted) return;
  const share = (allowedNm - out.torqueNm) / (allowedNm - wanted);
  out.stiffnessNmPerRad *= share;
  out.dampingNmsPerRad *= share;
}

/**
 * A light limb that a person drives on against the drive moves so far in a dead time that the spring which the drive renders adds more than
 * R1 allows to a torque at its limit. Then the spring gives way to feed-forward, with the same torque where the joint is now.
 */
export function slackenSpring(allowedNm: number, positionRad: number, velocityRadPerSec: number, limits: JointLimits, out: JointCommand): void {
  if (!limits.edge.springs) return;
  const onRad = -Math.sign(allowedNm) * velocityRadPerSec * limits.braking.deadTimeSec;
  const roomNm = SPRING_OVER * limits.torqueNm - Math.abs(allowedNm);
  if (out.stiffnessNmPerRad * onRad <= roomNm) return;
  const stiffnessNmPerRad = Math.max(0, roomNm / onRad);
  const feedForwardNm = out.torqueNm + (out.stiffnessNmPerRad - stiffnessNmPerRad) * (out.positionRad - positionRad);
  out.torqueNm = clamp(feedForwardNm, -limits.torqueNm, limits.torqueNm);
  out.stiffnessNmPerRad = stiffnessNmPerRad;
}
