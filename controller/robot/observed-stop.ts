/**
 * A stop is confirmed by what is seen of the robot, not by what it was told: the drives say that they have let go, or
 * every joint is heard of and stands. What does not come in time is said plainly, because then a person must act.
 */
import { filter, firstValueFrom, map } from 'rxjs';
import { DariError } from '../../protocols/errors.ts';
import type { StopSeen } from '../../protocols/messages.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import type { ControlLoop, Cycle } from './control-loop.ts';

/** Beyond the profile's stop time: rest counts after a tenth of a second, and a limb swings on a little in its cuffs. */
const MARGIN_MS = 300;

/** @throws DariError `stopUnconfirmed` when the robot is not seen to have stopped in time */
export async function observeStop(loop: ControlLoop, profile: RobotProfile): Promise<StopSeen> {
  const limitUs = (profile.stop.maxTimeMs + MARGIN_MS) * US_PER_MS;
  const sinceUs = loop.cycle.inputs.nowUs;
  return firstValueFrom(
    loop.cycle$.pipe(
      map((cycle) => {
        const { state, cause } = cycle.output;
        const afterUs = cycle.inputs.nowUs - sinceUs;
        if (loop.failed) throw unconfirmed(`the control loop has failed (${state})`);
        const robot = loop.operator.stopWaits ? null : seenOf(cycle, loop.moving, profile);
        if (robot === null && !(afterUs <= limitUs)) throw unconfirmed(`it is ${state}${cause === 'none' ? '' : ` (${cause})`}`);
        return robot === null ? null : { robot, state, cause, afterMs: Math.round(afterUs / US_PER_MS) };
      }),
      filter((seen) => seen !== null),
    ),
  );
}

/** @returns null while nobody can say that it stands */
function seenOf({ inputs, output }: Cycle, moving: boolean, { watchdogs }: RobotProfile): StopSeen['robot'] | null {
  if (moving) return null;
  const { hub } = inputs;
  const maxAgeUs = watchdogs.inputMaxAgeMs * US_PER_MS;
  // Without power a drive may fall silent too: then the hub's word counts.
  if (hub.ageUs <= maxAgeUs && !(hub.estopClosed && hub.enableRelayClosed)) return 'released';
  let released = !output.permitted.enable;
  for (const { driveState, driveAgeUs } of inputs.joints) {
    if (driveState === 'absent' || !(driveAgeUs <= maxAgeUs)) return null;
    if (driveState === 'enabled') released = false;
  }
  if (released) return 'released';
  return output.permitted.enable && (output.state === 'stopped' || output.state === 'emergency') ? 'standing' : null;
}

const unconfirmed = (what: string): DariError =>
  new DariError('stopUnconfirmed', `Nobody saw the robot stop: ${what}. Press the hardware emergency stop and look at the patient.`);
