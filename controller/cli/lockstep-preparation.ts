/** Prepares the virtual robot of a lock-step rig as a person does, before the session opens. */
import { DariError } from '../../protocols/errors.ts';
import { US_PER_S } from '../../protocols/units.ts';
import type { LockstepRig } from './lockstep-rig.ts';
import { Preparer } from './preparer.ts';

const ACTOR = 'preparation';
/** In which the legs of a patient who was just put in come to rest; own value. */
const SETTLE_US = 2 * US_PER_S;
/** Own value: several times what the virtual robot takes. */
const PATIENCE_US = 60 * US_PER_S;

/** The ports are open; the robot is prepared empty, then its patient comes. Afterwards the rig is in control of it. @throws DariError `notPermittedNow` with the step that failed */
export async function prepareRobot(rig: LockstepRig): Promise<void> {
  rig.robot.controls.patient(false);
  await prepareEmpty(rig);
  rig.robot.controls.patient(true);
  const restUs = rig.nowUs + SETTLE_US;
  while (rig.nowUs < restUs) await rig.cycle();
}

async function prepareEmpty(rig: LockstepRig): Promise<void> {
  const { loop, robot } = rig;
  const { operator } = loop;
  const endUs = rig.nowUs + PATIENCE_US;
  let sequence = 0;
  rig.takeControl();
  const person = new Preparer(
    {
      preparation: () => loop.preparation,
      state: () => loop.cycle.output.state,
      command: (command) => void operator.command(rig.epoch, command, ACTOR, rig.nowUs),
      hold: () => void operator.hold(rig.epoch, ++sequence, rig.nowUs),
      endHold: () => void operator.endHold(rig.epoch),
      estop: (open) => robot.controls.estop(open),
    },
    1,
  );
  for (let seen = person.look(); seen !== 'done'; seen = person.look()) {
    if (seen === 'failed' || rig.nowUs > endUs)
      throw new DariError('notPermittedNow', `The virtual robot could not be prepared (${JSON.stringify(loop.preparation)}). Its profile or this program is wrong: see what the step says.`);
    await rig.cycle();
  }
}
