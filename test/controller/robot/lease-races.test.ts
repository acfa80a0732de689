/**
 * Many people at many pages reach for one robot, over wires that delay, repeat and hold back. The lease keeper of the
 * station and the operator of the robot process are the real ones; who may do what is said again here, in plain words.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Operator } from '../../../controller/robot/operator.ts';
import type { ControllerRequest } from '../../../controller/station/children/controller-link.ts';
import { LeaseKeeper } from '../../../controller/station/lease-keeper.ts';
import { ManualClock } from '../../../hal/clock.ts';
import { DariError } from '../../../protocols/errors.ts';
import type { ToController } from '../../../protocols/messages.ts';
import { createRandom, type Random } from '../../../protocols/random.ts';
import { profile } from './support/fake-robot.ts';

const TTL_US = profile.watchdogs.leaseMs * 1_000;
/** The newest challenge and the one before are at most so old. */
const CHALLENGE_LIFE_US = 1_000_000;
const RACES = 100_000;
const RACES_PER_WORLD = 1_000;
const STEPS_PER_RACE = 8;
const PAGES = ['a', 'b', 'c'];
/** Messages that are held back somewhere and come again later. */
const LATE_MESSAGES = 24;
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

interface Waiting {
  readonly message: ToController | ControllerRequest;
  resolve(): void;
  reject(error: unknown): void;
}

interface Page {
  readonly id: string;
  epoch: number;
  sequence: number;
  challenges: { epoch: number; challenge: number }[];
}

/** What a plain observer knows: who took control last, which challenges were sent when, what was answered. */
class Witness {
  readonly violations: string[] = [];
  newest = 0;
  released = true;
  aliveUs = 0;
  readonly #sent = new Map<number, { epoch: number; atUs: number; answered: boolean }>();

  demand(holds: boolean, rule: string): void {
    if (!holds && this.violations.length < 10) this.violations.push(rule);
  }

  sent(epoch: number, challenge: number, atUs: number): void {
    this.#sent.set(challenge, { epoch, atUs, answered: false });
  }

  renewed(epoch: number, challenge: number, nowUs: number): void {
    const asked = this.#sent.get(challenge);
    this.demand(asked !== undefined && asked.epoch === epoch && epoch === this.newest, 'renewed by an answer to what its holder was asked');
    this.demand(asked?.answered === false, 'renewed once per challenge');
    this.demand(nowUs - (asked?.atUs ?? -Infinity) <= CHALLENGE_LIFE_US + TTL_US, 'renewed by an answer that is fresh');
    if (asked !== undefined) asked.answered = true;
    this.aliveUs = Math.max(this.aliveUs, asked?.atUs ?? 0);
  }

  holds(epoch: number, nowUs: number): boolean {
    return !this.released && epoch === this.newest && nowUs - this.aliveUs <= TTL_US;
  }
}

class World {
  readonly witness = new Witness();
  taken = 0;
  refused = 0;
  renewals = 0;
  commands = 0;
  readonly #random: Random;
  readonly #clock = new ManualClock();
  readonly #operator: Operator;
  readonly #keeper: LeaseKeeper;
  readonly #wire: Waiting[] = [];
  readonly #late: Waiting['message'][] = [];
  readonly #pages: Page[] = PAGES.map((id) => ({ id, epoch: 0, sequence: 0, challenges: [] }));
  #stored = 0;
  #moving = false;

  constructor(seed: number) {
    this.#random = createRandom(seed);
    this.#operator = new Operator(
      profile,
      createRandom(seed + 1),
      () => {},
      ({ epoch, challenge }) => {
        this.witness.sent(epoch, challenge, this.#nowUs);
        this.#keeper.challenge(epoch, challenge);
      },
    );
    this.#keeper = new LeaseKeeper({
      store: { nextLeaseEpoch: () => Promise.resolve(++this.#stored) },
      controller: {
        request: (message) => new Promise((resolve, reject) => void this.#wire.push({ message, resolve, reject })),
        send: (message) => void this.#wire.push({ message, resolve: () => {}, reject: () => {} }),
      },
      clock: this.#clock,
      log: silent,
      ttlUs: TTL_US,
      wallTime: () => '2026-01-01T00:00:00.000Z',
      isConnected: () => this.#random.int(50) > 0,
      changed: () => {},
      tell: (id, { epoch, challenge }) => this.#pages.find((page) => page.id === id)?.challenges.push({ epoch, challenge }),
    });
    this.#observe();
  }

  /** Everybody reaches at once; then things happen in any order. */
  async race(): Promise<void> {
    for (const page of this.#pages) if (this.#random.int(3) > 0) this.#reach(page);
    for (let step = 0; step < STEPS_PER_RACE; step++) {
      this.#step();
      await Promise.resolve();
      this.#check();
    }
    while (this.#wire.length > 0) {
      this.#deliverNext();
      for (let turn = 0; turn < 4; turn++) await Promise.resolve();
    }
    this.#check();
  }

  get #nowUs(): number {
    return this.#clock.nowUs();
  }

  #reach(page: Page): void {
    const reaching = this.#keeper.take(page.id, this.#random.int(2) === 0);
    reaching.then(
      (epoch) => {
        this.taken++;
        Object.assign(page, { epoch, sequence: 0 });
      },
      () => this.refused++,
    );
  }

  #step(): void {
    const page = this.#pages[this.#random.int(PAGES.length)]!;
    const kinds = [
      () => this.#deliverNext(),
      () => this.#deliverNext(),
      () => this.#deliverLate(),
      () => this.#clock.advanceUs(this.#random.int(16) === 0 ? this.#random.int(TTL_US) : this.#random.int(300_000)),
      () => void this.#operator.fill(this.#nowUs),
      () => this.#answer(page),
      () => this.#answer(page),
      () => this.#command(page),
      () => this.#command(page),
      () => this.#turn(),
      () => this.#repeat(page),
      () => this.#release(page),
    ];
    kinds[this.#random.int(kinds.length)]!();
  }

  /** An honest page answers what it was asked; a confused one anything. */
  #answer(page: Page): void {
    const asked = page.challenges.shift();
    if (asked === undefined) return;
    const challenge = this.#random.int(10) === 0 ? this.#random.int(2 ** 32) : asked.challenge;
    this.#keeper.renew(page.id, page.epoch, ++page.sequence, challenge);
  }

  /** Past the keeper, as if another station were at the same pipe. */
  #repeat(page: Page): void {
    this.#wire.push({ message: { type: 'lease', epoch: page.epoch, sequence: this.#random.int(40), challenge: this.#random.int(2 ** 32) }, resolve: () => {}, reject: () => {} });
  }

  #command(page: Page): void {
    if (page.epoch > 0) this.#wire.push({ message: { type: 'command', requestId: 0, epoch: page.epoch, actor: page.id, command: 'disarm' }, resolve: () => {}, reject: () => {} });
  }

  #release(page: Page): void {
    if (this.#random.int(8) > 0) return;
    try {
      this.#keeper.release(page.id, page.epoch);
    } catch (error) {
      if (!(error instanceof DariError)) throw error;
    }
  }

  #turn(): void {
    this.#moving = !this.#moving && this.#random.int(3) === 0;
    this.#observe();
  }

  #observe(): void {
    this.#operator.observe({ state: 'armed', cause: 'none', readyBlocker: 'none', moving: this.#moving });
  }

  #deliverNext(): void {
    const next = this.#wire.shift();
    if (next === undefined) return;
    if (this.#random.int(4) === 0) this.#late[this.#random.int(LATE_MESSAGES)] = next.message;
    try {
      this.#deliver(next.message);
      next.resolve();
    } catch (error) {
      next.reject(error);
    }
  }

  /** A copy of something of long ago, out of its order. */
  #deliverLate(): void {
    const message = this.#late[this.#random.int(LATE_MESSAGES)];
    if (message === undefined) return;
    try {
      this.#deliver(message);
    } catch (error) {
      if (!(error instanceof DariError)) throw error;
    }
  }

  /** As the robot process does, beside what the witness expects. */
  #deliver(message: Waiting['message']): void {
    const { witness } = this;
    const nowUs = this.#nowUs;
    if (message.type === 'takeLease') {
      this.#operator.takeLease(message.epoch, nowUs);
      witness.demand(message.epoch > witness.newest, 'taken by a newer epoch only');
      witness.demand(!this.#moving, 'taken of a robot at rest only');
      Object.assign(witness, { newest: message.epoch, released: false, aliveUs: nowUs });
    } else if (message.type === 'lease') {
      const held = witness.holds(message.epoch, nowUs);
      if (!this.#operator.renewLease(message.epoch, message.sequence, message.challenge, nowUs)) return;
      this.renewals++;
      witness.demand(held, 'renewed by its holder only');
      witness.renewed(message.epoch, message.challenge, nowUs);
    } else if (message.type === 'releaseLease') {
      if (this.#operator.releaseLease(message.epoch, nowUs)) {
        witness.demand(message.epoch === witness.newest, 'released by its holder only');
        witness.released = true;
      }
    } else if (message.type === 'command') {
      const held = witness.holds(message.epoch, nowUs);
      try {
        this.#operator.command(message.epoch, message.command, message.actor, nowUs);
        this.commands++;
        witness.demand(held, 'an order of the holder only');
      } catch (error) {
        if (!(error instanceof DariError)) throw error;
        witness.demand(!held || error.code !== 'leaseRefused', 'an order of the holder is not refused for its lease');
      }
    }
  }

  /** No two may act at one time, and the one who may is the one who took control last. */
  #check(): void {
    const acting: number[] = [];
    const { newest } = this.witness;
    for (const epoch of new Set([...this.#pages.map((page) => page.epoch), newest - 1, newest, newest + 1])) if (this.#mayAct(epoch)) acting.push(epoch);
    this.witness.demand(acting.length <= 1, 'one holder');
    this.witness.demand(acting.every((epoch) => this.witness.holds(epoch, this.#nowUs)), 'the holder is who took control last and was alive since');
    this.#operator.fill(this.#nowUs);
  }

  #mayAct(epoch: number): boolean {
    try {
      this.#operator.requireLease(epoch, this.#nowUs);
      return true;
    } catch (error) {
      if (error instanceof DariError) return false;
      throw error;
    }
  }
}

// Refusals are most of what happens here; their stack traces would be most of the time.
const { stackTraceLimit } = Error;
beforeAll(() => void (Error.stackTraceLimit = 0));
afterAll(() => void (Error.stackTraceLimit = stackTraceLimit));

describe('the lease', () => {
  it(`has one holder and obeys no older epoch in ${RACES} races`, async () => {
    const total = { taken: 0, refused: 0, renewals: 0, commands: 0 };
    for (let seed = 0; seed < RACES / RACES_PER_WORLD; seed++) {
      const world = new World(seed);
      for (let n = 0; n < RACES_PER_WORLD; n++) await world.race();
      expect({ seed, violations: world.witness.violations }).toEqual({ seed, violations: [] });
      for (const key of ['taken', 'refused', 'renewals', 'commands'] as const) total[key] += world[key];
    }
    // The races are worth something only if they are won and lost, kept alive and used.
    expect(Math.min(total.taken, total.refused)).toBeGreaterThan(RACES / 10);
    expect(Math.min(total.renewals, total.commands)).toBeGreaterThan(RACES / 100);
  });
});
