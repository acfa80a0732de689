/** An operator who keeps the robot walking: takes control, opens a session, starts, and starts again after a stop. */
import { Subscription } from 'rxjs';
import { systemScheduler } from '../../../hal/clock.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import type { Cause, OperatorCommand, SupervisorState } from '../../../protocols/supervision.ts';
import { Operator } from './operator.ts';
import type { RobotRig } from './robot-rig.ts';

const RETRY_MS = 250;
const LIMIT_SEC = 20;

export class Walker {
  /** Why the robot stopped by itself, each time. */
  readonly stops: Cause[] = [];
  readonly #operator: Operator;
  readonly #subscription = new Subscription();
  #seen: SupervisorState | null = null;
  #done = false;

  constructor(rig: RobotRig, profile: RobotProfile) {
    this.#operator = new Operator(rig, profile);
    this.#subscription.add(
      rig.messages$.subscribe((message) => {
        if (message.type !== 'state') return;
        if (message.state === 'stopped' && this.#seen !== 'stopped') this.stops.push(message.cause);
        this.#seen = message.state;
      }),
    );
  }

  /** Resolves when the robot walks in a session that is recorded, until `end`. @throws DariError `notPermittedNow` with what is in the way */
  async walk(): Promise<void> {
    await this.#operator.until('idle', LIMIT_SEC);
    await this.#operator.takeControl();
    await this.#operator.prepareRobot();
    await this.#operator.openSession();
    void this.#keepWalking();
    await this.#operator.until('running', LIMIT_SEC);
  }

  end(): void {
    this.#done = true;
    this.#operator.end();
    this.#subscription.unsubscribe();
  }

  async #keepWalking(): Promise<void> {
    const next: Partial<Record<SupervisorState, OperatorCommand>> = { ready: 'arm', armed: 'start', stopped: 'acknowledge' };
    while (!this.#done) {
      const command = this.#operator.state === null ? undefined : next[this.#operator.state.state];
      if (command !== undefined) await this.#operator.command(command);
      await new Promise<void>((resolve) => systemScheduler.after(RETRY_MS, resolve));
    }
  }
}
