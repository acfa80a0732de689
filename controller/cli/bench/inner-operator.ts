/** An operator of a control loop in this very process: keeps the lease, opens a session, keeps the robot walking. */
import { systemClock, systemScheduler } from '../../../hal/clock.ts';
import { DariError } from '../../../protocols/errors.ts';
import type { OperatorCommand, SessionSetup, SupervisorState } from '../../../protocols/supervision.ts';
import { US_PER_S } from '../../../protocols/units.ts';
import type { ControlLoop } from '../../robot/control-loop.ts';
import { Preparer } from '../preparer.ts';

const LOOK_MS = 20;
const RETRY_MS = 250;
const EPOCH = 1;
const ACTOR = 'bench';
/** Of a machine whose own stalls end a self-test; own value. */
const PREPARATION_ATTEMPTS = 10;
/** So many self-tests; control that was lost does not come back by itself. */
const PREPARED_WITHIN_US = 120 * US_PER_S;

export class InnerOperator {
  /** Why the robot stopped by itself, each time. */
  readonly stops: string[] = [];
  #sequence = 0;
  #seen: SupervisorState | null = null;
  #ended = false;
  #cancel = (): void => {};

  constructor(private readonly loop: ControlLoop) {
    loop.cycle$.subscribe(({ output: { state, cause } }) => {
      if (state === 'stopped' && this.#seen !== 'stopped') this.stops.push(cause);
      this.#seen = state;
    });
  }

  /** @throws DariError `notPermittedNow` with what is in the way */
  async until(state: SupervisorState, limitSec: number): Promise<void> {
    const endUs = systemClock.nowUs() + limitSec * US_PER_S;
    while (this.loop.cycle.output.state !== state) {
      const { output } = this.loop.cycle;
      if (systemClock.nowUs() > endUs) throw new DariError('notPermittedNow', `The robot is ${output.state} instead of ${state} (${output.cause}, ${output.readyBlocker}). See the messages above.`);
      await new Promise<void>((resolve) => systemScheduler.after(LOOK_MS, resolve));
    }
  }

  /** Takes control, then self-test and homing. @throws DariError `notPermittedNow` with the step that failed */
  async prepareRobot(estop: (open: boolean) => void): Promise<void> {
    const { operator } = this.loop;
    let sequence = 0;
    operator.takeLease(EPOCH, systemClock.nowUs());
    this.loop.challenge$.subscribe(({ challenge }) => this.#answer(challenge));
    const person = new Preparer(
      {
        preparation: () => this.loop.preparation,
        state: () => this.loop.cycle.output.state,
        command: (command) => this.#try(command),
        hold: () => void operator.hold(EPOCH, ++sequence, systemClock.nowUs()),
        endHold: () => void operator.endHold(EPOCH),
        estop,
      },
      PREPARATION_ATTEMPTS,
    );
    const endUs = systemClock.nowUs() + PREPARED_WITHIN_US;
    for (let seen = person.look(); seen !== 'done'; seen = person.look()) {
      if (seen === 'failed' || systemClock.nowUs() > endUs) throw new DariError('notPermittedNow', `The robot could not be prepared (${JSON.stringify(this.loop.preparation)}). See what the step says.`);
      await new Promise<void>((resolve) => systemScheduler.after(LOOK_MS, resolve));
    }
  }

  /** In control already. */
  openSession(setup: SessionSetup): void {
    this.loop.openSession(setup, { sessionId: 'bench', actor: ACTOR }, systemClock.nowUs());
  }

  /** Arms, starts, and does so again after a stop, until `end`. */
  keepWalking(): void {
    const next: Partial<Record<SupervisorState, OperatorCommand>> = { ready: 'arm', armed: 'start', stopped: 'acknowledge' };
    this.#every(RETRY_MS, () => {
      const command = next[this.loop.cycle.output.state];
      if (command !== undefined) this.#try(command);
    });
  }

  end(): void {
    this.#ended = true;
    this.#cancel();
  }

  #answer(challenge: number): void {
    if (!this.#ended) this.loop.operator.renewLease(EPOCH, ++this.#sequence, challenge, systemClock.nowUs());
  }

  /** A refusal is not the end: the robot may not have come to rest yet. */
  #try(command: OperatorCommand): void {
    try {
      this.loop.operator.command(EPOCH, command, ACTOR, systemClock.nowUs());
    } catch (error) {
      if (!(error instanceof DariError)) throw error;
    }
  }

  #every(ms: number, task: () => void): void {
    task();
    this.#cancel = systemScheduler.after(ms, () => this.#every(ms, task));
  }
}
