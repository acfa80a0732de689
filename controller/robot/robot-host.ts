/**
 * Joins loop, recorder, pipe and ports into the robot process, and ends it in order: protective stop, drives released,
 * file sealed, ports freed. Everything that comes from the machine is handed in.
 */
import type { Clock, Scheduler } from '../../hal/clock.ts';
import type { Notice } from '../../hal/notice.ts';
import type { RobotIo } from '../../hal/robot-io.ts';
import type { FromController, LoopStats, ToController } from '../../protocols/messages.ts';
import type { PreparationNews } from '../../protocols/preparation.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { Random } from '../../protocols/random.ts';
import { layoutOf } from '../../protocols/session-log.ts';
import { createControlLoop, type ControlLoop, type Cycle } from './control-loop.ts';
import { allocateCycleRing, CycleRingWriter } from './cycle-ring.ts';
import { LoopStatistics } from './loop-stats.ts';
import { PipeClient } from './pipe-client.ts';
import { RecorderClient } from './recorder-client.ts';
import { handleRequest } from './requests.ts';
import { SessionKeeper } from './session-keeper.ts';
import { watchReadiness, watchSupervisor } from './state-news.ts';

export interface RobotHostOptions {
  readonly profile: RobotProfile;
  readonly io: RobotIo;
  readonly parentFd: number;
  readonly simulated: boolean;
  readonly clock: Clock;
  /** Nobody may foresee it. */
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly recorderUrl: URL;
  readonly pipeUrl: URL;
  readonly pid: number;
  /** Figures of this process for the statistics. */
  readonly usage: () => { heapUsedBytes: number; rssBytes: number; cpuUs: number };
  readonly startTicks: (onTick: (latenessUs: number) => void) => { stop(): Promise<void> };
  /** Called once, when everything is closed. */
  readonly onEnd: (exitCode: number) => void;
  readonly report: (error: unknown) => void;
}

/** About four seconds at 250 Hz: longer than a disk's stall, short enough to notice one that does not end. */
const RING_ROWS = 1_024;
/** The profile's stop time and the ladder behind it fit in here; after it the drives are released all the same. */
const STANDSTILL_MS = 700;
/** For each later step of the end: a stuck disk or port must not keep the process. */
const STEP_MS = 500;

export class RobotHost {
  readonly #loop: ControlLoop;
  readonly #ring: CycleRingWriter;
  readonly #recorder: RecorderClient;
  readonly #pipe: PipeClient;
  readonly #sessions: SessionKeeper;
  readonly #statistics: LoopStatistics;
  readonly #ticks: { stop(): Promise<void> };
  #ending = false;
  #exitCode = 0;
  #onStandstill: (() => void) | null = null;
  #preparation: PreparationNews | null = null;

  constructor(private readonly options: RobotHostOptions) {
    const { profile, io, clock } = options;
    const memory = allocateCycleRing(layoutOf(profile).width, RING_ROWS);
    this.#ring = new CycleRingWriter(memory);
    this.#statistics = new LoopStatistics(profile, clock.nowUs());
    this.#loop = createControlLoop({ profile, io, random: options.random, sink: this.#ring, onFailure: (error) => this.fail(error) });
    this.#recorder = new RecorderClient({
      workerUrl: options.recorderUrl,
      memory,
      ring: this.#ring,
      onFailed: (error) => this.#recordingFailed(error.code, error.message),
      onCrash: (error) => this.fail(error),
    });
    this.#sessions = new SessionKeeper({ profile, loop: this.#loop, recorder: this.#recorder, simulated: options.simulated, nowUs: () => clock.nowUs(), onSession: (setup) => this.#pipe.session(setup) });
    this.#pipe = new PipeClient({
      workerUrl: options.pipeUrl,
      setup: { fd: options.parentFd, profile, ring: memory },
      onMessage: (message) => void this.#request(message),
      onClosed: () => this.#stationLost(),
    });
    this.#wire();
    this.#send({ type: 'hello', pid: options.pid });
    io.start();
    this.#ticks = options.startTicks((latenessUs) => this.#loop.tick(clock.nowUs(), latenessUs));
  }

  notice({ code, message }: Notice): void {
    this.#send({ type: 'notice', code, message });
  }

  /** Protective stop first; then everything is closed. */
  shutdown(): void {
    this.#loop.operator.stop('shutdown', this.options.clock.nowUs());
    void this.#end();
  }

  /** Something is broken that must not be: the drives let go at once. */
  fail(error: unknown): void {
    this.options.report(error);
    this.#loop.abandon(this.options.clock.nowUs());
    this.#exitCode = 1;
    void this.#end();
  }

  #wire(): void {
    this.#loop.events$.subscribe((event) => {
      if (this.#sessions.sessionId !== null) this.#recorder.event(event);
      this.#send({ type: 'event', event });
    });
    this.#loop.challenge$.subscribe((challenge) => this.#send({ type: 'challenge', ...challenge }));
    this.#loop.cycle$.subscribe((cycle) => this.#afterCycle(cycle));
    watchSupervisor(this.#loop.cycle$).subscribe((news) => this.#send(news));
    watchReadiness(this.#loop).subscribe((news) => this.#send(news));
  }

  #afterCycle({ inputs }: Cycle): void {
    const { preparation } = this.#loop;
    if (preparation !== this.#preparation) this.#send({ type: 'preparation', ...preparation });
    this.#preparation = preparation;
    this.#statistics.record(inputs, this.options.clock.nowUs());
    if (this.#onStandstill !== null && !this.#loop.moving) this.#onStandstill();
  }

  async #request(message: ToController): Promise<void> {
    const { clock } = this.options;
    try {
      await handleRequest(message, {
        profile: this.options.profile,
        loop: this.#loop,
        sessions: this.#sessions,
        nowUs: () => clock.nowUs(),
        send: (answer) => this.#send(answer),
        stats: (startOver) => this.#stats(startOver),
        shutdown: () => this.shutdown(),
      });
    } catch (error) {
      this.fail(error);
    }
  }

  #stats(startOver: boolean): LoopStats {
    const nowUs = this.options.clock.nowUs();
    const stats = this.#statistics.report(this.#loop.cycle.inputs, nowUs, { ...this.options.usage(), rowsLost: this.#recorder.rowsLost });
    if (startOver) this.#statistics.startOver(nowUs);
    return stats;
  }

  /** Control and stop go on; the loop learns it through its intent and refuses to arm. */
  #recordingFailed(code: string, message: string): void {
    this.#loop.operator.recorderHealthy = false;
    this.#send({ type: 'notice', code, message });
  }

  #stationLost(): void {
    this.#loop.operator.stationConnected = false;
    void this.#end();
  }

  async #end(): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    if (!this.#loop.failed) await this.#within(STANDSTILL_MS, this.#standstill());
    await this.#ticks.stop();
    this.#loop.abandon(this.options.clock.nowUs());
    await this.#within(STEP_MS, Promise.all([this.options.io.close(), this.#seal()]));
    await this.#within(STEP_MS, Promise.all([this.#recorder.end(), this.#pipe.end()]));
    this.options.onEnd(this.#exitCode);
  }

  /** At the earliest after the next cycle: only that one knows of the reason to stop. */
  #standstill(): Promise<void> {
    return new Promise((resolve) => {
      this.#onStandstill = resolve;
    });
  }

  async #seal(): Promise<void> {
    try {
      const sealed = await this.#sessions.abandon();
      if (sealed !== null) this.#send({ type: 'sessionClosed', ...sealed });
    } catch (error) {
      this.options.report(error);
    }
  }

  #send(message: FromController): void {
    this.#pipe.send(message);
  }

  #within(limitMs: number, work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.options.scheduler.after(limitMs, resolve);
      void work.catch((error: unknown) => this.options.report(error)).then(() => {
        cancel();
        resolve();
      });
    });
  }
}
