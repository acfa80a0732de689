/** The station's end of the pipe to the robot process: framing, validation, requests with answers, its life and death. */
import type { Socket } from 'node:net';
import { DariError, errorCatalogue, type ErrorCode } from '../../../protocols/errors.ts';
import { fromControllerSchema, type FromController, type StopSeen, type ToController } from '../../../protocols/messages.ts';
import { encodePipeFrame, PIPE_JSON, PIPE_TELEMETRY, PipeReader } from '../../../protocols/pipe.ts';
import { ChildSupervisor, type ChildTools } from './child-process.ts';

type Request = Extract<ToController, { requestId: number }>;
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type ControllerRequest = Without<Request, 'requestId'>;
/** What the controller says of its own accord. */
export type ControllerNews = Exclude<FromController, { type: 'done' | 'refused' | 'hello' | 'stats' }>;

export interface ControllerListener {
  /** It runs and is connected to the station, though perhaps not yet to the robot. */
  running(): void;
  lost(reason: string): void;
  news(message: ControllerNews): void;
  telemetry(packet: Uint8Array): void;
}

export interface ControllerPlan {
  readonly program: string;
  readonly arguments: readonly string[];
}

const ANSWER_TIMEOUT_MS = 3_000;
/** Opening and sealing a file waits for the disk. */
const FILE_ANSWER_TIMEOUT_MS = 10_000;
const STOP_GRACE_MS = 1_800;
/** Telemetry comes 60 times a second; silence for this long means that the process hangs. Its drives have stopped by then. */
const HANG_MS = 10_000;

export class ControllerLink {
  readonly #child: ChildSupervisor;
  #pipe: Socket | null = null;
  #running = false;
  #nextRequest = 1;
  #cancelHangCheck: (() => void) | null = null;
  #heardUs = Number.NaN;
  readonly #waiting = new Map<number, { resolve(seen: StopSeen | undefined): void; reject(error: DariError): void; cancel(): void }>();

  constructor(
    plan: ControllerPlan,
    private readonly listener: ControllerListener,
    private readonly tools: ChildTools,
  ) {
    this.#child = new ChildSupervisor(
      { name: 'robot process', program: plan.program, arguments: plan.arguments, onStart: ({ pipe, stdout }) => this.#attach(pipe, stdout.resume()), onExit: (reason) => this.#detach(reason) },
      tools,
    );
  }

  get running(): boolean {
    return this.#running;
  }

  get pid(): number | null {
    return this.#child.pid;
  }

  start(): void {
    this.#child.start();
  }

  /** Sends what needs no answer; lost when the controller is. */
  send(message: ToController): void {
    const pipe = this.#pipe;
    if (pipe === null || pipe.destroyed) return;
    pipe.write(encodePipeFrame(PIPE_JSON, Buffer.from(JSON.stringify(message))));
  }

  /** @throws DariError what the controller refused with, or `controllerFailed` when it does not answer */
  async request(message: ControllerRequest): Promise<void> {
    await this.#ask(message);
  }

  /** From anybody. @returns what was seen of the robot. @throws DariError `stopUnconfirmed`, `controllerFailed` */
  async stopRobot(actor: string): Promise<StopSeen> {
    const seen = await this.#ask({ type: 'stop', actor });
    if (seen === undefined) throw new DariError('stopUnconfirmed', 'The robot process took the stop, but did not say what became of it. Press the hardware emergency stop and look at the patient.');
    return seen;
  }

  #ask(message: ControllerRequest): Promise<StopSeen | undefined> {
    if (!this.#running) return Promise.reject(notRunning());
    const requestId = this.#nextRequest++;
    return new Promise((resolve, reject) => {
      const timeoutMs = message.type === 'openSession' || message.type === 'closeSession' ? FILE_ANSWER_TIMEOUT_MS : ANSWER_TIMEOUT_MS;
      const cancel = this.tools.scheduler.after(timeoutMs, () => this.#settle(requestId, new DariError('controllerFailed', 'The robot process did not answer. If the robot moves, press the hardware emergency stop.')));
      this.#waiting.set(requestId, { resolve, reject, cancel });
      this.send({ ...message, requestId });
    });
  }

  /** For a process that does not answer. Its drives stop by their own watchdogs; it is started again. */
  kill(): void {
    this.#child.kill();
  }

  /** Protective stop, drives released, file sealed, ports freed; then the process ends. */
  stop(): Promise<void> {
    return this.#child.stop(() => this.send({ type: 'shutdown' }), STOP_GRACE_MS);
  }

  #attach(pipe: Socket, stdout: { on(event: 'data', listener: (chunk: Buffer) => void): unknown }): void {
    this.#pipe = pipe;
    const reader = new PipeReader((kind, payload) => this.#frame(kind, payload));
    pipe.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch (error) {
        this.#reject(error);
      }
    });
    stdout.on('data', (chunk) => this.tools.log.info({ text: chunk.toString('utf8') }, 'robot process says'));
  }

  #detach(reason: string): void {
    this.#pipe = null;
    this.#running = false;
    this.#cancelHangCheck?.();
    this.#cancelHangCheck = null;
    for (const requestId of this.#waiting.keys()) this.#settle(requestId, notRunning());
    this.listener.lost(reason);
  }

  #frame(kind: number, payload: Uint8Array): void {
    if (kind === PIPE_TELEMETRY) {
      this.#heardUs = this.tools.clock.nowUs();
      if (this.#cancelHangCheck === null) this.#checkForHang();
      this.listener.telemetry(payload);
    } else if (kind === PIPE_JSON) this.#message(fromControllerSchema.parse(JSON.parse(Buffer.from(payload).toString('utf8'))));
    else throw new DariError('pipeProtocol', `A frame of unknown kind ${kind} came through the pipe. Rebuild with: npm run build.`);
  }

  #message(message: FromController): void {
    if (message.type === 'hello') {
      this.#running = true;
      this.listener.running();
    } else if (message.type === 'done') this.#settle(message.requestId, null, message.seen);
    else if (message.type === 'refused') this.#settle(message.requestId, new DariError(errorCodeOf(message.code), message.message));
    else if (message.type !== 'stats') this.listener.news(message);
  }

  #settle(requestId: number, error: DariError | null, seen?: StopSeen): void {
    const waiting = this.#waiting.get(requestId);
    if (waiting === undefined) return;
    this.#waiting.delete(requestId);
    waiting.cancel();
    if (error === null) waiting.resolve(seen);
    else waiting.reject(error);
  }

  #checkForHang(): void {
    this.#cancelHangCheck = this.tools.scheduler.after(HANG_MS, () => {
      if (this.tools.clock.nowUs() - this.#heardUs >= HANG_MS * 1_000) {
        this.tools.log.error({ silentMs: HANG_MS }, 'the robot process hangs and is killed');
        this.#child.kill();
      } else this.#checkForHang();
    });
  }

  /** A controller that speaks another language cannot be supervised: it is ended, which stops the robot. */
  #reject(error: unknown): void {
    this.tools.log.error({ error: error instanceof Error ? error.message : String(error) }, 'the robot process sent something that is not understood');
    this.#child.kill();
  }
}

const notRunning = (): DariError =>
  new DariError('controllerFailed', 'The robot process is not running; it is being started again. Wait until the robot is shown as ready. If the robot moves, press the hardware emergency stop.');

const errorCodeOf = (code: string): ErrorCode => (Object.hasOwn(errorCatalogue, code) ? (code as ErrorCode) : 'controllerFailed');
