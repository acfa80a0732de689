/**
 * A child that must live as long as the station: started again when it dies, with growing pauses, and stopped in order
 * at the end. It holds one end of a pipe (its file descriptor 3) and ends by itself when the other end, ours, is gone,
 * so that it also outlives no station that was killed. It stays in the station's session: Linux shares the processors out
 * among sessions first (sched(7), autogroup), and robot and simulator in two of their own starved each other for up to
 * 90 ms. So a signal to the terminal's group reaches it, too; it leaves that to the station, which stops its children in order.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { Socket } from 'node:net';
import type { Clock, Scheduler } from '../../../hal/clock.ts';
import type { Log } from '../log.ts';

export interface ChildPlan {
  /** For people: `robot process`. */
  readonly name: string;
  /** A program for Node. */
  readonly program: string;
  readonly arguments: readonly string[];
  readonly onStart: (child: RunningChild) => void;
  /** @param reason e.g. `exit code 1` or `SIGKILL` */
  readonly onExit: (reason: string) => void;
}

export interface RunningChild {
  readonly pipe: Socket;
  readonly stdout: Readable;
}

export interface ChildTools {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
}

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** Having lived so long, a child is taken for healthy and its next pause is short again. */
const HEALTHY_US = 20_000_000;
const STDERR = 2;

export class ChildSupervisor {
  #process: ChildProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #stopping = false;
  #pauseMs = FIRST_PAUSE_MS;
  #cancelRestart: (() => void) | null = null;

  constructor(
    private readonly plan: ChildPlan,
    private readonly tools: ChildTools,
  ) {}

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  start(): void {
    const { plan, tools } = this;
    this.#cancelRestart = null;
    const startedUs = tools.clock.nowUs();
    const child = spawn(process.execPath, [plan.program, ...plan.arguments, '--parent-fd', '3'], { stdio: ['ignore', 'pipe', STDERR, 'pipe'] });
    this.#process = child;
    this.#exited = new Promise((resolve) => {
      let done = false;
      const onEnd = (reason: string): void => {
        if (done) return;
        done = true;
        this.#process = null;
        resolve();
        if (tools.clock.nowUs() - startedUs > HEALTHY_US) this.#pauseMs = FIRST_PAUSE_MS;
        this.#ended(reason);
      };
      child.once('exit', (code, signal) => onEnd(signal ?? `exit code ${code}`));
      child.once('error', (error) => onEnd(error.message));
    });
    const [, , , pipe] = child.stdio;
    if (!(pipe instanceof Socket) || child.stdout === null) throw new TypeError('a child without its pipes');
    // A pipe that breaks because its child died is noticed by the child's exit.
    pipe.on('error', (error) => tools.log.debug({ child: plan.name, error: error.message }, 'pipe error'));
    plan.onStart({ pipe, stdout: child.stdout });
  }

  kill(): void {
    this.#process?.kill('SIGKILL');
  }

  /** No restart any more. Asks when there is a way to ask, then closes the pipe, then kills; each has `graceMs`. */
  async stop(ask: (() => void) | null, graceMs: number): Promise<void> {
    this.#stopping = true;
    this.#cancelRestart?.();
    const child = this.#process;
    if (child === null) return;
    if (ask !== null) {
      ask();
      if (await this.#exitsWithin(graceMs)) return;
    }
    const [, , , pipe] = child.stdio;
    if (pipe instanceof Socket) pipe.destroy();
    if (await this.#exitsWithin(graceMs)) return;
    this.tools.log.error({ child: this.plan.name }, 'does not end by itself and is killed');
    child.kill('SIGKILL');
    await this.#exited;
  }

  #exitsWithin(graceMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.tools.scheduler.after(graceMs, () => resolve(false));
      void this.#exited.then(() => {
        cancel();
        resolve(true);
      });
    });
  }

  #ended(reason: string): void {
    const { plan, tools } = this;
    if (!this.#stopping) {
      tools.log.error({ child: plan.name, reason, restartMs: this.#pauseMs }, 'ended unexpectedly and is started again');
      this.#cancelRestart = tools.scheduler.after(this.#pauseMs, () => this.start());
      this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    }
    plan.onExit(reason);
  }
}
