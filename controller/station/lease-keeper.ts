/**
 * Who is in control, as the station hands it out: one client, told apart by an epoch that only grows, also over
 * restarts. The robot process checks epochs and renewals itself and has the last word; here the requests of many
 * clients are put in an order, and everybody learns who holds the robot.
 */
import type { Clock } from '../../hal/clock.ts';
import { DariError } from '../../protocols/errors.ts';
import type { ServerMessage, StationStatus, ToController } from '../../protocols/messages.ts';
import type { ControllerRequest } from './children/controller-link.ts';
import type { Log } from './log.ts';
import type { RecordStore } from './records/store.ts';

export interface LeaseContext {
  readonly store: Pick<RecordStore, 'nextLeaseEpoch'>;
  readonly controller: { request(message: ControllerRequest): Promise<void>; send(message: Extract<ToController, { type: 'lease' | 'releaseLease' | 'hold' | 'endHold' }>): void };
  readonly clock: Clock;
  readonly log: Log;
  /** Unrenewed for longer, the lease is free. */
  readonly ttlUs: number;
  wallTime(): string;
  isConnected(clientId: string): boolean;
  changed(): void;
  tell(clientId: string, message: Extract<ServerMessage, { type: 'challenge' }>): void;
}

interface Holder {
  readonly epoch: number;
  readonly clientId: string;
  readonly since: string;
  renewedUs: number;
}

export class LeaseKeeper {
  #holder: Holder | null = null;
  #lastEpoch = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly context: LeaseContext) {}

  get status(): StationStatus['lease'] {
    const holder = this.#holder;
    return holder === null ? null : { epoch: holder.epoch, clientId: holder.clientId, since: holder.since };
  }

  /** One at a time, in the order of arrival. @throws DariError `leaseRefused` or what the controller refuses with */
  take(clientId: string, takeOver: boolean): Promise<number> {
    const result = this.#turn.then(() => this.#take(clientId, takeOver));
    this.#turn = result.catch(() => {});
    return result;
  }

  /** To the page that holds the lease, which alone can answer. */
  challenge(epoch: number, challenge: number): void {
    const holder = this.#holder;
    if (holder?.epoch === epoch) this.context.tell(holder.clientId, { type: 'challenge', epoch, challenge });
  }

  renew(clientId: string, epoch: number, sequence: number, challenge: number): void {
    const holder = this.#holderOf(clientId, epoch);
    if (holder === null) return;
    holder.renewedUs = this.context.clock.nowUs();
    this.context.controller.send({ type: 'lease', epoch, sequence, challenge });
  }

  hold(clientId: string, epoch: number, sequence: number): void {
    if (this.#holderOf(clientId, epoch) !== null) this.context.controller.send({ type: 'hold', epoch, sequence });
  }

  endHold(clientId: string, epoch: number): void {
    if (this.#holderOf(clientId, epoch) !== null) this.context.controller.send({ type: 'endHold', epoch });
  }

  /** @throws DariError `leaseRefused` unless this client holds this epoch */
  require(clientId: string, epoch: number): void {
    if (this.#holderOf(clientId, epoch) !== null) return;
    throw new DariError('leaseRefused', this.#holder === null ? 'Nobody is in control. Take control, then try again.' : 'Someone else is in control, or it was taken anew. Take control, then try again.');
  }

  /** @throws DariError `leaseRefused` */
  release(clientId: string, epoch: number): void {
    this.require(clientId, epoch);
    this.context.controller.send({ type: 'releaseLease', epoch });
    this.drop();
  }

  /** Its lease is not renewed any more, so the robot stops; the next person may take control. */
  clientGone(clientId: string): void {
    if (this.#holder?.clientId === clientId) this.drop();
  }

  /** The controller says that it is over, or is gone itself. */
  drop(): void {
    if (this.#holder === null) return;
    this.#holder = null;
    this.context.changed();
  }

  #holderOf(clientId: string, epoch: number): Holder | null {
    return this.#holder?.clientId === clientId && this.#holder.epoch === epoch ? this.#holder : null;
  }

  async #take(clientId: string, takeOver: boolean): Promise<number> {
    const { context } = this;
    const holder = this.#holder;
    const fresh = holder !== null && context.clock.nowUs() - holder.renewedUs <= context.ttlUs;
    if (holder !== null && fresh && holder.clientId !== clientId && !takeOver)
      throw new DariError('leaseRefused', 'Someone else is in control. Ask that person to release it, or take over while the robot stands still.');
    const epoch = await this.#nextEpoch();
    await context.controller.request({ type: 'takeLease', epoch });
    if (!context.isConnected(clientId)) {
      context.controller.send({ type: 'releaseLease', epoch });
      this.drop();
      throw new DariError('leaseRefused', 'The page was closed before it had control. Take control again.');
    }
    this.#holder = { epoch, clientId, since: context.wallTime(), renewedUs: context.clock.nowUs() };
    context.changed();
    return epoch;
  }

  /** A full disk must not keep anybody from taking control; the robot process of this station then sees growing epochs all the same. */
  async #nextEpoch(): Promise<number> {
    try {
      this.#lastEpoch = Math.max(this.#lastEpoch + 1, await this.context.store.nextLeaseEpoch());
    } catch (error) {
      this.context.log.error({ error: String(error) }, 'the lease epoch could not be stored');
      this.#lastEpoch++;
    }
    return this.#lastEpoch;
  }
}
