/** What shows that no change of mode steps a torque. */
import { driveTorqueNm } from '../../../../controller/safety/envelope.ts';
import type { RobotInputs } from '../../../../protocols/joints.ts';
import type { RobotProfile } from '../../../../protocols/profile.ts';
import type { Intent, StepOutput } from '../../../../protocols/session-log.ts';

/** A way through all values on which each follows each other once. */
export function everyPair<T>(values: readonly T[]): T[] {
  return values.flatMap((first, i) => [first, ...values.slice(i + 1).flatMap((other) => [other, first])]);
}

/** Of what a joint may be held with, per cycle. A servo that tells its speed in steps of 0.024 rad/s has its friction carried by as much more or less. */
const mostShare = ({ drive }: RobotProfile['joints'][number]): number => (drive.protocol === 'dynamixel2' ? 0.25 : 0.1);

/** A robot in its newest cycle. */
interface Looked {
  readonly inputs: RobotInputs;
  readonly intent: Pick<Intent, 'mode'>;
  readonly cycle: number;
}

/** Looks at what therapy wants of the drives, before the envelope. */
export class WantedBumps {
  readonly found: string[] = [];
  readonly #before: number[];

  constructor(private readonly profile: RobotProfile) {
    this.#before = profile.joints.map(() => Number.NaN);
  }

  look(rig: Looked, output: StepOutput): void {
    this.profile.joints.forEach((joint, j) => {
      const { motorPositionRad: positionRad, motorVelocityRadPerSec: velocityRadPerSec } = rig.inputs.joints[j]!;
      const [beforeNm, nowNm] = [this.#before[j]!, driveTorqueNm(output.desired.joints[j]!, { positionRad, velocityRadPerSec, trusted: true })];
      if (Math.abs(nowNm - beforeNm) > mostShare(joint) * joint.interactionLimitNm) this.found.push(`${joint.id} in ${rig.intent.mode}, cycle ${rig.cycle}: ${beforeNm.toFixed(2)} → ${nowNm.toFixed(2)} Nm`);
      this.#before[j] = nowNm;
    });
  }
}
