/** A virtual robot, the process that drives it and a person at its controls: what is done to them, and what is true. */
import fs from 'node:fs';
import path from 'node:path';
import { filter, firstValueFrom, map, race, Subject, type Observable } from 'rxjs';
import { systemClock, systemScheduler } from '../../../../hal/clock.ts';
import { DariError } from '../../../../protocols/errors.ts';
import type { FromController, LoopStats } from '../../../../protocols/messages.ts';
import type { PreparationStep } from '../../../../protocols/preparation.ts';
import type { RobotProfile } from '../../../../protocols/profile.ts';
import type { OperatorCommand, SupervisorState } from '../../../../protocols/supervision.ts';
import { US_PER_MS } from '../../../../protocols/units.ts';
import { Operator } from '../../bench/operator.ts';
import { RobotRig, type RobotRigOptions } from '../../bench/robot-rig.ts';
import { Mischief } from './mischief-maker.ts';
import { pause, Place } from './place.ts';
import { StallMeter } from './stall-meter.ts';
import { Witness, type Truth } from './witness.ts';

export type RobotEvent = Extract<FromController, { type: 'event' }>['event'];

export interface FaultRoomOptions extends RobotRigOptions {
  readonly profile: RobotProfile;
  /** Loaded into the processes that faults are done to from inside. */
  readonly mischiefProgram: string;
}

/** Connecting, booting, being lowered from a stop, and a self-test and homing if need be, all fit in. */
const READY_LIMIT_MS = 60_000;
const LINKED_LIMIT_MS = 20_000;
const RETRY_MS = 50;
/** Packets that it takes to know the robot process's clock. */
const SETTLE_MS = 1_000;

export class FaultRoom extends Place {
  readonly operator: Operator;
  #witness: Witness;
  readonly #machine = new StallMeter();

  private constructor(
    readonly rig: RobotRig,
    readonly profile: RobotProfile,
    readonly mischief: Mischief,
  ) {
    super();
    this.operator = new Operator(rig, profile);
    this.#witness = new Witness(rig);
  }

  static async open({ profile, mischiefProgram, ...options }: FaultRoomOptions): Promise<FaultRoom> {
    const mischief = new Mischief(mischiefProgram);
    const room = new FaultRoom(await RobotRig.start({ ...options, nodeOptions: [...mischief.nodeOptions, ...(options.nodeOptions ?? [])] }), profile, mischief);
    try {
      await room.until('idle', LINKED_LIMIT_MS);
      await room.operator.takeControl();
      await room.operator.prepareRobot();
      await room.operator.openSession();
      await pause(SETTLE_MS);
    } catch (error) {
      await room.close();
      throw error;
    }
    return room;
  }

  get state(): SupervisorState {
    return this.operator.state?.state ?? 'connecting';
  }

  get disarmed(): boolean {
    return this.state === 'ready' || this.state === 'idle';
  }

  get prepared(): boolean {
    return this.operator.prepared;
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

  /**
   * Commands again and again until the robot is there: it may have to come to rest first, and to be tested and led home
   * again when something was lost that it has to be sure of.
   */
  async bringTo(state: 'ready' | 'armed' | 'running', limitMs = READY_LIMIT_MS): Promise<boolean> {
    const end = systemClock.nowUs() + limitMs * US_PER_MS;
    while (this.state !== state && systemClock.nowUs() < end) {
      if (this.state === 'stopped' || this.state === 'emergency') await this.operator.command('acknowledge');
      else if (this.state === 'idle' && limitMs >= READY_LIMIT_MS) await this.#prepareAnew();
      else if (state === 'ready' && (this.state === 'armed' || this.state === 'running' || this.state === 'paused')) await this.operator.command('disarm');
      else if (state !== 'ready' && this.state === 'ready') await this.operator.command('arm');
      else if (state === 'running' && this.state === 'armed') await this.operator.command('start');
      if (this.state !== state) await pause(RETRY_MS);
    }
    return this.state === state;
  }

  command(command: OperatorCommand): Promise<boolean> {
    return this.operator.command(command);
  }

  /** A stall that stops the robot by itself. */
  get overrunMs(): number {
    return this.profile.watchdogs.overrunPeriods * this.periodMs;
  }

  /** Starts to listen at once. @returns the link's event, in its own time; null: it did not come */
  linkEvent(linkId: string, newValue: 'up' | 'down', limitMs: number): Promise<RobotEvent | null> {
    return this.#event((event) => event.kind === 'link' && event.subject === linkId && event.newValue === newValue, limitMs);
  }

  /** Starts to listen at once. @returns the supervisor's event, in its own time; null: it did not come */
  stateEvent(newValue: SupervisorState, limitMs: number): Promise<RobotEvent | null> {
    return this.#event((event) => event.kind === 'state' && event.newValue === newValue, limitMs);
  }

  /** Starts to listen at once. @returns whether this trouble is told of in time */
  async notice(code: string, limitMs: number): Promise<boolean> {
    return (await this.#first(this.rig.messages$.pipe(filter((message) => message.type === 'notice' && message.code === code)), limitMs)) !== null;
  }

  /** When an event happened, by our clock. */
  timeOfUs(event: RobotEvent): number {
    return event.atUs + this.rig.robotClockAheadUs;
  }

  truth(): Promise<Truth> {
    return this.#witness.truth();
  }

  /** Worst delays of the robot process, the simulator and this one since the last call with `startOver`. */
  async stallMs(startOver: boolean): Promise<number> {
    const { lateness } = await this.stats(startOver);
    return Math.max(await this.machineStallMs(), lateness.maxUs / US_PER_MS);
  }

  /** The same since the last call of either, without the robot process, which may be stalled by what is done to it. */
  machineStallMs(): Promise<number> {
    return this.#machine.worstMs(this.#witness);
  }

  /** Of the control loop, since the last call with `startOver`. */
  async stats(startOver: boolean): Promise<LoopStats> {
    const answer = await this.rig.request({ type: 'stats', startOver });
    if (answer.type !== 'stats') throw new TypeError('another answer than was asked for');
    return answer.stats;
  }

  /** In the place of the one that is open, at rest. @returns why it was refused; null: it was not */
  async newSession(): Promise<string | null> {
    if (!(await this.#closed())) return `the robot is ${this.state}`;
    try {
      await this.operator.openSession();
      return null;
    } catch (error) {
      if (!(error instanceof DariError)) throw error;
      return error.message;
    }
  }

  async close(): Promise<void> {
    this.#machine.end();
    this.operator.end();
    await this.rig.stop();
    this.mischief.end();
  }

  /**
   * Goes back to the robot without a patient and begins its preparation anew, up to some point; no button is held then,
   * and the robot is not prepared. @returns whether it came so far
   */
  async prepareUntil(reached: (step: PreparationStep) => boolean): Promise<boolean> {
    if (!(await this.bringTo('ready')) || !(await this.#closed()) || !(await this.operator.command('prepare'))) return false;
    const there = (): boolean => !this.prepared && this.operator.preparation !== null && reached(this.operator.preparation.step);
    await this.operator.prepareRobot(there);
    return there();
  }

  /** The virtual robot is another one now. */
  async startSimulatorAgain(): Promise<void> {
    await this.rig.simulatorRig.startAgain();
    this.#witness = new Witness(this.rig);
  }

  /** With nobody in it: the session is closed before, and opened anew when the robot is home. */
  async #prepareAnew(): Promise<void> {
    if (!(await this.#closed())) return;
    await this.operator.prepareRobot();
    await this.operator.openSession();
  }

  /** @returns false: not yet, the robot moves */
  async #closed(): Promise<boolean> {
    try {
      await this.operator.closeSession();
    } catch (error) {
      if (!(error instanceof DariError)) throw error;
      return error.code !== 'notPermittedNow';
    }
    return true;
  }

  #event(wanted: (event: RobotEvent) => boolean, limitMs: number): Promise<RobotEvent | null> {
    return this.#first(
      this.rig.messages$.pipe(
        map((message) => (message.type === 'event' ? message.event : null)),
        filter((event) => event !== null && wanted(event)),
      ),
      limitMs,
    );
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
