/** A virtual robot, the process that drives it and a person at its controls: what is done to them, and what is true. */
import fs from 'node:fs';
import path from 'node:path';
import { filter, firstValueFrom, map, race, Subject, type Observable } from 'rxjs';
import { z } from 'zod/mini';
import { systemClock, systemScheduler } from '../../../../hal/clock.ts';
import type { FromController } from '../../../../protocols/messages.ts';
import type { RobotProfile } from '../../../../protocols/profile.ts';
import type { SupervisorState } from '../../../../protocols/supervision.ts';
import { US_PER_MS } from '../../../../protocols/units.ts';
import { Operator } from '../../bench/operator.ts';
import { RobotRig, type RobotRigOptions } from '../../bench/robot-rig.ts';

/** The simulator's answer to `{"stats":true}`, as far as judges need it. */
const simulatorAnswer = z.object({
  stats: z.object({
    lagUs: z.object({ max: z.number() }),
    truth: z.object({
      nowUs: z.number(),
      joints: z.array(z.object({ positionRad: z.number(), energised: z.boolean(), lastTorqueUs: z.number() })),
      pulledUs: z.record(z.string(), z.number()),
    }),
  }),
});
export type Truth = z.infer<typeof simulatorAnswer>['stats']['truth'];

export type LinkEvent = Extract<FromController, { type: 'event' }>['event'];

export interface FaultRoomOptions extends RobotRigOptions {
  readonly profile: RobotProfile;
}

/** Connecting, booting and being lowered from a stop all fit in. */
const READY_LIMIT_MS = 20_000;
const RETRY_MS = 50;
const STAY_ATTEMPTS = 5;
/** Packets that it takes to know the robot process's clock. */
const SETTLE_MS = 1_000;

export class FaultRoom {
  readonly operator: Operator;
  #lagSeenUs = 0;

  private constructor(
    readonly rig: RobotRig,
    readonly profile: RobotProfile,
  ) {
    this.operator = new Operator(rig, profile);
  }

  static async open({ profile, ...options }: FaultRoomOptions): Promise<FaultRoom> {
    const room = new FaultRoom(await RobotRig.start(options), profile);
    await room.until('idle', READY_LIMIT_MS);
    await room.operator.takeControl();
    await room.operator.prepareRobot();
    await room.operator.openSession();
    await pause(SETTLE_MS);
    return room;
  }

  get state(): SupervisorState {
    return this.operator.state?.state ?? 'connecting';
  }

  get periodMs(): number {
    return 1_000 / this.profile.controlRateHz;
  }

  /** Places of a link's joints in the profile. */
  jointsOn(linkId: string): number[] {
    return this.profile.joints.flatMap(({ drive }, i) => (drive.link === linkId ? [i] : []));
  }

  /** What the name of a link's port leads to now; null: nothing. */
  wayOf(linkId: string): string | null {
    try {
      return fs.realpathSync(path.join(this.rig.folder, 'ports', linkId));
    } catch {
      return null;
    }
  }

  /** @returns whether the robot came into that state in time */
  async until(state: SupervisorState, limitMs: number): Promise<boolean> {
    if (this.state === state) return true;
    return (await this.#first(this.rig.messages$.pipe(filter((message) => message.type === 'state' && message.state === state)), limitMs)) !== null;
  }

  /** Commands again and again until the robot is there: it may have to come to rest first. */
  async bringTo(state: 'ready' | 'armed' | 'running', limitMs = READY_LIMIT_MS): Promise<boolean> {
    const end = systemClock.nowUs() + limitMs * US_PER_MS;
    while (this.state !== state && systemClock.nowUs() < end) {
      if (this.state === 'stopped' || this.state === 'emergency') await this.operator.command('acknowledge');
      else if (state === 'ready' && (this.state === 'armed' || this.state === 'running')) await this.operator.command('disarm');
      else if (state !== 'ready' && this.state === 'ready') await this.operator.command('arm');
      else if (state === 'running' && this.state === 'armed') await this.operator.command('start');
      if (this.state !== state) await pause(RETRY_MS);
    }
    return this.state === state;
  }

  /**
   * Brings the robot there and waits; starts over when it stopped by itself meanwhile, which this machine's own stalls
   * make it do. @returns whether it is there
   */
  async stayAt(state: 'armed' | 'running', ms: number): Promise<boolean> {
    for (let attempt = 0; attempt < STAY_ATTEMPTS; attempt++) {
      if (!(await this.bringTo(state))) return false;
      await pause(ms);
      if (this.state === state) return true;
    }
    return false;
  }

  /** A stall that stops the robot by itself. */
  get overrunMs(): number {
    return this.profile.watchdogs.overrunPeriods * this.periodMs;
  }

  /** Starts to listen at once. @returns the link's event, in its own time; null: it did not come */
  linkEvent(linkId: string, newValue: 'up' | 'down', limitMs: number): Promise<LinkEvent | null> {
    return this.#first(
      this.rig.messages$.pipe(
        map((message) => (message.type === 'event' ? message.event : null)),
        filter((event) => event !== null && event.kind === 'link' && event.subject === linkId && event.newValue === newValue),
      ),
      limitMs,
    );
  }

  /** When an event happened, by our clock. */
  timeOfUs(event: LinkEvent): number {
    return event.atUs + this.rig.robotClockAheadUs;
  }

  async truth(): Promise<Truth> {
    return (await this.#askSimulator()).truth;
  }

  /** Worst delays of the robot process and the simulator since the last call with `startOver`: this machine's, not Dari's. */
  async stallMs(startOver: boolean): Promise<number> {
    const answer = await this.rig.request({ type: 'stats', startOver });
    const { lagUs } = await this.#askSimulator();
    const simulatorUs = lagUs.max > this.#lagSeenUs ? lagUs.max : 0;
    this.#lagSeenUs = lagUs.max;
    return Math.max(simulatorUs, answer.type === 'stats' ? answer.stats.lateness.maxUs : 0) / US_PER_MS;
  }

  async close(): Promise<void> {
    this.operator.end();
    await this.rig.stop();
  }

  async #askSimulator(): Promise<z.infer<typeof simulatorAnswer>['stats']> {
    const line = this.rig.simulatorLine();
    this.rig.control({ stats: true });
    return simulatorAnswer.parse(await line).stats;
  }

  async #first<T>(values$: Observable<T>, limitMs: number): Promise<T | null> {
    const timeUp$ = new Subject<null>();
    const cancel = systemScheduler.after(limitMs, () => timeUp$.next(null));
    try {
      return await firstValueFrom(race(values$, timeUp$));
    } finally {
      cancel();
    }
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => systemScheduler.after(ms, resolve));
