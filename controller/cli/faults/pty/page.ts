/** A page of the station in a process of its own (`page-process.ts`): what it sees, and what is done with it and to it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { systemClock } from '../../../../hal/clock.ts';
import { DariError } from '../../../../protocols/errors.ts';
import type { ClientMessage, ServerMessage, StationStatus } from '../../../../protocols/messages.ts';
import type { Cause, OperatorCommand, SupervisorState } from '../../../../protocols/supervision.ts';
import { US_PER_MS } from '../../../../protocols/units.ts';
import type { PageOrder, SeenByPage } from './page-process.ts';
import { pause } from './place.ts';

type WithoutId<T> = T extends { requestId: number } ? Omit<T, 'requestId'> : never;
export type PageRequest = WithoutId<ClientMessage>;
type Answer = Extract<ServerMessage, { type: 'done' | 'refused' }>;
type Line = SeenByPage | ServerMessage;

const WELCOME_LIMIT_MS = 10_000;
const LOOK_MS = 2;

export class Page {
  state: SupervisorState = 'connecting';
  cause: Cause = 'none';
  status: StationStatus | null = null;
  /** Each state as it came into sight, with its cause. */
  readonly seen: string[] = [];
  /** Of the lease that it has taken last. */
  epoch = 0;
  #requestId = 0;
  readonly #waiting = new Map<number, (answer: Answer) => void>();

  private constructor(private readonly process: ChildProcess) {
    const { stdout, stdin } = process;
    if (stdout === null || stdin === null) throw new TypeError('a page without its pipes');
    createInterface({ input: stdout }).on('line', (line) => this.#take(JSON.parse(line) as Line));
    // A page that was killed takes nothing any more.
    stdin.on('error', () => {});
  }

  /** @throws DariError `controllerFailed` when the station does not welcome it */
  static async open(program: string, url: string): Promise<Page> {
    const page = new Page(spawn(process.execPath, [program, url], { stdio: ['pipe', 'pipe', 'inherit'] }));
    if (!(await page.until(() => page.status !== null, WELCOME_LIMIT_MS))) throw new DariError('controllerFailed', `The station at ${url} does not welcome a page. See the messages above.`);
    return page;
  }

  send(order: PageOrder): void {
    this.process.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  /** @returns the station's answer; a refusal is one too */
  ask(request: PageRequest): Promise<Answer> {
    const requestId = ++this.#requestId;
    return new Promise((resolve) => {
      this.#waiting.set(requestId, resolve);
      this.send({ ...request, requestId });
    });
  }

  /** @returns whether it has control now */
  async takeControl(takeOver = false): Promise<boolean> {
    const answer = await this.ask({ type: 'takeLease', takeOver });
    if (answer.type === 'done') this.epoch = answer.epoch ?? 0;
    return answer.type === 'done';
  }

  /** @returns whether the robot did it */
  async command(command: OperatorCommand): Promise<boolean> {
    const { type } = await this.ask({ type: 'command', epoch: this.epoch, command, ...(command === 'prepare' ? { empty: true } : {}) });
    return type === 'done';
  }

  /** @returns whether it came true in time */
  async until(condition: () => boolean, limitMs: number): Promise<boolean> {
    const endUs = systemClock.nowUs() + limitMs * US_PER_MS;
    while (!condition()) {
      if (systemClock.nowUs() > endUs) return false;
      await pause(LOOK_MS);
    }
    return true;
  }

  /** As a browser whose machine went to sleep: it is there, and does nothing. */
  freeze(): void {
    this.process.kill('SIGSTOP');
  }

  thaw(): void {
    this.process.kill('SIGCONT');
  }

  /** Resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const gone = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGKILL');
    await gone;
  }

  #take(line: Line): void {
    if (line.type === 'seen') {
      this.state = line.state;
      this.cause = line.cause;
      this.seen.push(`${line.state} (${line.cause})`);
    } else if (line.type === 'welcome' || line.type === 'status') this.status = line.status;
    else if (line.type === 'done' || line.type === 'refused') {
      this.#waiting.get(line.requestId)?.(line);
      this.#waiting.delete(line.requestId);
    }
  }
}
