/** A person at the controls of a robot process: keeps the lease alive, opens a session, gives commands, sees the state. */
import path from 'node:path';
import { Subscription } from 'rxjs';
import { systemClock, systemScheduler } from '../../../hal/clock.ts';
import { DariError } from '../../../protocols/errors.ts';
import type { FromController } from '../../../protocols/messages.ts';
import type { PreparationNews } from '../../../protocols/preparation.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import type { OperatorCommand, SupervisorState } from '../../../protocols/supervision.ts';
import { US_PER_S } from '../../../protocols/units.ts';
import { Preparer } from '../preparer.ts';
import { typicalSetup, type RobotRig } from './robot-rig.ts';

export type StateMessage = Extract<FromController, { type: 'state' }>;

const EPOCH = 1;
const ACTOR = 'bench';
const LOOK_MS = 20;
const PREPARATION_ATTEMPTS = 5;
/** Several self-tests; control that was lost on a busy machine does not come back by itself. */
const PREPARED_WITHIN_US = 60 * US_PER_S;

export class Operator {
  readonly #subscription = new Subscription();
  #state: StateMessage | null = null;
  #preparation: PreparationNews | null = null;
  #sequence = 0;
  #holdSequence = 0;
  #sessions = 0;
  #logPath = '';

  constructor(
    private readonly rig: RobotRig,
    private readonly profile: RobotProfile,
  ) {
    this.#subscription.add(
      rig.messages$.subscribe((message) => {
        if (message.type === 'state') this.#state = message;
        else if (message.type === 'preparation') this.#preparation = message;
        else if (message.type === 'challenge' && message.epoch === EPOCH) this.rig.send({ type: 'lease', epoch: EPOCH, sequence: ++this.#sequence, challenge: message.challenge });
      }),
    );
  }

  /** The newest that the robot process has told. */
  get state(): StateMessage | null {
    return this.#state;
  }

  async takeControl(): Promise<void> {
    await this.rig.request({ type: 'takeLease', epoch: EPOCH });
  }

  /**
   * Self-test, E-stop by the simulator's controls, and homing; control has been taken and no session is open.
   * @param enough then the rest is left undone, and no button is held any more
   * @throws DariError `notPermittedNow` with the step that failed
   */
  async prepareRobot(enough: () => boolean = () => false): Promise<void> {
    const person = new Preparer(
      {
        preparation: () => this.#preparation,
        state: () => this.#state?.state ?? 'connecting',
        command: (command) => void this.command(command),
        hold: () => this.rig.send({ type: 'hold', epoch: EPOCH, sequence: ++this.#holdSequence }),
        endHold: () => this.rig.send({ type: 'endHold', epoch: EPOCH }),
        estop: (open) => this.rig.control({ estop: open }),
      },
      PREPARATION_ATTEMPTS,
    );
    const endUs = systemClock.nowUs() + PREPARED_WITHIN_US;
    for (let seen = person.look(); seen !== 'done' && !enough(); seen = person.look()) {
      if (seen === 'failed' || systemClock.nowUs() > endUs) throw new DariError('notPermittedNow', `The robot could not be prepared (${JSON.stringify(this.#preparation)}). See what the step says.`);
      await new Promise<void>((resolve) => systemScheduler.after(LOOK_MS, resolve));
    }
  }

  /** null: the robot process has told nothing yet */
  get preparation(): PreparationNews | null {
    return this.#preparation;
  }

  /** The robot says that its self-test and its way home are done. */
  get prepared(): boolean {
    return this.#preparation?.prepared === true;
  }

  /** Of the newest session. */
  get logPath(): string {
    return this.#logPath;
  }

  /** Recorded in the rig's folder, each in a file of its own. */
  async openSession(): Promise<void> {
    const sessionId = this.#sessions++ === 0 ? 'bench' : `bench-${this.#sessions}`;
    const logPath = path.join(this.rig.folder, `${sessionId}.mcap`);
    await this.rig.request({ type: 'openSession', epoch: EPOCH, sessionId, logPath, startedAt: new Date().toISOString(), actor: ACTOR, setup: typicalSetup(this.profile) });
    this.#logPath = logPath;
  }

  async closeSession(): Promise<void> {
    await this.rig.request({ type: 'closeSession' });
  }

  /** @returns whether the robot did it; a refusal is not the end: it may not have come to rest yet */
  async command(command: OperatorCommand): Promise<boolean> {
    try {
      await this.rig.request({ type: 'command', epoch: EPOCH, actor: ACTOR, command, ...(command === 'prepare' ? { empty: true } : {}) });
      return true;
    } catch (error) {
      if (!(error instanceof DariError)) throw error;
      return false;
    }
  }

  /** @throws DariError `notPermittedNow` with what is in the way */
  async until(wanted: SupervisorState, limitSec: number): Promise<void> {
    const endUs = systemClock.nowUs() + limitSec * US_PER_S;
    while (this.#state?.state !== wanted) {
      if (systemClock.nowUs() > endUs) throw new DariError('notPermittedNow', `The robot is ${this.#state?.state} instead of ${wanted} (${this.#state?.cause}, ${this.#state?.readyBlocker}). See the messages above.`);
      await new Promise<void>((resolve) => systemScheduler.after(LOOK_MS, resolve));
    }
  }

  end(): void {
    this.#subscription.unsubscribe();
  }
}
