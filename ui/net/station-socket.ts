/**
 * The connection to the station: reconnects, decodes, measures the way there and back, and renews the control lease.
 * The robot's challenges are answered only while the page is drawn and seen: a hidden, frozen or closed page lets go of
 * the robot, which then makes a protective stop. Clock, timers and socket are arguments, so the rules are tested without a browser.
 */
import { serverMessageSchema, type ClientMessage, type ServerMessage } from '../../protocols/messages.ts';
import { decodeTelemetry } from '../../protocols/telemetry.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** The connection is looked after this often. */
export const BEAT_MS = 500;
/** A page that has not drawn for this long counts as frozen. One that is hidden says so at once. */
export const ALIVE_MS = 350;
const RECONNECT_FIRST_MS = 250;
const RECONNECT_MOST_MS = 3_000;
/** Silence for this long means that the connection is gone, though the browser has not noticed. */
export const SILENT_MS = 3_000;
/** Frames that may wait for the page before they are dropped: memory stays bounded. */
export const MAX_WAITING_FRAMES = 90;

export interface SocketEnd {
  send(text: string): void;
  close(): void;
}

export interface SocketEvents {
  onOpen(): void;
  onText(text: string): void;
  onBytes(bytes: ArrayBuffer): void;
  onClose(): void;
}

export interface StationSocketOptions {
  readonly open: (url: string, events: SocketEvents) => SocketEnd;
  readonly nowMs: () => number;
  readonly after: (delayMs: number, then: () => void) => void;
  readonly post: (message: FromWorker, transfer?: ArrayBuffer) => void;
}

type Challenge = Extract<ServerMessage, { type: 'challenge' }>;

export class StationSocket {
  #url: string | null = null;
  #socket: SocketEnd | null = null;
  #up = false;
  #aliveAtMs = -Infinity;
  #heardAtMs = 0;
  #retryMs = RECONNECT_FIRST_MS;
  #epoch: number | null = null;
  #sequence = 0;
  /** The newest that was not answered yet. It may come before the page says that it has the lease. */
  #challenge: Challenge | null = null;
  #posted = 0;
  #taken = 0;
  #dropped = 0;

  constructor(private readonly options: StationSocketOptions) {}

  take(message: ToWorker): void {
    switch (message.type) {
      case 'connect':
        this.#url = message.url;
        this.#connect();
        break;
      case 'alive':
        this.#aliveAtMs = this.options.nowMs();
        this.#taken = message.taken;
        this.#answer();
        break;
      case 'hidden':
        this.#aliveAtMs = -Infinity;
        break;
      case 'lease':
        this.#epoch = message.epoch;
        this.#sequence = 0;
        this.#answer();
        break;
      case 'send':
        this.#send(message.message);
        break;
    }
  }

  /** Call every `BEAT_MS`. */
  beat(): void {
    const nowMs = this.options.nowMs();
    if (this.#socket === null) return;
    if (nowMs - this.#heardAtMs > SILENT_MS) {
      this.#lost(this.#socket);
      return;
    }
    if (!this.#up) return;
    this.#send({ type: 'ping', sentMs: nowMs });
  }

  /** Once per challenge, and at once: it is worth as much as it is fresh. */
  #answer(): void {
    const challenge = this.#challenge;
    const asleep = this.options.nowMs() - this.#aliveAtMs > ALIVE_MS;
    if (challenge === null || challenge.epoch !== this.#epoch || asleep) return;
    this.#challenge = null;
    this.#sequence++;
    this.#send({ type: 'renewLease', epoch: challenge.epoch, sequence: this.#sequence, challenge: challenge.challenge });
  }

  #send(message: ClientMessage): void {
    if (this.#up) this.#socket?.send(JSON.stringify(message));
  }

  #connect(): void {
    if (this.#url === null || this.#socket !== null) return;
    this.#heardAtMs = this.options.nowMs();
    const socket: SocketEnd = this.options.open(this.#url, {
      onOpen: () => {
        if (this.#socket !== socket) return;
        this.#up = true;
        this.#retryMs = RECONNECT_FIRST_MS;
        this.options.post({ type: 'link', up: true });
      },
      onText: (text) => this.#onText(text),
      onBytes: (bytes) => this.#onBytes(bytes),
      onClose: () => this.#lost(socket),
    });
    this.#socket = socket;
  }

  #lost(socket: SocketEnd): void {
    if (this.#socket !== socket) return;
    this.#socket = null;
    this.#up = false;
    // A lease does not survive its connection: a person takes control again.
    this.#epoch = null;
    this.#challenge = null;
    socket.close();
    this.options.post({ type: 'link', up: false });
    this.options.after(this.#retryMs, () => this.#connect());
    this.#retryMs = Math.min(RECONNECT_MOST_MS, this.#retryMs * 2);
  }

  #onText(text: string): void {
    this.#heardAtMs = this.options.nowMs();
    const parsed = serverMessageSchema.safeParse(parseJson(text));
    if (!parsed.success) {
      this.options.post({ type: 'misunderstood' });
      return;
    }
    if (parsed.data.type === 'pong') this.options.post({ type: 'roundTrip', milliseconds: this.#heardAtMs - parsed.data.sentMs });
    else if (parsed.data.type === 'challenge') {
      this.#challenge = parsed.data;
      this.#answer();
    } else this.options.post({ type: 'message', message: parsed.data });
  }

  #onBytes(bytes: ArrayBuffer): void {
    const receivedMs = this.options.nowMs();
    this.#heardAtMs = receivedMs;
    const frame = decodeTelemetry(bytes);
    if (frame === null) {
      this.options.post({ type: 'misunderstood' });
      return;
    }
    if (this.#posted - this.#taken >= MAX_WAITING_FRAMES) {
      this.#dropped++;
      return;
    }
    this.#posted++;
    const buffer = frame.values.buffer;
    this.options.post({ type: 'telemetry', frame, receivedMs, dropped: this.#dropped }, buffer instanceof ArrayBuffer ? buffer : undefined);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
