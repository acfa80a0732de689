/** A therapist without a screen: speaks the station's WebSocket as the page does. */
import { WebSocket } from 'ws';
import { Preparer } from '../../controller/cli/preparer.ts';
import type { ClientMessage, ServerMessage } from '../../protocols/messages.ts';
import { serverMessageSchema } from '../../protocols/messages.ts';
import { causes, supervisorStates, type SupervisorState } from '../../protocols/supervision.ts';
import { decodeTelemetry } from '../../protocols/telemetry.ts';
import { isMachineStall, MOST_NEW_STARTS } from './machine-stalls.ts';

type WithoutId<T> = T extends { requestId: number } ? Omit<T, 'requestId'> : never;
type Request = WithoutId<ClientMessage>;

const POLL_MS = 10;
const ASK_AGAIN_MS = 500;
const LOOK_MS = 60;
const PREPARED_WITHIN_MS = 120_000;
const ATTEMPTS = 5;

export const allConfirmed = { identity: true, side: true, consent: true, geometry: true, alarms: true };

export class OperatorClient {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, (message: ServerMessage) => void>();
  #channels: string[] = [];
  #values: Float32Array = new Float32Array(0);
  #requestId = 0;
  #leaseSequence = 0;
  epoch = 0;
  status: Extract<ServerMessage, { type: 'status' }>['status'] | null = null;
  readonly events: ServerMessage[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.on('message', (data: ArrayBuffer | Buffer, isBinary: boolean) => {
      if (isBinary) this.#values = decodeTelemetry(data as ArrayBuffer)?.values ?? this.#values;
      else this.#take(serverMessageSchema.parse(JSON.parse(Buffer.from(data as ArrayBuffer).toString())));
    });
  }

  static async connect(url: string): Promise<OperatorClient> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { origin: url });
    const client = new OperatorClient(socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    await client.until('the welcome', () => client.#channels.length > 0);
    return client;
  }

  #take(message: ServerMessage): void {
    if (message.type === 'welcome') {
      this.#channels = message.channels.map((channel) => channel.name);
      this.status = message.status;
    }
    if (message.type === 'status') this.status = message.status;
    if (message.type === 'challenge') this.send({ type: 'renewLease', epoch: message.epoch, sequence: ++this.#leaseSequence, challenge: message.challenge });
    if (message.type === 'event') this.events.push(message);
    if (message.type === 'done' || message.type === 'refused') {
      this.#pending.get(message.requestId)?.(message);
      this.#pending.delete(message.requestId);
    }
  }

  /** What has no answer. */
  send(message: Exclude<ClientMessage, { requestId: number }>): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** @returns the station's answer; a refusal is an answer too */
  ask(request: Request): Promise<ServerMessage> {
    const requestId = ++this.#requestId;
    return new Promise((resolve) => {
      this.#pending.set(requestId, resolve);
      this.#socket.send(JSON.stringify({ ...request, requestId }));
    });
  }

  async do(request: Request): Promise<Extract<ServerMessage, { type: 'done' }>> {
    const answer = await this.ask(request);
    if (answer.type !== 'done') throw new Error(`${request.type} was refused: ${JSON.stringify(answer)}`);
    return answer;
  }

  value(channel: string): number {
    return this.#values[this.#channels.indexOf(channel)] ?? Number.NaN;
  }

  get state(): SupervisorState | undefined {
    return supervisorStates[this.value('state')];
  }

  async until(what: string, condition: () => boolean, timeoutMs = 20_000): Promise<void> {
    const end = performance.now() + timeoutMs;
    while (!condition()) {
      if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms in vain for ${what}; state ${this.state ?? 'unknown'}, cause ${causes[this.value('cause')] ?? 'unknown'}, not ready: ${causes[this.value('readyBlocker')] ?? 'unknown'}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Leads the empty virtual robot through self-test and homing, unless it is ready already. Needs the lease. */
  async prepare(): Promise<void> {
    let holdSequence = 0;
    const quietly = (request: Request): void => void this.ask(request);
    const preparer = new Preparer(
      {
        preparation: () => this.status?.preparation ?? null,
        state: () => this.state ?? 'connecting',
        command: (command) => quietly({ type: 'command', epoch: this.epoch, command, ...(command === 'prepare' ? { empty: true } : {}) }),
        hold: () => this.send({ type: 'hold', epoch: this.epoch, sequence: ++holdSequence }),
        endHold: () => this.send({ type: 'endHold', epoch: this.epoch }),
        estop: (open) => quietly({ type: 'virtualHardware', button: 'estop', pressed: open }),
      },
      ATTEMPTS,
    );
    const endMs = performance.now() + PREPARED_WITHIN_MS;
    for (let stands = preparer.look(); stands !== 'done'; stands = preparer.look()) {
      if (stands === 'failed' || performance.now() > endMs) throw new Error(`the robot was not prepared: ${JSON.stringify(this.status?.preparation)}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Takes the lease, prepares the robot, opens a session, starts and goes on until the condition holds. @returns the session's id */
  async walk(patientId: string, what: string, reached: () => boolean): Promise<string> {
    this.epoch = (await this.do({ type: 'takeLease', takeOver: false })).epoch ?? 0;
    await this.prepare();
    const { sessionId } = await this.do({ type: 'openSession', epoch: this.epoch, patientId, confirmed: allConfirmed });
    let last: SupervisorState | undefined;
    let stops = 0;
    while (!reached()) {
      const before = this.state;
      const cause = causes[this.value('cause')];
      if (before === 'stopped' && last !== 'stopped' && (++stops > MOST_NEW_STARTS || !(cause === 'none' || isMachineStall(cause)))) throw new Error(`stop ${stops}, by ${cause}, before ${what}`);
      last = before;
      if (before === 'stopped') await this.ask({ type: 'command', epoch: this.epoch, command: 'acknowledge' });
      else if (before === 'ready' && this.value('readyBlocker') === 0) await this.ask({ type: 'command', epoch: this.epoch, command: 'arm' });
      else if (before === 'armed') await this.ask({ type: 'command', epoch: this.epoch, command: 'start' });
      const asked = performance.now();
      // What is still wrong stays latched, and what is refused once may be taken later: then it is asked again.
      await this.until(what, () => reached() || this.state !== before || (before !== 'running' && performance.now() - asked > ASK_AGAIN_MS), 30_000);
    }
    return sessionId ?? '';
  }

  close(): void {
    this.#socket.close();
  }
}
