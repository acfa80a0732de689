/** An operator who keeps the robot walking: takes control, opens a session, starts, and starts again after a stop. */
import path from 'node:path';
import { filter, firstValueFrom, map, Subscription } from 'rxjs';
import { systemScheduler } from '../../../hal/clock.ts';
import { DariError } from '../../../protocols/errors.ts';
import type { FromController } from '../../../protocols/messages.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import type { Cause, OperatorCommand } from '../../../protocols/supervision.ts';
import { typicalSetup, type RobotRig } from './robot-rig.ts';

type State = Extract<FromController, { type: 'state' }>;

const RENEW_MS = 500;
const RETRY_MS = 250;
const EPOCH = 1;
const ACTOR = 'bench';

export class Walker {
  /** Why the robot stopped by itself, each time. */
  readonly stops: Cause[] = [];
  readonly #subscription = new Subscription();
  #state: State | null = null;
  #sequence = 0;
  #done = false;
  #cancelRenewal = (): void => {};

  constructor(
    private readonly rig: RobotRig,
    private readonly profile: RobotProfile,
  ) {
    this.#subscription.add(rig.messages$.subscribe((message) => this.#notice(message)));
  }

  /** Resolves when the robot walks in a session that is recorded. */
  async walk(): Promise<void> {
    await this.#until((state) => state === 'ready');
    await this.rig.request({ type: 'takeLease', epoch: EPOCH });
    this.#renew();
    const logPath = path.join(this.rig.folder, 'bench.mcap');
    await this.rig.request({ type: 'openSession', epoch: EPOCH, sessionId: 'bench', logPath, startedAt: new Date().toISOString(), actor: ACTOR, setup: typicalSetup(this.profile) });
    void this.#keepWalking();
    await this.#until((state) => state === 'running');
  }

  end(): void {
    this.#done = true;
    this.#cancelRenewal();
    this.#subscription.unsubscribe();
  }

  #notice(message: FromController): void {
    if (message.type !== 'state') return;
    if (message.state === 'stopped' && this.#state?.state !== 'stopped') this.stops.push(message.cause);
    this.#state = message;
  }

  async #keepWalking(): Promise<void> {
    const next: Partial<Record<State['state'], OperatorCommand>> = { ready: 'arm', armed: 'start', stopped: 'acknowledge' };
    while (!this.#done) {
      const command = this.#state === null ? undefined : next[this.#state.state];
      if (command !== undefined) await this.#try(command);
      await new Promise<void>((resolve) => systemScheduler.after(RETRY_MS, resolve));
    }
  }

  /** A refusal is not the end: the robot may not have come to rest yet. */
  async #try(command: OperatorCommand): Promise<void> {
    try {
      await this.rig.request({ type: 'command', epoch: EPOCH, actor: ACTOR, command });
    } catch (error) {
      if (!(error instanceof DariError)) throw error;
    }
  }

  #renew(): void {
    this.rig.send({ type: 'lease', epoch: EPOCH, sequence: ++this.#sequence });
    this.#cancelRenewal = systemScheduler.after(RENEW_MS, () => this.#renew());
  }

  async #until(wanted: (state: State['state']) => boolean): Promise<void> {
    if (this.#state !== null && wanted(this.#state.state)) return;
    const states$ = this.rig.messages$.pipe(
      filter((message) => message.type === 'state'),
      map(({ state }) => state),
      filter(wanted),
    );
    await firstValueFrom(states$);
  }
}
