/**
 * One browser. Telemetry is only worth something fresh: while the client cannot take more, packets are left out. Events
 * and answers are never left out: a client that lets them pile up to the cap is cut off, so that it cannot take the
 * station's memory.
 */
import type { WebSocket } from 'ws';
import type { ServerMessage } from '../../../protocols/messages.ts';

/** About a second of telemetry. */
const TELEMETRY_BACKLOG_BYTES = 64 * 1024;
const MESSAGE_BACKLOG_BYTES = 2 * 1024 * 1024;
/** A client that has not even taken its telemetry backlog for so long sleeps or is gone; it connects again when awake. */
const STALL_LIMIT_US = 15_000_000;
const encoder = new TextEncoder();

export class Client {
  #telemetryDropped = 0;
  #stalledSinceUs: number | null = null;

  constructor(
    readonly id: string,
    private readonly socket: Pick<WebSocket, 'send' | 'terminate' | 'bufferedAmount' | 'readyState' | 'OPEN'>,
  ) {}

  get telemetryDropped(): number {
    return this.#telemetryDropped;
  }

  sendTelemetry(packet: Uint8Array, nowUs: number): void {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount + packet.length <= TELEMETRY_BACKLOG_BYTES) {
      this.#stalledSinceUs = null;
      socket.send(packet);
      return;
    }
    this.#telemetryDropped++;
    this.#stalledSinceUs ??= nowUs;
    if (nowUs - this.#stalledSinceUs > STALL_LIMIT_US) socket.terminate();
  }

  sendMessage(message: ServerMessage): void {
    this.sendText(encoder.encode(JSON.stringify(message)));
  }

  /** @param text an encoded message, so that a broadcast is encoded once */
  sendText(text: Uint8Array): void {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount + text.length > MESSAGE_BACKLOG_BYTES) socket.terminate();
    else socket.send(text, { binary: false });
  }
}
