/**
 * Is it a person, not the drive, who moves a joint? Then the wall holds it off its mechanical stop as far as its torque
 * reaches, and a drive without power would let it go there. That is believed only of sensors in which everything is in
 * order, and of a drive that does not push the same way itself: whatever is doubted leaves the strict answer.
 */
import type { InteractionFinding } from './interaction-lane.ts';
import type { TrustedJoint } from './trusted-joint.ts';

/** Own value: what friction and the leg's weight may ask of a drive that gives way. */
const OUTWARD_NM = 10;

/** @param hubStale what the joint-side sensors say is old @returns 1 toward flexion, −1 toward extension, 0 nowhere */
export function personMoves(finding: InteractionFinding | undefined, joint: TrustedJoint, hubStale: boolean): -1 | 0 | 1 {
  if (finding === undefined || hubStale || !joint.motorFresh) return 0;
  if (joint.torqueDoubted || joint.stuck || joint.disagrees || joint.apart || joint.encoderDoubted || joint.encoderImplausible) return 0;
  return finding.pushed * joint.torqueNm <= OUTWARD_NM ? finding.pushed : 0;
}
