/** From the first cycle in which a lift is told to move until it stands again: then where it has brought the robot's shoulder is told. */
import type { RobotInputs } from '../../protocols/joints.ts';
import type { SessionEvent, StepOutput } from '../../protocols/session-log.ts';
import { US_PER_S } from '../../protocols/units.ts';

/** Less is noise of its encoder. */
const LEAST_M = 0.001;
/** One that says for longer that it moves has a fault, which the checks find; nobody waits for it. */
const RESTS_IN_US = 2 * US_PER_S;

export class LiftNews {
  moving = false;
  #fromM = 0;
  #toldUs = -Infinity;

  look({ nowUs, lift }: RobotInputs, { permitted }: StepOutput): SessionEvent | null {
    const moved = this.moving;
    if (permitted.liftEnable) this.#toldUs = nowUs;
    this.moving = permitted.liftEnable || (moved && lift.moving && nowUs - this.#toldUs <= RESTS_IN_US);
    if (this.moving === moved) return null;
    if (this.moving) this.#fromM = lift.heightM;
    if (this.moving || Math.abs(lift.heightM - this.#fromM) < LEAST_M) return null;
    return { atUs: nowUs, kind: 'parameter', subject: 'liftHeightM', oldValue: this.#fromM.toFixed(3), newValue: lift.heightM.toFixed(3) };
  }
}
