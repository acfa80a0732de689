import type { TrustedJoint } from './trusted-joint.ts';

/**
 * Joints whose motor and joint encoder differ: their drives may close their loops on a wrong angle, so that neither braking nor
 * holding is safe. Once let go, a joint stays so until the drives are released.
 * @param letGo per joint, 1: let go; changed in place
 * @param due the failsafe table asks for it
 * @returns a joint is let go
 */
export function noticeLetGo(letGo: Uint8Array, joints: readonly TrustedJoint[], due: boolean, energised: boolean): boolean {
  let any = false;
  for (let j = 0; j < letGo.length; j++) {
    const before = letGo[j] === 1;
    const now = energised && (before || (due && joints[j]?.disagrees === true));
    letGo[j] = now ? 1 : 0;
    if (now) any = true;
  }
  return any;
}
