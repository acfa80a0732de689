/** What the checks see of each driven joint, put together once and looked at in every cycle. */
import type { JointView } from '../safety/checks.ts';
import type { Envelope } from '../safety/envelope.ts';
import type { InputTrust } from '../safety/input-trust.ts';
import type { JointLimits } from '../safety/limits.ts';
import { JointLoad } from '../safety/loads.ts';
import { LostDrive } from '../safety/lost-drive.ts';
import { Obedience } from '../safety/obedience.ts';
import type { HubInputs, JointInputs, RobotInputs } from '../../protocols/joints.ts';

export const jointViews = (limits: readonly JointLimits[], trust: InputTrust, envelope: Envelope, inputs: RobotInputs): JointView[] =>
  limits.flatMap((limit, j) => {
    const trusted = trust.joints[j];
    const command = envelope.permitted.joints[j];
    const input = inputs.joints[j];
    return trusted === undefined || command === undefined || input === undefined ? [] : [{ limits: limit, trusted, command, obedience: new Obedience(limit), load: new JointLoad(limit), lost: new LostDrive(limit), input }];
  });

export function look(view: JointView | undefined, input: JointInputs | undefined, hub: HubInputs, elapsedUs: number): void {
  if (view === undefined || input === undefined) return;
  view.input = input;
  view.obedience.look(view.command, view.trusted, input.driveSequence);
  view.load.update(view.trusted, input.driveTempC, elapsedUs);
  view.lost.look(view.trusted, input, hub);
}
